"""Where a writer's batches end, told from rows of which one may be damaged: it keeps those before it from nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eztong.domain.errors import ProofInvalid
from eztong.domain.evidence.signed_note import BatchRoot, parse_note


@dataclass(frozen=True, slots=True, kw_only=True)
class WriterEnd:
    """The newest batch that can be read, if there is one, and how many rows beside it are not as they were written."""

    root: BatchRoot | None = None
    note: str = ""
    passed_over: int = 0


def end_of_writer(rows: Iterable[Sequence[bytes | None]]) -> WriterEnd:
    """Return where a writer ends by its rows, number and note as bytes, the newest first.

    A number that is damaged may stand anywhere in their order. So the first row is believed whose number is the signed
    one; a higher signed one among those before it is newer.
    """
    root, text, passed_over = None, "", 0
    for number, note in rows:
        found = read_root(note)
        if found is not None and (root is None or _number(found) > _number(root)):
            root, text = found, (note or b"").decode()
        if found is not None and number == _signed(found):
            break
        passed_over += 1
    return WriterEnd(root=root, note=text, passed_over=passed_over)


def read_root(note: bytes | None) -> BatchRoot | None:
    """Return what a stored note says, unverified; None if it is no note."""
    try:
        return None if note is None else parse_note(note.decode()).unverified_root
    except (ProofInvalid, UnicodeDecodeError):
        return None


def _number(root: BatchRoot) -> int:
    return 0 if root.place is None else root.place.number


def _signed(root: BatchRoot) -> bytes | None:
    """Return the number as it stands beside the note: none in a row of before writers were named."""
    return None if root.place is None else str(root.place.number).encode()
