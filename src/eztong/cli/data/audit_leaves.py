"""Documents: every leaf is claimed by one row, every row's document is its leaf, its columns say what it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from rich.progress import Progress

from eztong.adapters.storage.sql.attested import ATTESTED
from eztong.adapters.storage.sql.milliseconds import from_ms
from eztong.cli.data.audit_report import AuditReport, Rows
from eztong.domain.agreements import commitment
from eztong.domain.canonical_json import DocumentMalformed, parse_document, render_time
from eztong.domain.deregistration.deregistration import DeregistrationState
from eztong.domain.deregistration.receipt import Kept
from eztong.domain.evidence.attested_act import act_commitment
from eztong.domain.evidence.merkle import HASH_BYTES, leaf_hash
from eztong.domain.identifiers import HolderId

# Batch, leaf, how a person calls the row, its name, its document, and the hash of a document that is gone.
_CLAIMS = " UNION ALL ".join(
    [
        f"SELECT {one.batch}, {one.leaf}, '{one.what}', {one.name}, {one.document}, NULL FROM {one.table.name} "  # noqa: S608 - our own names
        f"WHERE {one.batch} IS NOT NULL"
        for one in ATTESTED
    ]
    + ["SELECT batch_id, leaf_index, attested, NULL, NULL, leaf_hash FROM leaf_stubs"]
)
_ENDS = frozenset(one.table.name for one in ATTESTED if one.ends)
_KINDS = ", ".join(one.what for one in ATTESTED)
_RESULTS = (
    "SELECT verification_id, partner_id, outcome, scene, desk, method, claims, created_at, request_id, result, reason "
    "FROM verifications"
)
_ACCEPTANCES = (
    "SELECT acceptance_id, kind, title, version, language, text_hash, shown_at, accepted_at, act, salt, holder_id, "
    "document FROM acceptances"
)
_ACTS = "SELECT act_id, kind, actor, at, subject, operator, holder_id, salt, document FROM acts"
_TRIES = (
    "SELECT attempt_id, code_id, partner_id, scene, desk, reason, at, salt, holder_id, document FROM code_attempts "
    "WHERE document IS NOT NULL"
)
_RECEIPTS = (
    "SELECT deregistration_id, asked_at, done_at, is_held, salt, holder_id, receipt, state FROM deregistrations "
    "WHERE receipt IS NOT NULL"
)


def check_leaves(rows: Rows, report: AuditReport, bar: Progress) -> None:
    """Walk through leaves and rows side by side."""
    task = bar.add_task("documents", total=None)
    batches = rows.of("SELECT batch_id, leaves FROM batches ORDER BY batch_id")
    claims = groupby(rows.of(f"SELECT * FROM ({_CLAIMS}) ORDER BY 1, 2"), key=lambda row: str(row[0]))  # noqa: S608
    claimed = next(claims, None)
    for batch_id, leaves in batches:
        name = str(batch_id)
        while claimed is not None and claimed[0] < name:
            _add_orphans(claimed[1], report)
            claimed = next(claims, None)
        of_batch: Iterator[Sequence[Any]] = iter(())
        if claimed is not None and claimed[0] == name:
            of_batch = claimed[1]
        _check_batch(name, leaves if isinstance(leaves, bytes) else b"", of_batch, report)
        if claimed is not None and claimed[0] == name:
            claimed = next(claims, None)
        bar.advance(task)
    while claimed is not None:
        _add_orphans(claimed[1], report)
        claimed = next(claims, None)


def _add_orphans(claims: Iterator[Sequence[Any]], report: AuditReport) -> None:
    for _, _, what, name, *_ in claims:
        report.add(f"{what} {name}: its batch or its leaf is gone")


def _check_batch(batch_id: str, leaves: bytes, claims: Iterator[Sequence[Any]], report: AuditReport) -> None:
    free = set(range(len(leaves) // HASH_BYTES))
    for _, index, what, name, document, gone in claims:
        if index not in free:
            report.add(f"{what} {name}: its batch or its leaf is gone, or another row claims it")
            continue
        free.discard(index)
        signed = leaves[index * HASH_BYTES :][:HASH_BYTES]
        if gone is not None:
            report.ended_leaves += 1
            if what not in _ENDS or gone != signed:
                report.add(f"batch {batch_id} leaf {index}: what is left of it is not of what was signed")
            continue
        if document is None:
            report.sealed_leaves += 1
            continue
        report.leaves += 1
        # SQLite lets text stand where bytes belong; we never write it.
        if not isinstance(document, bytes) or leaf_hash(document) != signed:
            report.add(f"{what} {name}: the stored document is not the one that was signed")
    for index in sorted(free):
        report.add(f"batch {batch_id}: no row claims leaf {index}; one of {_KINDS} was removed")


def check_columns(rows: Rows, report: AuditReport) -> None:
    """Compare the columns of verifications, acceptances, acts, refused tries and receipts with what was signed."""
    for row in rows.of(_RESULTS):
        document = _read(row[9])
        if document is not None and not result_agrees(row, document):
            report.add(f"verification {row[0]}: its columns disagree with the signed result")
        if row[10] is None if row[2] == "not_passed" else row[2] == "passed" and row[10] is not None:
            report.add(f"verification {row[0]}: its reason does not fit its outcome")
    for what, query, place, agrees in (
        ("acceptance", _ACCEPTANCES, 11, _acceptance_agrees),
        ("act", _ACTS, 8, _act_agrees),
        ("refused try", _TRIES, 9, _try_agrees),
        ("receipt", _RECEIPTS, 6, _receipt_agrees),
    ):
        for row in rows.of(query):
            document = _read(row[place])
            if document is not None and not agrees(row, document):
                report.add(f"{what} {row[0]}: its columns disagree with the signed document")


def result_agrees(row: Sequence[Any], document: Mapping[str, Any]) -> bool:
    """Say whether the columns of a verification (its id first) say what the result says."""
    said = {
        "id": row[0],
        "partner": row[1],
        "outcome": row[2],
        "scene": row[3],
        "desk": row[4],
        "method": row[5],
        "at": _time(row[7]),
        "request": row[8],
    }
    claims = document.get("claims", {})
    told = " ".join(claims) if isinstance(claims, dict) else None
    return all(document.get(name) == value for name, value in said.items()) and sorted((told or "").split()) == sorted(
        str(row[6]).split()
    )


def _acceptance_agrees(row: Sequence[Any], document: Mapping[str, Any]) -> bool:
    said = {
        "id": row[0],
        "agreement": row[1],
        "title": row[2],
        "version": row[3],
        "language": row[4],
        "text_hash": row[5],
        "shown_at": _time(row[6]),
        "accepted_at": _time(row[7]),
        "act": row[8],
    }
    return _says(document, said) and _is_of(row[10], row[9], document)


def _try_agrees(row: Sequence[Any], document: Mapping[str, Any]) -> bool:
    said = {
        "id": row[0],
        "code": row[1],
        "partner": row[2],
        "scene": row[3],
        "desk": row[4],
        "reason": row[5],
        "at": _time(row[6]),
    }
    return _says(document, said) and _is_of(row[8], row[7], document)


def _receipt_agrees(row: Sequence[Any], document: Mapping[str, Any]) -> bool:
    said = {"id": row[0], "asked_at": _time(row[1]), "done_at": _time(row[2])}
    kept = document.get("kept")
    held = any(one.get("what") == Kept.CASE for one in kept) if isinstance(kept, list) else None
    is_done = row[7] == DeregistrationState.DONE
    return is_done and held is bool(row[3]) and _says(document, said) and _is_of(row[5], row[4], document)


def _says(document: Mapping[str, Any], said: Mapping[str, object]) -> bool:
    return all(document.get(name) == value for name, value in said.items())


def _is_of(holder_id: object, salt: object, document: Mapping[str, Any]) -> bool:
    """Say whether a document's commitment opens to the account with the salt beside it."""
    if not isinstance(salt, bytes) or not str(holder_id).isascii():
        return False
    return document.get("holder") == commitment(salt=salt, holder_id=HolderId(str(holder_id)))


def _act_agrees(row: Sequence[Any], document: Mapping[str, Any]) -> bool:
    said = {"id": row[0], "kind": row[1], "by": row[2], "at": _time(row[3])}
    if not isinstance(row[7], bytes):
        return False
    for name, value in (("subject", row[4]), ("operator", row[5]), ("holder", row[6])):
        said[name] = None if value is None else act_commitment(name, str(value), salt=row[7])
    return all(document.get(name) == value for name, value in said.items())


def _read(document: object) -> dict[str, Any] | None:
    try:
        return parse_document(document) if isinstance(document, bytes) else None
    except DocumentMalformed:
        # It is not its leaf either, which check_leaves says.
        return None


def _time(milliseconds: object) -> str | None:
    try:
        return render_time(from_ms(milliseconds)) if isinstance(milliseconds, int) else None
    except (OverflowError, ValueError):
        return None
