"""How far a database file reaches: compared with the mark beside it, and with the clock.

Whoever puts an older file in its place brings back what was ended since: helpers, limits, withdrawals, keys. The mark,
which never goes back, tells of it before the service answers anybody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import Connection, and_, func, inspect, or_, select

from eztong.adapters.storage.beside.marks import mark_of, read_marks
from eztong.adapters.storage.sql.dialects import is_whole
from eztong.adapters.storage.sql.milliseconds import from_ms
from eztong.adapters.storage.sql.readable import as_bytes, reads, whole_of
from eztong.adapters.storage.sql.statements import Row
from eztong.adapters.storage.sql.stored_at import StoredAt
from eztong.adapters.storage.sql.tables.codes.batches import batches
from eztong.adapters.storage.stored.reading import reading
from eztong.domain.damage import RowDamaged
from eztong.domain.errors import EztongError
from eztong.domain.evidence.merkle import HASH_BYTES, tree_levels
from eztong.domain.evidence.proof import PublishedKey
from eztong.domain.evidence.signed_note import BatchRoot, ChainPlace, parse_note
from eztong.domain.evidence.writer_end import read_root
from eztong.gm.errors import GmError

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingEnd:
    """A writer whose batches the mark knows and the database does not have as they were signed."""

    writer: str
    signed: int
    reached: int
    until: datetime
    """When the last one that is missing was signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewestBatch:
    """When something was signed last, as far as it can be read, and how many batches after it do not say when."""

    at: datetime | None = None
    passed_over: int = 0


def missing_ends(database: StoredAt, published: Mapping[str, PublishedKey]) -> Sequence[MissingEnd]:
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


def newest_batch_at(database: StoredAt) -> datetime | None:
    """Return when the newest batch was signed that says so; None if none does, or there is no database.

    What is passed over is logged: the clock is compared with an older one then.

    Raises:
        DatabaseDamaged, Unavailable: the file cannot be read.
    """
    newest = newest_batch(database)
    if newest.passed_over:
        _log.error("newest_batches_without_time", count=newest.passed_over, advice="run: eztong db check")
    return newest.at


def newest_batch(database: StoredAt) -> NewestBatch:
    """Return when the newest batch was signed that says so, and how many newer ones do not.

    Raises:
        DatabaseDamaged, Unavailable: the file cannot be read.
    """
    if not database.exists():
        return NewestBatch()
    passed_over = 0
    with reading(database) as connection:
        if not inspect(connection).has_table(batches.name):
            return NewestBatch()
        # Their ids are in the order of time.
        cells = select(*as_bytes([batches.c.created_at])).order_by(batches.c.batch_id.desc())
        for row in connection.execute(cells):
            with suppress(RowDamaged):
                return NewestBatch(at=_signed_at(row), passed_over=passed_over)
            passed_over += 1
    return NewestBatch(passed_over=passed_over)


def writer_heads(database: StoredAt) -> Sequence[str]:
    """Return the newest signed note of each writer that can be read: what proves that nothing after it is missing.

    Raises:
        DatabaseDamaged, Unavailable: the file cannot be read.
    """
    if not database.exists():
        return []
    whole = is_whole(batches.c.number)
    newest = (
        select(batches.c.writer, func.max(batches.c.number).label("number")).where(whole).group_by(batches.c.writer)
    )
    ends = newest.subquery()
    same = (batches.c.writer == ends.c.writer) & (batches.c.number == ends.c.number)
    with reading(database) as connection:
        if not inspect(connection).has_table(batches.name):
            return []
        rows = connection.execute(select(*as_bytes([batches.c.note])).join(ends, same)).fetchall()
    return [bytes(row[0]).decode("utf-8", "replace") for row in rows]


@reads(batches)
def _signed_at(row: Row) -> datetime:
    return from_ms(whole_of(row[0]))


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
    if _stands(connection, root, place):
        return None
    # A damaged number would sort above every other.
    whole = is_whole(batches.c.number)
    reached = connection.execute(select(func.max(batches.c.number)).where(batches.c.writer == place.writer, whole))
    return MissingEnd(writer=place.writer, signed=place.number, reached=reached.scalar() or 0, until=root.time)


def _stands(connection: Connection, root: BatchRoot, place: ChainPlace) -> bool:
    """Say whether a batch stands in the database, by its note or, where that is damaged, by its leaves."""
    is_it = or_(
        batches.c.batch_id == root.batch_id,
        and_(batches.c.writer == place.writer, batches.c.number == place.number),
    )
    rows = connection.execute(select(*as_bytes([batches.c.note, batches.c.leaves])).where(is_it)).fetchall()
    return any(_root_of(row[0], row[1]) == root.root for row in rows)


def _root_of(note: bytes | None, leaves: bytes | None) -> bytes | None:
    said = read_root(note)
    if said is not None or not leaves or len(leaves) % HASH_BYTES:
        return None if said is None else said.root
    hashes = [leaves[at : at + HASH_BYTES] for at in range(0, len(leaves), HASH_BYTES)]
    return tree_levels(hashes)[-1][0]
