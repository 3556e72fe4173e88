"""The file that says a database went back: whatever was stopped since waits in it again, and must not be carried out.

A line for each time: to which moment, and when that was done::

    2026-11-25T10:00:00.000Z 2026-11-29T09:30:00.000Z

It lies beside the database, for a restore may have no key to write into that. While it is there, what cannot be undone
rests; an operator who has looked takes it away.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from eztong.adapters.keys.private_files import write_private
from eztong.adapters.storage.sql.stored_at import StoredAt
from eztong.domain.canonical_json import DocumentMalformed, parse_time, render_time


def went_back_of(database: StoredAt) -> Path:
    """Return where the file of a database lies."""
    return database.with_suffix(".went-back")


@dataclass(frozen=True, slots=True, kw_only=True)
class WentBack:
    """To which moment a database went back, and when it did last; None where the file cannot be read."""

    to: datetime | None
    at: datetime | None


def note_went_back(database: StoredAt, *, to: datetime, at: datetime) -> None:
    """Write that the database goes back. Callers hold the folder."""
    path = went_back_of(database)
    before = path.read_bytes() if path.exists() else b""
    write_private(path, before + f"{render_time(to)} {render_time(at)}\n".encode())


def has_gone_back(database: StoredAt) -> bool:
    """Say whether it went back, and nobody has released yet what waits in it."""
    return went_back_of(database).exists()


def read_went_back(database: StoredAt) -> WentBack | None:
    """Return to which moment it went back, the earliest of several, and when last; None if it did not.

    Raises:
        OSError: the file cannot be read.
    """
    try:
        lines = went_back_of(database).read_bytes().decode(errors="replace").split("\n")
    except FileNotFoundError:
        return None
    try:
        times = [(parse_time(to), parse_time(at)) for to, _, at in (one.partition(" ") for one in lines if one)]
        return WentBack(to=min(to for to, _ in times), at=max(at for _, at in times))
    except (DocumentMalformed, ValueError):
        return WentBack(to=None, at=None)


def release(database: StoredAt) -> None:
    """Let go on what rests; done only once it was looked at."""
    went_back_of(database).unlink(missing_ok=True)
