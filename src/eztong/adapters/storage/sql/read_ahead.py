"""Reading ahead: what the jobs of a round said they need, by a few statements for all of them.

A statement for a set is written for 1, 2, 4 ... values, and the last value is repeated to fill it up: so there are few
different texts, which the driver keeps prepared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Column, Select, and_, bindparam, select

from eztong.adapters.storage.sql.readable import unguarded
from eztong.adapters.storage.sql.repositories.agreements import SIGNED_COLUMNS, signed_of
from eztong.adapters.storage.sql.repositories.codes.codes import CODE_COLUMNS, code_of
from eztong.adapters.storage.sql.repositories.holders import CONFIRMED, TO_VERIFY_COLUMNS, to_verify_of
from eztong.adapters.storage.sql.repositories.idempotency import idempotency_of
from eztong.adapters.storage.sql.statements import Database, Row, Statement
from eztong.adapters.storage.sql.tables.agreements import acceptances
from eztong.adapters.storage.sql.tables.codes.codes import codes
from eztong.adapters.storage.sql.tables.grants import partner_switches
from eztong.adapters.storage.sql.tables.holders import holders
from eztong.adapters.storage.sql.tables.idempotency import idempotency_keys
from eztong.adapters.storage.sql.tables.restrictions.restrictions import identity_documents
from eztong.domain.agreements import Allowance, Signed
from eztong.domain.codes.presentation_code import Method
from eztong.domain.identifiers import HolderId, PartnerId
from eztong.ports.storage.store import Needs

_CODE: Final = slice(2, 2 + len(CODE_COLUMNS))
_HOLDER: Final = slice(2 + len(CODE_COLUMNS), None)
_code, _to_verify, _signed_row = unguarded(code_of), unguarded(to_verify_of), unguarded(signed_of)

_Met = tuple[HolderId, PartnerId, bool]
"""A holder who is shown to a partner, and whether the holder's switch for that partner is off."""


class _SetStatement:
    """A statement with a set of values in it."""

    def __init__(self, write: Callable[[Sequence[Any]], Select[Any]]) -> None:
        self._of_width = lru_cache(maxsize=None)(
            lambda width: Statement(write([bindparam(f"value_{place}") for place in range(width)]))
        )

    def rows(self, database: Database, values: Sequence[Any], **more: Any) -> list[Row]:  # noqa: ANN401 - any column
        """Return the rows for all the values, of which there is at least one."""
        width = 1 << (len(values) - 1).bit_length()
        filled = [*values, *[values[-1]] * (width - len(values))]
        params = {f"value_{place}": value for place, value in enumerate(filled)}
        return database.all(self._of_width(width), params | more)


def _codes_by(column: Column[Any]) -> _SetStatement:
    return _SetStatement(
        lambda values: (
            select(column, partner_switches.c.is_on, *CODE_COLUMNS, *TO_VERIFY_COLUMNS)
            .join(holders, holders.c.holder_id == codes.c.holder_id)
            .outerjoin(identity_documents, CONFIRMED)
            .outerjoin(
                partner_switches,
                and_(
                    partner_switches.c.holder_id == codes.c.holder_id,
                    partner_switches.c.partner_id == bindparam("partner_id"),
                ),
            )
            .where(column.in_(values))
        )
    )


_CODES: Final = {Method.QR: _codes_by(codes.c.qr_hash), Method.NUMBER: _codes_by(codes.c.number_hash)}
_SIGNED: Final = _SetStatement(
    lambda values: (
        select(acceptances.c.holder_id, *SIGNED_COLUMNS)
        .where(acceptances.c.holder_id.in_(values))
        # Both backwards, as the key can be read: otherwise the newest of each holder would be sorted to the front.
        .order_by(acceptances.c.holder_id.desc(), acceptances.c.acceptance_id.desc())
    )
)
_EARLIER: Final = _SetStatement(
    lambda values: select(idempotency_keys).where(
        idempotency_keys.c.partner_id == bindparam("partner_id"), idempotency_keys.c.key_hash.in_(values)
    )
)


def read_ahead(database: Database, needs: Iterable[Needs]) -> None:
    """Let ``database`` know what the jobs need."""
    handles: dict[tuple[PartnerId, Method], list[bytes]] = defaultdict(list)
    keys: dict[PartnerId, list[bytes]] = defaultdict(list)
    for one in needs:
        handles[one.partner_id, one.method].extend(one.handles)
        if one.key_hash is not None:
            keys[one.partner_id].append(one.key_hash)
    met = [
        pair
        for (partner_id, method), presented in handles.items()
        for pair in _read_codes(database, partner_id, method, presented)
    ]
    if met:
        _read_allowances(database, met)
    for partner_id, hashes in keys.items():
        _read_keys(database, partner_id, hashes)


def _read_codes(
    database: Database, partner_id: PartnerId, method: Method, presented: Sequence[bytes]
) -> Iterator[_Met]:
    known = database.known
    for row in _CODES[method].rows(database, presented, partner_id=partner_id):
        code = _code(row[_CODE])
        known.handles[row[0]] = code.code_id
        known.codes[code.code_id] = code
        if code.holder_id not in known.to_verify:
            known.to_verify[code.holder_id] = _to_verify(row[_HOLDER])
        yield code.holder_id, partner_id, row[1] == 0


def _read_allowances(database: Database, met: Sequence[_Met]) -> None:
    signed: dict[str, list[Signed]] = {holder_id: [] for holder_id, _partner_id, _is_off in met}
    for row in _SIGNED.rows(database, list(signed)):
        signed[row[0]].append(_signed_row(row[1:]))
    allowances = database.known.allowances
    for holder_id, partner_id, is_off in met:
        allowances[holder_id, partner_id] = Allowance(tuple(signed[holder_id]), is_off)


def _read_keys(database: Database, partner_id: PartnerId, hashes: Sequence[bytes]) -> None:
    keys = database.known.keys
    keys.update(dict.fromkeys(((partner_id, one) for one in hashes), None))
    for row in _EARLIER.rows(database, hashes, partner_id=partner_id):
        keys[partner_id, row[1]] = idempotency_of(row)
