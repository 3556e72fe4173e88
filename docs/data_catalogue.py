"""The page of every table and column: what each holds, how long, and whether a holder's copy has it."""
# ruff: noqa: INP001 - part of a script, no package

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import writing
from sqlalchemy import Table

from eztong.adapters.storage.sql.tables import metadata
from eztong.domain.own_data.copy_list import COPIED, NOT_COPIED, name_in_copy, why_withheld
from eztong.domain.retention.kept import EMPTIED, SWEPT
from eztong.domain.retention.stays import STAYS

_CLASS: Final = re.compile(r"\[(?P<name>[a-z]+)\] (?P<meaning>.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class DataClass:
    """What a kind of column holds, and how long."""

    holds: str
    kept: str


DATA_CLASSES: Final[Mapping[str, DataClass]] = {
    "id": DataClass("identifiers without meaning", "with their row"),
    "keyed": DataClass(
        "keyed hashes (HMAC-SM3), salts, and hashes of what has no personal data",
        "with their row; a stolen database cannot be searched by them without the keyring",
    ),
    "sealed": DataClass(
        "personal data, encrypted with SM4-GCM",
        "until its key goes: what is sealed under an account's data key is unreadable as soon as that key is emptied "
        "(`holders.data_key`) or goes with its row; message texts are emptied on delivery",
    ),
    "state": DataClass("states, choices and settings in machine words", "with their row"),
    "time": DataClass("milliseconds since 1970 in UTC", "with their row"),
    "evidence": DataClass(
        "signed or hashed evidence without personal data", "for as long as a proof may be asked for: never deleted"
    ),
    "public": DataClass("values that are published anyway", "with their row"),
}


def data_catalogue_page() -> str:
    """Describe every table and column."""
    classes = [(f"`[{name}]`", about.holds, about.kept) for name, about in DATA_CLASSES.items()]
    tables = [_table_section(metadata.tables[name]) for name in sorted(metadata.tables)]
    return writing.page(
        "Data catalogue",
        "Every table and column of the database. Each column has a data class, which says what it may hold and how\n"
        "long. No column holds personal data in clear.",
        "## Data classes",
        writing.table(("class", "holds", "is kept"), classes),
        "## What ends by age",
        writing.table(("what", "table", "goes", "why so"), _swept()),
        "## What is emptied by age in rows that stay",
        writing.table(("what", "columns", "goes", "why so"), _emptied()),
        "## What stays, and why",
        writing.table(("table", "why"), [(f"`{table}`", why) for table, why in sorted(STAYS.items())]),
        "## What a holder's copy leaves out, and why",
        "Every column of a table that can name an account is in the copy that its holder takes (3.3), under the part\n"
        "and name that stand with it below, or here. The account's own id stands once, in the first part.",
        writing.table(("table or column", "why"), _withheld()),
        *tables,
    )


def _withheld() -> list[tuple[str, str]]:
    columns = [
        (f"`{table}.{column.name}`", why)
        for table in sorted(COPIED)
        for column in metadata.tables[table].columns
        if column.name != "holder_id" and (why := why_withheld(table, column.name)) is not None
    ]
    return [(f"`{table}`", why) for table, why in sorted(NOT_COPIED.items())] + columns


def _swept() -> list[tuple[str, str, str, str]]:
    return [(kind.what, f"`{kind.table}`", f"{kind.period} after {kind.since}", kind.why) for kind in SWEPT.values()]


def _emptied() -> list[tuple[str, str, str, str]]:
    found = []
    for kind in EMPTIED.values():
        columns = writing.names(f"{kind.table}.{name}" for name in kind.columns)
        found.append((kind.what, columns, f"{kind.period} after {kind.since}", kind.why))
    return found


def _table_section(table: Table) -> str:
    rows = []
    for column in table.columns:
        name, meaning = split_comment(column.comment or "")
        optional = "yes" if column.nullable else ""
        kind = str(column.type).lower()
        row = (f"`{column.name}`", kind, f"`[{name}]`", writing.escaped(meaning), optional)
        rows.append((*row, _in_copy(table.name, column.name)) if table.name in COPIED else row)
    keys = [f"Key: {writing.names(column.name for column in table.primary_key.columns)}."]
    for index in sorted(table.indexes, key=lambda index: str(index.name)):
        unique = ", unique" if index.unique else ""
        where = index.dialect_options["sqlite"]["where"]
        partial = "" if where is None else f", where `{where.compile(compile_kwargs={'literal_binds': True})}`"
        keys.append(f"Index `{index.name}`: {writing.names(column.name for column in index.columns)}{unique}{partial}.")
    head = f"## {table.name}\n\n{writing.escaped(table.comment or '')}"
    titles = ("column", "type", "class", "meaning", "optional", *(["in the copy"] if table.name in COPIED else []))
    return "\n\n".join((head, writing.table(titles, rows), "  \n".join(keys)))


def _in_copy(table: str, column: str) -> str:
    withheld = why_withheld(table, column) is not None
    return "" if withheld else f"`{COPIED[table]}.{name_in_copy(table, column)}`"


def split_comment(comment: str) -> tuple[str, str]:
    """Return data class and meaning of a column's comment."""
    match = _CLASS.fullmatch(comment)
    return (match["name"], match["meaning"]) if match else ("?", comment)
