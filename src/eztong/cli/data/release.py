"""Letting go on what rests since the database went back: so far as an operator was shown it, and no further."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from eztong.adapters.keys.private_files import locked_folder, write_private
from eztong.adapters.storage.beside.went_back import went_back_of
from eztong.adapters.storage.sqlite.connections import DatabaseDamaged
from eztong.adapters.storage.sqlite.schema import check_schema
from eztong.domain.errors import StateConflict, Unavailable


def shown_lines(database: Path) -> bytes:
    """Return what says that a database went back, to be released as it is shown.

    Raises:
        StateConflict: nothing rests, or what waits cannot be looked up before the database is upgraded.
        OSError: it cannot be read.
    """
    try:
        lines = went_back_of(database).read_bytes()
    except FileNotFoundError as error:
        raise StateConflict("Nothing rests: the database did not go back, or was released already.") from error
    # A damaged one is told where what waits in it is asked for.
    with suppress(DatabaseDamaged, Unavailable):
        check_schema(database)
    return lines


def release_shown(database: Path, shown: bytes) -> bool:
    """Let go on what rests by the lines that were shown; return whether nothing is left.

    Raises:
        OSError, FolderLocked: the file cannot be written.
    """
    path = went_back_of(database)
    with locked_folder(path.parent):
        rest = path.read_bytes().removeprefix(shown) if path.exists() else b""
        if rest:
            write_private(path, rest)
        else:
            path.unlink(missing_ok=True)
    return not rest
