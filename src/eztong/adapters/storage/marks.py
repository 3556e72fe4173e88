"""The mark beside the database: the newest signed note of each writer, so that a missing end is found.

::

    {"format": "eztong/marks/v1", "notes": ["eztong/batch/v2 ...", ...]}

A note is signed and says writer, number and root; nothing else needs to be signed for the mark. It is written at most
once a second, whole or not at all, and never goes back: of each writer the highest number stays.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from eztong.adapters.keys.private_files import locked_folder
from eztong.domain.errors import ProofInvalid
from eztong.domain.signed_note import BatchRoot, parse_note

MARKS_FORMAT: Final = "eztong/marks/v1"
_MODE: Final = 0o600
_MAX_BYTES: Final = 1 << 20


def mark_of(database: Path) -> Path:
    """Return where the mark of a database file lies."""
    return database.with_suffix(".mark")


def read_mark_notes(mark: Path) -> list[str]:
    """Return the notes of a mark file; none if there is no file.

    Raises:
        ProofInvalid: the file is not as it was written.
    """
    try:
        text = mark.read_bytes()[:_MAX_BYTES]
    except FileNotFoundError:
        return []
    try:
        document = json.loads(text)
        known = document["format"] == MARKS_FORMAT
        notes = [str(note) for note in document["notes"]]
    except (ValueError, KeyError, TypeError) as error:
        raise ProofInvalid("mark: the file is damaged") from error
    if not known:
        raise ProofInvalid(f"mark: the format is not {MARKS_FORMAT}")
    return notes


def read_marks(mark: Path) -> list[BatchRoot]:
    """Return what a mark file says, unverified.

    Raises:
        ProofInvalid: the file is not as it was written.
    """
    return [parse_note(note).unverified_root for note in read_mark_notes(mark)]


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
        OSError: it cannot be written; the one before stays.
        ProofInvalid: a note is malformed.
    """
    with locked_folder(mark.parent):
        try:
            kept = newest_of_each_writer(read_mark_notes(mark))
        except ProofInvalid:
            # Kept for whoever looks into it; the new mark vouches from here on.
            mark.replace(mark.with_name(mark.name + ".damaged"))
            kept = []
        write_marks(mark, newest_of_each_writer([*kept, *notes]))


def write_marks(mark: Path, notes: Sequence[str]) -> None:
    """Put a mark file in place, for its owner only. It is renamed, not synced: a power cut may leave the one before."""
    draft = mark.with_name(mark.name + ".new")
    draft.touch(_MODE)
    draft.write_bytes(json.dumps({"format": MARKS_FORMAT, "notes": list(notes)}, indent=1).encode() + b"\n")
    draft.replace(mark)
