"""Sealed fields: each opens under its key, and what sealed results say is what was signed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from rich.progress import Progress

from eztong.cli.data.audit_leaves import result_agrees
from eztong.cli.data.audit_report import AuditReport, Rows
from eztong.domain.canonical_json import DocumentMalformed, parse_document
from eztong.domain.evidence.merkle import HASH_BYTES, leaf_hash
from eztong.domain.holder import WrappedKey
from eztong.domain.sealing import open_field
from eztong.gm.errors import GmError
from eztong.ports.keys import Keys

# Under a holder's data key: table, column, and what names the field beside table and holder.
_OF_HOLDERS: Final = (
    ("holders", "sealed_number", "'sealed_number'"),
    ("holders", "sealed_name", "'sealed_name'"),
    ("holders", "sealed_phone", "'sealed_phone'"),
    ("holders", "sealed_eid_mark", "'sealed_eid_mark'"),
    ("acceptances", "sealed_context", "acceptance_id"),
    ("pins", "sealed_hash", "'sealed_hash'"),
    ("reports", "sealed_note", "report_id"),
    ("application_steps", "sealed_words", "step_id"),
    ("policy_decisions", "sealed_facts", "decision_id"),
    ("identity_documents", "sealed_valid_until", "'sealed_valid_until'"),
)
# Under the service's own key: table, what the value is bound to beside row and column, row, column. A job is bound to
# its kind; an ended one is emptied.
_OF_SERVICE: Final = (
    ("jobs", "kind", "job_id", "sealed"),
    ("inbox", "'inbox'", "message_id", "sealed"),
    ("account_keys", "'account_keys'", "secret_id", "sealed_secret"),
    ("bundles", "'bundles'", "bundle_id", "sealed_basis"),
    ("eid_flows", "'eid_flows'", "eid_token", "sealed_settings"),
    ("eid_flows", "'eid_flows'", "eid_token", "sealed_confirmations"),
)
_SEALED_RESULTS: Final = (
    "SELECT v.verification_id, v.partner_id, v.outcome, v.scene, v.desk, v.method, v.claims, v.created_at, "  # noqa: S608 - our own names
    f"v.request_id, v.holder_id, v.sealed_result, substr(b.leaves, v.leaf_index * {HASH_BYTES} + 1, {HASH_BYTES}), "
    "v.result FROM verifications v LEFT JOIN batches b ON b.batch_id = v.batch_id WHERE v.result IS NULL"
)


def check_sealed(rows: Rows, keys: Keys, report: AuditReport, bar: Progress) -> None:
    """Open every sealed field; of accounts that were erased nothing opens, and they are only counted."""
    opener = _Opener(rows, keys, report)
    task = bar.add_task("sealed fields", total=None)
    for holder_id, kek_id, data_key in rows.of("SELECT holder_id, kek_id, data_key FROM holders"):
        opener.add_holder(holder_id, kek_id, data_key)
    for table, column, part in _OF_HOLDERS:
        for holder_id, name, sealed in rows.of(
            f"SELECT holder_id, {part}, {column} FROM {table} WHERE {column} IS NOT NULL"  # noqa: S608 - our own names
        ):
            opener.open_of_holder(holder_id, sealed, place=(table, holder_id, name), what=f"{table}.{column}")
            bar.advance(task)
    for table, bound_to, row, column in _OF_SERVICE:
        for first, name, sealed in rows.of(
            f"SELECT {bound_to}, {row}, {column} FROM {table} WHERE {column} IS NOT NULL AND {column} <> x''"  # noqa: S608
        ):
            opener.open_of_service(sealed, place=(first, name, column))
            bar.advance(task)
    for found in rows.of(_SEALED_RESULTS):
        _check_result(found, opener, report)


def _check_result(row: Sequence[Any], opener: _Opener, report: AuditReport) -> None:
    name, holder_id, sealed, leaf = row[0], row[9], row[10], row[11]
    result = opener.open_of_holder(
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


class _Opener:
    """Opens fields and counts; the data keys of holders are kept for as long as the check runs."""

    def __init__(self, rows: Rows, keys: Keys, report: AuditReport) -> None:
        self._rows = rows
        self._keys = keys
        self._report = report

    def add_holder(self, holder_id: object, kek_id: object, wrapped: object) -> None:
        """Check that a holder's data key opens."""
        if wrapped != b"":
            self._try(lambda: self._unwrap(holder_id, kek_id, wrapped), what=f"holders {holder_id} data_key")

    def open_of_holder(self, holder_id: object, sealed: object, *, place: tuple[Any, ...], what: str) -> bytes | None:
        """Open what is sealed under a holder's data key."""
        row = self._rows.first("SELECT kek_id, data_key FROM holders WHERE holder_id = ?", holder_id)
        if row is None or row[1] == b"":
            self._report.erased += 1
            return None
        return self._try(
            lambda: open_field(self._unwrap(holder_id, *row), _bytes(sealed), place=_texts(place)),
            what=f"{what} of {holder_id}",
        )

    def open_of_service(self, sealed: object, *, place: tuple[Any, ...]) -> None:
        """Open what is sealed under the service's own key."""
        self._try(
            lambda: self._keys.open(_bytes(sealed), place=_texts(place)), what=f"{place[0]} {place[1]} {place[2]}"
        )

    def _unwrap(self, holder_id: object, kek_id: object, wrapped: object) -> bytes:
        return self._keys.unwrap(WrappedKey(kek_id=str(kek_id), wrapped=_bytes(wrapped)), owner=str(holder_id))

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
