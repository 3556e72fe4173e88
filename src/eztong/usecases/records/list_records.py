"""List a holder's records: every use and every refused try, newest first, page by page (clauses 2.11, 3.3)."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice, takewhile

from eztong.domain.claims import Claim
from eztong.domain.codes.presentation_code import Method
from eztong.domain.codes.refused_try import CodeAttempt
from eztong.domain.codes.verification import Verification
from eztong.domain.errors import NotFound
from eztong.domain.identifiers import CodeId, DeviceId, HolderId, PartnerId, VerificationId
from eztong.ports.storage.repositories import Repositories

REFUSED_TRY = "refused_try"
_USE, _TRY = "ver_", "att_"
_CHUNK = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A use or a refused try. ``result`` is a verification's outcome or :data:`REFUSED_TRY`."""

    record_id: str
    at: datetime
    partner_id: PartnerId
    scene: str
    desk: str | None
    result: str
    reason: str | None
    told: tuple[Claim, ...]
    method: Method | None
    code_id: CodeId | None

    @property
    def order(self) -> str:
        """The part of the id that sorts by time, whatever the record is."""
        return self.record_id[len(_USE) :]

    @property
    def is_use(self) -> bool:
        """Say whether a verification stands behind it, which has a proof."""
        return self.result != REFUSED_TRY


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFilter:
    """What the holder wants to see; None is everything."""

    partner_id: PartnerId | None = None
    result: str | None = None
    since: datetime | None = None

    def wants(self, record: Record) -> bool:
        """Say whether the record is of the wanted partner and result; time is cut off elsewhere."""
        of_partner = self.partner_id is None or record.partner_id == self.partner_id
        return of_partner and (self.result is None or record.result == self.result)


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Records, and where the next page starts; None where there is no more."""

    records: tuple[Record, ...]
    cursor: str | None


def list_records(
    holder_id: HolderId, wanted: RecordFilter, *, cursor: str | None, limit: int, stored: Repositories
) -> RecordPage:
    """Return the page of wanted records below ``cursor``."""
    found = list(islice(walk_records(holder_id, wanted, cursor=cursor, stored=stored), limit + 1))
    more = len(found) > limit
    return RecordPage(tuple(found[:limit]), found[limit - 1].order if more else None)


def walk_records(
    holder_id: HolderId, wanted: RecordFilter, *, cursor: str | None = None, stored: Repositories
) -> Iterator[Record]:
    """Yield the wanted records, newest first; both kinds are read in chunks as they are needed."""
    uses = _uses(holder_id, cursor, stored=stored)
    tries = _tries(holder_id, cursor, stored=stored)
    together = heapq.merge(uses, tries, key=lambda record: record.order, reverse=True)
    since = wanted.since
    recent = together if since is None else takewhile(lambda record: record.at >= since, together)
    return filter(wanted.wants, recent)


def find_record(holder_id: HolderId, record_id: str, *, stored: Repositories) -> Record:
    """Return one record of the account.

    Raises:
        NotFound: none, or another account's.
    """
    if record_id.startswith(_TRY):
        attempt = stored.codes.attempt(holder_id, record_id)
        if attempt is not None:
            return _of_attempt(attempt)
    verification = stored.verifications.one_of_holder(holder_id, VerificationId(record_id))
    if verification is None:
        raise NotFound
    return _of_verification(verification)


def device_of(record: Record, *, holder_id: HolderId, stored: Repositories) -> DeviceId | None:
    """Return the device whose code was used; an answered request does not say."""
    return None if record.code_id is None else stored.codes.device_of(holder_id, record.code_id)


def _uses(holder_id: HolderId, cursor: str | None, *, stored: Repositories) -> Iterator[Record]:
    before = None if cursor is None else _USE + cursor
    while chunk := stored.verifications.for_holder(holder_id, before=before, limit=_CHUNK):
        yield from map(_of_verification, chunk)
        before = chunk[-1].verification_id


def _tries(holder_id: HolderId, cursor: str | None, *, stored: Repositories) -> Iterator[Record]:
    before = None if cursor is None else _TRY + cursor
    while chunk := stored.codes.attempts_before(holder_id, before=before, limit=_CHUNK):
        yield from map(_of_attempt, chunk)
        before = chunk[-1].attempt_id


def _of_verification(verification: Verification) -> Record:
    return Record(
        record_id=verification.verification_id,
        at=verification.created_at,
        partner_id=verification.partner_id,
        scene=verification.scene,
        desk=verification.desk,
        result=verification.outcome.value,
        reason=verification.reason,
        told=verification.claims,
        method=verification.method,
        code_id=verification.code_id,
    )


def _of_attempt(attempt: CodeAttempt) -> Record:
    return Record(
        record_id=attempt.attempt_id,
        at=attempt.at,
        partner_id=attempt.partner_id,
        scene=attempt.scene,
        desk=attempt.desk,
        result=REFUSED_TRY,
        reason=attempt.reason,
        told=(),
        method=None,
        code_id=attempt.code_id,
    )
