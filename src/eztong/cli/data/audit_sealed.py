"""Sealed fields: each opens under its key, and what sealed results say is what was signed."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import Any, Final

from rich.progress import Progress

from eztong.adapters.storage.sql.sealed_columns import (
    DATA_KEYS,
    UNDER_MERCHANTS,
    UNDER_OWNERS,
    UNDER_SERVICE,
    Column,
    OfOwner,
    opened_columns,
)
from eztong.cli.data.audit_leaves import result_agrees
from eztong.cli.data.audit_report import AuditReport, Rows
from eztong.domain.canonical_json import DocumentMalformed, parse_document
from eztong.domain.evidence.merkle import HASH_BYTES, leaf_hash
from eztong.domain.holder import WrappedKey
from eztong.domain.sealing import open_field
from eztong.gm.errors import GmError
from eztong.ports.keys import Keys

_WRAPPED: Final = (
    "SELECT kek_id, data_key FROM holders WHERE holder_id = ?1 "
    "UNION ALL SELECT kek_id, data_key FROM tickets WHERE ticket_id = ?1 AND data_key IS NOT NULL"
)
_NOTHING_KEPT: Final = (
    "SELECT 1 FROM holders WHERE holder_id = ?1 AND state = 'refused' "
    "AND sealed_number IS NULL AND sealed_name IS NULL AND sealed_phone IS NULL"
)
_SEALED_RESULTS: Final = (
    "SELECT v.verification_id, v.partner_id, v.outcome, v.scene, v.desk, v.method, v.claims, v.created_at, "  # noqa: S608 - our own names
    f"v.request_id, v.holder_id, v.sealed_result, substr(b.leaves, v.leaf_index * {HASH_BYTES} + 1, {HASH_BYTES}), "
    "v.result FROM verifications v LEFT JOIN batches b ON b.batch_id = v.batch_id WHERE v.result IS NULL"
)


def check_sealed(rows: Rows, keys: Keys, report: AuditReport, bar: Progress) -> None:
    """Open every sealed field; of accounts that were erased nothing opens, and they are only counted.

    A field that the service emptied holds nothing; one that somebody else emptied is found by the tag of its row.
    """
    opener = _Opener(rows, keys, report)
    task = bar.add_task("sealed fields", total=len(opened_columns()))
    for (table, column), name in DATA_KEYS.items():
        for owner, kek_id, data_key in rows.of(
            f"SELECT {name}, kek_id, {column} FROM {table} WHERE {column} IS NOT NULL"  # noqa: S608 - our own names
        ):
            opener.open_data_key(owner, kek_id, data_key, what=f"{table} {owner} {column}")
        bar.advance(task)
    for (table, column), of in UNDER_OWNERS.items():
        _check_owned(rows, opener, (table, column), of)
        bar.advance(task)
    for (table, column), under in UNDER_SERVICE.items():
        for first, row, sealed in rows.of(
            f"SELECT {under.first}, {under.row}, {column} FROM {table} "  # noqa: S608 - our own names
            f"WHERE length({column}) > 0"
        ):
            opener.open_of_service(sealed, place=(first, row, column))
        bar.advance(task)
    for table, column in UNDER_MERCHANTS:
        for name, sealed in rows.of(f"SELECT eid_token, {column} FROM {table} WHERE {column} <> ''"):  # noqa: S608
            _check_form(name, column, sealed, report)
        bar.advance(task)
    for found in rows.of(_SEALED_RESULTS):
        _check_result(found, opener, report)


def _check_owned(rows: Rows, opener: _Opener, at: Column, of: OfOwner) -> None:
    table, column = at
    for owner, bound, name, sealed in rows.of(
        f"SELECT {of.owner}, {of.bound}, {of.name}, {column} FROM {of.source or table} "  # noqa: S608 - our own names
        f"WHERE length({column}) > 0"
    ):
        what = f"{table}.{column}"
        if not (of.was_left and opener.is_of_nobody(owner)):
            opener.open_of_owner(owner, sealed, place=(table, bound, name), what=what, outlives=of.outlives)


def _check_result(row: Sequence[Any], opener: _Opener, report: AuditReport) -> None:
    name, holder_id, sealed, leaf = row[0], row[9], row[10], row[11]
    result = opener.open_of_owner(
        holder_id, sealed, place=("verifications", holder_id, name), what=f"verification {name}"
    )
    if result is None:
        return
    try:
        agrees = leaf_hash(result) == leaf and result_agrees(row, parse_document(result))
    except DocumentMalformed:
        agrees = False
    if not agrees:
        report.add(f"verification {name}: its sealed result is not the one that was signed, or its columns disagree")


def _check_form(name: object, column: str, sealed: object, report: AuditReport) -> None:
    """Check what only a merchant can open: that it is the base64 that was written."""
    report.fields += 1
    try:
        base64.b64decode(str(sealed), validate=True)
    except ValueError:
        report.add(f"eid_flows {name} {column}: the sealed value is not as it was written")


class _Opener:
    """Opens fields and counts; the data keys of holders are kept for as long as the check runs."""

    def __init__(self, rows: Rows, keys: Keys, report: AuditReport) -> None:
        self._rows = rows
        self._keys = keys
        self._report = report

    def open_data_key(self, owner: object, kek_id: object, wrapped: object, *, what: str) -> None:
        """Check that a data key opens; the one of an erased account is empty."""
        if wrapped != b"":
            self._try(lambda: self._unwrap(owner, kek_id, wrapped), what=what)

    def open_of_owner(
        self, owner: object, sealed: object, *, place: tuple[Any, ...], what: str, outlives: bool = False
    ) -> bytes | None:
        """Open what is sealed under the data key of an account or a ticket.

        An owner who was erased has an empty key. One who is not there at all was removed without the keys, unless
        such rows outlive their owner by rule.
        """
        row = self._rows.first(_WRAPPED, owner)
        if row is None and not outlives:
            self._report.add(f"{what}: its owner {owner} is not there, so that it cannot be opened")
            return None
        if row is None or row[1] == b"":
            self._report.erased += 1
            return None
        return self._try(
            lambda: open_field(self._unwrap(owner, *row), _bytes(sealed), place=_texts(place)),
            what=f"{what} of {owner}",
        )

    def is_of_nobody(self, owner: object) -> bool:
        """Say whether an application ended and nothing of the person was kept; what was left of it is counted."""
        is_over = self._rows.first(_NOTHING_KEPT, owner) is not None
        self._report.erased += is_over
        return is_over

    def open_of_service(self, sealed: object, *, place: tuple[Any, ...]) -> None:
        """Open what is sealed under the service's own key."""
        self._try(
            lambda: self._keys.open(_bytes(sealed), place=_texts(place)), what=f"{place[0]} {place[1]} {place[2]}"
        )

    def _unwrap(self, owner: object, kek_id: object, wrapped: object) -> bytes:
        return self._keys.unwrap(WrappedKey(kek_id=str(kek_id), wrapped=_bytes(wrapped)), owner=str(owner))

    def _try(self, act: Callable[[], bytes], *, what: str) -> bytes | None:
        self._report.fields += 1
        try:
            return act()
        except (GmError, TypeError, UnicodeError):
            self._report.add(f"{what}: the sealed value does not open")
            return None


def _bytes(value: object) -> bytes:
    if not isinstance(value, bytes):
        raise TypeError
    return value


def _texts(place: tuple[Any, ...]) -> tuple[str, str, str]:
    table, row, column = (str(part) for part in place)
    return table, row, column
