"""Batches: each signature, each root, the chain from batch to batch, the mark beside the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rich.progress import Progress

from eztong.adapters.storage.beside.marks import newest_of_each_writer, read_marks
from eztong.adapters.storage.sql.milliseconds import to_ms
from eztong.cli.data.audit_report import AuditReport, Rows
from eztong.domain.errors import EztongError, ProofInvalid
from eztong.domain.evidence.merkle import HASH_BYTES
from eztong.domain.evidence.proof import PublishedKey, rebuild_batch
from eztong.domain.evidence.signed_note import NO_ROOT, BatchRoot, key_hash, parse_note
from eztong.domain.evidence.writer_end import end_of_writer
from eztong.gm.errors import GmError

_ALL = "SELECT batch_id, note, leaves, created_at, writer, number FROM batches ORDER BY batch_id"
_CHAIN = "SELECT batch_id, note FROM batches WHERE writer IS NOT NULL ORDER BY writer, number"
_LAST_UNCHAINED = "SELECT note FROM batches WHERE writer IS NULL ORDER BY batch_id DESC LIMIT 1"
_WRITERS = "SELECT DISTINCT writer FROM batches WHERE writer IS NOT NULL"
_FROM_END = (
    "SELECT CAST(number AS BLOB), CAST(note AS BLOB) FROM batches WHERE writer = CAST(? AS TEXT) ORDER BY number DESC"
)
# The batch of that place, or the one of that name where its place is damaged, which is said of it already.
_MARKED = "SELECT note FROM batches WHERE (writer = ? AND number = ?) OR batch_id = ?"
# A damaged number would sort above every other.
_REACHED = "SELECT max(number) FROM batches WHERE writer = ? AND typeof(number) = 'integer'"
_HAS_CHAIN = "SELECT 1 FROM pragma_table_info('batches') WHERE name = 'writer'"


def check_batches(rows: Rows, published: Mapping[str, PublishedKey], report: AuditReport, bar: Progress) -> None:
    """Check every batch alone: what it signs, by whom, and what its columns say."""
    total = rows.first("SELECT count(*) FROM batches")
    task = bar.add_task("batches", total=total[0] if total else None)
    for row in rows.of(_ALL):
        try:
            _check_batch(row, published)
        except (EztongError, GmError) as error:
            report.add(f"batch {row[0]}: {error}")
        report.batches += 1
        bar.advance(task)


def _check_batch(row: Sequence[Any], published: Mapping[str, PublishedKey]) -> None:
    batch_id, note, leaves, created_at, writer, number = row
    if not isinstance(note, str) or not isinstance(leaves, bytes):
        raise ProofInvalid("note: note or leaves are not of the type that was written")
    root = check_note(note, published)
    if root.batch_id != batch_id or len(leaves) != root.size * HASH_BYTES:
        raise ProofInvalid("note: it is of another batch, or of another size")
    place = (root.place.writer, root.place.number) if root.place else (None, None)
    if (to_ms(root.time), *place) != (created_at, writer, number):
        raise ProofInvalid("note: time, writer or number beside it are not the signed ones")
    rebuild_batch([leaves[at : at + HASH_BYTES] for at in range(0, len(leaves), HASH_BYTES)], note=note)


def check_note(note: str, published: Mapping[str, PublishedKey]) -> BatchRoot:
    """Return what a note says, its signature checked.

    Raises:
        ProofInvalid: malformed, or not of these keys.
        GmError: the signature does not fit.
    """
    parsed = parse_note(note)
    key = published.get(parsed.key_name)
    if key is None or key_hash(key_name=key.key_id, spki=key.public_key.to_spki()) != parsed.key_hash:
        raise ProofInvalid("key: the note was not signed by a key of this keyring")
    key.public_key.verify(parsed.signature, parsed.signed_text)
    return parsed.unverified_root


def check_chain(rows: Rows, report: AuditReport) -> None:
    """Check that no batch is missing between two others, and that each writer begins where another ended."""
    starts: list[BatchRoot] = []
    ends: dict[str, BatchRoot] = {}
    for batch_id, note in rows.of(_CHAIN):
        root = _root_of(note)
        if root is None or root.place is None:
            # Said by check_batches.
            continue
        before = ends.get(root.place.writer)
        if before is None:
            starts.append(root)
            if root.place.number != 1:
                report.add(f"batch {batch_id}: it is number {root.place.number}, and those before it are gone")
        else:
            _check_link(before, root, report)
        ends[root.place.writer] = root
    _check_starts(starts, ends, _root_of((rows.first(_LAST_UNCHAINED) or (None,))[0]), report)


def _check_link(before: BatchRoot, root: BatchRoot, report: AuditReport) -> None:
    if before.place is None or root.place is None:
        return
    missing = root.place.number - before.place.number - 1
    if missing:
        report.add(f"batch {root.batch_id}: {missing} batches before it are gone (writer {root.place.writer})")
    elif root.place.previous != before.root:
        report.add(f"batch {root.batch_id}: it follows another batch than {before.batch_id}, which stands before it")


def _check_starts(
    starts: Iterable[BatchRoot], ends: Mapping[str, BatchRoot], unchained: BatchRoot | None, report: AuditReport
) -> None:
    last = {root.root for root in ends.values()} | {NO_ROOT if unchained is None else unchained.root}
    for root in starts:
        previous = root.place.previous if root.place is not None and root.place.number == 1 else None
        if previous is None:
            continue
        if previous not in last:
            report.add(f"batch {root.batch_id}: a writer began here after a batch that is not the last of any other")
        # Whoever begins where another began already goes on from a state that was put back.
        last.discard(previous)


def marked_notes(mark: Path, report: AuditReport) -> Sequence[str]:
    """Return what the mark says; to be read before the store, which may be written meanwhile."""
    try:
        return read_marks(mark).notes
    except ProofInvalid as error:
        report.add(f"mark: {error}")
    except OSError as error:
        report.add(f"mark: the file cannot be read ({error.strerror})")
    return ()


def check_mark(rows: Rows, notes: Iterable[str], published: Mapping[str, PublishedKey], report: AuditReport) -> None:
    """Check that the store reaches as far as the mark beside it says, and note how far that is."""
    try:
        _check_marked(rows, notes, published, report)
    except (EztongError, GmError) as error:
        report.add(f"mark: {error}")


def _check_marked(rows: Rows, notes: Iterable[str], published: Mapping[str, PublishedKey], report: AuditReport) -> None:
    for note in notes:
        root = check_note(note, published)
        place = root.place
        if place is None:
            continue
        found = rows.first(_MARKED, place.writer, place.number, root.batch_id)
        if found is None:
            newest = rows.first(_REACHED, place.writer)
            reached = (newest[0] if newest else None) or 0
            report.add(
                f"mark: writer {place.writer} had signed {place.number} batches; the database ends at {reached}. "
                "Its end is missing, or an older file was put in its place"
            )
        elif found[0] != note:
            report.add(f"mark: batch {place.number} of writer {place.writer} is not the one that was marked")
        report.vouched_until = max(filter(None, (report.vouched_until, root.time)))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewestNotes:
    """The newest note of each writer that can be read, and how many rows beside them are not as they were written."""

    notes: Sequence[str] = ()
    passed_over: int = 0


NOTES_PASSED_OVER: Final = (
    "Warning: {} of the newest signed batches are not as they were written, and were passed over: eztong db check "
    "names them. Everything is copied as it stands; what they signed can be proved from a backup of before alone."
)


def newest_notes(rows: Rows) -> NewestNotes:
    """Return the newest note of each writer that the database holds; none in one that is not upgraded yet.

    A damaged row keeps nobody from a backup: the one before it stands for its writer.
    """
    if rows.first(_HAS_CHAIN) is None:
        return NewestNotes()
    ends = [end_of_writer(rows.of(_FROM_END, _as_stored(writer))) for (writer,) in rows.of(_WRITERS)]
    # A writer of whom nothing can be read has a row all the same.
    passed_over = sum(end.passed_over if end.root is not None else max(1, end.passed_over) for end in ends)
    return NewestNotes(notes=newest_of_each_writer(end.note for end in ends if end.note), passed_over=passed_over)


def _as_stored(writer: str | bytes) -> bytes:
    return writer if isinstance(writer, bytes) else writer.encode(errors="surrogateescape")


def _root_of(note: object) -> BatchRoot | None:
    try:
        return parse_note(note).unverified_root if isinstance(note, str) else None
    except ProofInvalid:
        return None
