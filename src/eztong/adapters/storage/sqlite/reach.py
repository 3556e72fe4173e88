"""How far a database file reaches: compared with the mark beside it, and with the clock.

Whoever puts an older file in its place brings back what was ended since: helpers, limits, withdrawals, keys. The mark,
which never goes back, tells of it before the service answers anybody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, func, inspect, select

from eztong.adapters.storage.sql.milliseconds import from_ms
from eztong.adapters.storage.sql.tables.codes.batches import batches
from eztong.adapters.storage.sqlite.marks import mark_of, read_marks
from eztong.adapters.storage.sqlite.schema import reading
from eztong.domain.errors import EztongError
from eztong.domain.evidence.proof import PublishedKey
from eztong.domain.evidence.signed_note import BatchRoot, parse_note
from eztong.gm.errors import GmError


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingEnd:
    """A writer whose batches the mark knows and the database does not have as they were signed."""

    writer: str
    signed: int
    reached: int
    until: datetime
    """When the last one that is missing was signed."""


def missing_ends(database: Path, published: Mapping[str, PublishedKey]) -> Sequence[MissingEnd]:
    """Return what the mark knows more than the database, whose schema is current; nothing if there is no mark.

    A note that was not signed by these keys says nothing. The mark is read first: a server may write meanwhile.

    Raises:
        ProofInvalid: the mark is damaged.
        OSError: it cannot be read.
        DatabaseDamaged, Unavailable: the database cannot be read.
    """
    roots = [root for note in read_marks(mark_of(database)).notes if (root := _signed(note, published)) is not None]
    if not roots or not database.exists():
        return []
    with reading(database) as connection:
        found = (_missing(connection, root) for root in roots)
        return [one for one in found if one is not None]


def newest_batch_at(database: Path) -> datetime | None:
    """Return when the newest batch was signed; None if there is none, or no database.

    Raises:
        DatabaseDamaged, Unavailable: the file cannot be read.
    """
    if not database.exists():
        return None
    with reading(database) as connection:
        if not inspect(connection).has_table(batches.name):
            return None
        # Their ids are in the order of time.
        newest = select(batches.c.created_at).order_by(batches.c.batch_id.desc()).limit(1)
        at = connection.execute(newest).scalar_one_or_none()
    return None if at is None else from_ms(at)


def _signed(note: str, published: Mapping[str, PublishedKey]) -> BatchRoot | None:
    try:
        parsed = parse_note(note)
        published[parsed.key_name].public_key.verify(parsed.signature, parsed.signed_text)
    except (EztongError, GmError, KeyError):
        return None
    return parsed.unverified_root


def _missing(connection: Connection, root: BatchRoot) -> MissingEnd | None:
    place = root.place
    if place is None:
        return None
    of_writer = batches.c.writer == place.writer
    note = connection.execute(select(batches.c.note).where(of_writer, batches.c.number == place.number)).scalar()
    if note is not None and parse_note(note).unverified_root.root == root.root:
        return None
    reached = connection.execute(select(func.max(batches.c.number)).where(of_writer)).scalar() or 0
    return MissingEnd(writer=place.writer, signed=place.number, reached=int(reached), until=root.time)
