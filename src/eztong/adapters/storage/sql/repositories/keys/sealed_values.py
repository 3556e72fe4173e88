"""Sealed values of every table, over SQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    Table,
    Text,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    tuple_,
    update,
)
from typing_extensions import override

from eztong.adapters.storage.sql.readable import as_bytes, reads, text_of
from eztong.adapters.storage.sql.sealed_columns import DATA_KEYS, UNDER_SERVICE
from eztong.adapters.storage.sql.statements import Database, Row, Statement
from eztong.adapters.storage.sql.tables import metadata
from eztong.ports.keys import SEAL_NUMBER_BYTES, SealPurpose
from eztong.ports.storage.keys.sealed_values import SealedValue, SealedValueRepository

_KEY_ID: Final = "kek_id"


@dataclass(frozen=True, slots=True)
class _Part:
    """A column with its statements."""

    name: str
    table: Table
    purpose: SealPurpose
    column: str
    first: Statement
    behind: Statement
    replace: Statement
    counts: Statement

    @property
    def keys(self) -> int:
        """How many columns the primary key has."""
        return len(self.table.primary_key)


def _part_of(table: Table, column: str, *, purpose: SealPurpose, place: Sequence[ColumnElement[object]]) -> _Part:
    keys = list(table.primary_key)
    cell = table.c[column]
    is_data_key = purpose is SealPurpose.DATA_KEYS
    key_id = cast(table.c[_KEY_ID], LargeBinary) if is_data_key else func.substr(cell, 1, SEAL_NUMBER_BYTES)
    found = (
        select(*as_bytes(keys), key_id, *(cast(one, LargeBinary) for one in place), cell)
        .where(func.length(cell) > 0)
        .order_by(*keys)
        .limit(bindparam("at_most"))
    )
    behind = tuple_(*keys) > tuple_(*(bindparam(f"after_{number}", type_=Text()) for number in range(len(keys))))
    values: dict[str, Any] = {column: bindparam("new_sealed")}
    if is_data_key:
        values[_KEY_ID] = bindparam("new_key")
    is_it = (key == bindparam(f"row_{number}") for number, key in enumerate(keys))
    return _Part(
        name=f"{table.name}.{column}",
        table=table,
        purpose=purpose,
        column=column,
        first=Statement(found),
        behind=Statement(found.where(behind)),
        replace=Statement(update(table).where(*is_it, cell == bindparam("old_sealed")).values(values)),
        counts=Statement(select(key_id, func.count()).where(func.length(cell) > 0).group_by(key_id)),
    )


def _parts() -> dict[str, _Part]:
    made = [
        _part_of(metadata.tables[table], column, purpose=SealPurpose.DATA_KEYS, place=[metadata.tables[table].c[owner]])
        for (table, column), owner in DATA_KEYS.items()
    ]
    for (table, column), under in UNDER_SERVICE.items():
        place: list[ColumnElement[object]] = [literal_column(under.first), metadata.tables[table].c[under.row]]
        made.append(_part_of(metadata.tables[table], column, purpose=SealPurpose.SERVICE, place=place))
    return {part.name: part for part in made}


_PARTS: Final[Mapping[str, _Part]] = _parts()


class SqlSealedValues(SealedValueRepository):
    """Sealed values over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def parts(self) -> Sequence[str]:
        return list(_PARTS)

    @override
    def batch(self, part: str, *, after: tuple[str, ...], limit: int) -> Sequence[SealedValue]:
        of = _PARTS[part]
        params: dict[str, object] = {f"after_{number}": key for number, key in enumerate(after)}
        rows = self._db.all(of.behind if after else of.first, params | {"at_most": limit})
        return [_value_of(of, row) for row in rows]

    @override
    def replace(self, old: SealedValue, *, key_id: str, sealed: bytes) -> bool:
        of = _PARTS[old.part]
        params: dict[str, object] = {f"row_{number}": key for number, key in enumerate(old.row)}
        params |= {"old_sealed": old.sealed, "new_sealed": sealed}
        if of.purpose is SealPurpose.DATA_KEYS:
            params["new_key"] = key_id
        return self._db.run(of.replace, params) == 1

    @override
    def count_by_key(self) -> Mapping[str, int]:
        found = Counter[str]()
        for part in _PARTS.values():
            for key, count in self._db.all(part.counts, {}):
                found[_named(part, key)] += count
        return dict(found)


def _value_of(part: _Part, row: Row) -> SealedValue:
    """Return the value in a row of ``part``.

    Raises:
        RowDamaged: the row's key, or what the value is bound to, is no text.
    """

    @reads(part.table)
    def read(cells: Row) -> SealedValue:
        place = tuple(text_of(cell) for cell in cells[part.keys + 1 : -1])
        return SealedValue(
            part=part.name,
            row=tuple(text_of(cell) for cell in cells[: part.keys]),
            purpose=part.purpose,
            key_id=_named(part, cells[part.keys]),
            place=(*place, part.column) if part.purpose is SealPurpose.SERVICE else place,
            sealed=cells[-1],
        )

    return read(row)


def _named(part: _Part, key: bytes) -> str:
    if part.purpose is SealPurpose.DATA_KEYS:
        return bytes(key).decode("utf-8", "replace")
    return f"{part.purpose.value}-{int.from_bytes(bytes(key))}"
