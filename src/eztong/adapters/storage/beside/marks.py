"""The mark beside the database: the newest signed note of each writer, so that a missing end is found.

::

    {"format": "eztong/marks/v1", "notes": ["eztong/batch/v2 ...", ...], "ended": ["wri_...", ...]}

A note is signed and says writer, number and root; nothing else needs to be signed for the mark. It is written at most
once a second, whole or not at all, and never goes back: of each writer the highest number stays. ``ended`` names
writers that must not be gone on with, because the database was put back from a backup and another copy of it may live.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from eztong.adapters.keys.private_files import locked_folder
from eztong.adapters.storage.sql.stored_at import StoredAt
from eztong.domain.canonical_json import DocumentMalformed, parse_document
from eztong.domain.errors import ProofInvalid
from eztong.domain.evidence.signed_note import parse_note

MARKS_FORMAT: Final = "eztong/marks/v1"
_MODE: Final = 0o600
_MAX_BYTES: Final = 1 << 20
_LOCK_SECONDS: Final = 1.0
"""A stop waits for it, and the next mark says as much."""


def mark_of(database: StoredAt) -> Path:
    """Return where the mark of a database file lies."""
    return database.with_suffix(".mark")


@dataclass(frozen=True, slots=True)
class Marks:
    """What a mark file says: unverified notes, and writers that ended."""

    notes: Sequence[str] = ()
    ended: Sequence[str] = ()


def read_marks(mark: Path) -> Marks:
    """Return what a mark file says; nothing if there is no file.

    Raises:
        ProofInvalid: the file is not as it was written.
    """
    try:
        text = mark.read_bytes()[:_MAX_BYTES]
    except FileNotFoundError:
        return Marks()
    try:
        document = parse_document(text)
        known = document["format"] == MARKS_FORMAT
        marks = Marks([str(note) for note in document["notes"]], [str(writer) for writer in document["ended"]])
    except (DocumentMalformed, KeyError, TypeError) as error:
        raise ProofInvalid("mark: the file is damaged") from error
    if not known:
        raise ProofInvalid(f"mark: the format is not {MARKS_FORMAT}")
    return marks


def newest_of_each_writer(notes: Iterable[str]) -> list[str]:
    """Return of each writer the note with the highest number; the first of two equals stays.

    Raises:
        ProofInvalid: one is malformed.
    """
    best: dict[str, tuple[int, str]] = {}
    for note in notes:
        place = parse_note(note).unverified_root.place
        if place is not None and place.number > best.get(place.writer, (0, ""))[0]:
            best[place.writer] = (place.number, note)
    return [note for _, (_, note) in sorted(best.items())]


def raise_marks(mark: Path, notes: Sequence[str]) -> None:
    """Write the mark anew with ``notes`` beside what it says already.

    Raises:
        OSError, FolderLocked: it cannot be written; the one before stays.
        ProofInvalid: a note is malformed.
    """
    with locked_folder(mark.parent, seconds=_LOCK_SECONDS):
        try:
            kept = read_marks(mark)
            best = newest_of_each_writer([*kept.notes, *notes])
        except ProofInvalid:
            # Kept for whoever looks into it; the new mark vouches from here on.
            mark.replace(mark.with_name(mark.name + ".damaged"))
            kept, best = Marks(), newest_of_each_writer(notes)
        write_marks(mark, Marks(best, kept.ended))


def write_marks(mark: Path, marks: Marks) -> None:
    """Put a mark file in place, for its owner only. It is renamed, not synced: a power cut may leave the one before."""
    draft = mark.with_name(mark.name + ".new")
    draft.touch(_MODE)
    document = {"format": MARKS_FORMAT, "notes": list(marks.notes), "ended": list(marks.ended)}
    draft.write_bytes(json.dumps(document, indent=1).encode() + b"\n")
    draft.replace(mark)
