"""Going on from a database that ends before its mark: an operator's word that what is missing will not come back."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, count
from pathlib import Path
from typing import Final

from eztong.adapters.clock import SystemClock
from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.keys.private_files import locked_folder, write_private
from eztong.adapters.storage.beside.marks import Marks, mark_of, read_marks, write_marks
from eztong.adapters.storage.beside.went_back import note_went_back
from eztong.adapters.storage.sqlite.schema import check_schema
from eztong.adapters.storage.stored.reach import MissingEnd, missing_ends, newest_batch_at
from eztong.cli.data.audit_batches import newest_notes
from eztong.cli.data.audit_report import rows_of
from eztong.domain.errors import StateConflict
from eztong.wiring.belonging import check_belonging
from eztong.wiring.checks.stored_data import published_keys
from eztong.wiring.settings import Settings

_BEFORE: Final = ".before-go-on"


class NothingMissing(StateConflict):
    """The database reaches as far as its mark."""

    code = "nothing_missing"
    advice = "The database reaches as far as its mark: there is nothing to go on from."


def go_on(settings: Settings, *, apply: bool) -> Sequence[MissingEnd]:
    """Let the mark end where the database ends, and a new writer go on from there; return what is given up.

    What was signed and is missing keeps its numbers: its writers end, as at a restore. The mark of before is kept
    beside, and what cannot be undone rests from then on. Without ``apply`` nothing changes.

    Raises:
        NothingMissing: the database reaches as far as its mark.
        ProofInvalid: the mark is damaged.
        KeyringProblem, StateConflict, Unavailable: keyring and database cannot be read, or do not belong together.
        OSError, FolderLocked: the mark cannot be written.
    """
    ring, mark = FileKeyring(settings.keyring, settings.root), mark_of(settings.database_file)
    check_belonging(settings.database_file, ring)
    # One of before the mark has nothing in it that could be compared.
    check_schema(settings.database_file)
    with locked_folder(mark.parent):
        missing = missing_ends(settings.database_file, published_keys(ring))
        if not missing:
            raise NothingMissing
        if apply:
            with rows_of(settings.database_file) as rows:
                reached = newest_notes(rows).notes
            ended = dict.fromkeys([*read_marks(mark).ended, *(one.writer for one in missing)])
            write_private(_unused(mark), mark.read_bytes())
            # Before the mark, which alone would let live mode start.
            now = SystemClock().now()
            note_went_back(settings.database_file, to=newest_batch_at(settings.database_file) or now, at=now)
            write_marks(mark, Marks(reached, list(ended)))
    return missing


def _unused(mark: Path) -> Path:
    others = (mark.with_name(f"{mark.name}{_BEFORE}-{number}") for number in count(2))
    return next(one for one in chain([mark.with_name(mark.name + _BEFORE)], others) if not one.exists())
