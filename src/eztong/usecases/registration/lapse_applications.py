"""End applications whose applicant did not answer what was asked, and keep nothing of them (clause 2.1; PIPL art. 47).

Whoever waits for staff is waited for: where a declared guardian is not decided on, nothing lapses. Damage keeps nothing
of a person: a row that cannot be read is ended by what of it can be, and where what was asked when cannot be read, the
time counts from when the application was made.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Final

from eztong.domain.damage import StoredDamaged
from eztong.domain.events import EventKind
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.guardianship.guardianship import CareEnd
from eztong.domain.holder import Holder, HolderState
from eztong.domain.identifiers import HolderId
from eztong.domain.notices import Topic
from eztong.domain.registration import ANSWERED_WITHIN, Reason
from eztong.ports.act import SYSTEM, Act
from eztong.ports.services import Services
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.apart import CARE, Unread, read_apart
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.jobs.queue_run import QueueRun, counted, tried
from eztong.usecases.note_care import note_both
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_account, tell_holder
from eztong.usecases.registration.erase_application import end_application

QUEUE: Final = "unanswered"
BATCH: Final = 200
_ASKS: Final = frozenset(
    {
        EventKind.REGISTRATION_SUPPLEMENT,
        EventKind.GUARDIAN_INVITED,
        EventKind.GUARDIAN_DECLARED,
        EventKind.GUARDIAN_REFUSED,
        EventKind.GUARDIANSHIP_ENDED,
    }
)
"""After each of these the applicant has the whole time anew."""


def lapse_applications(*, services: Services) -> QueueRun:
    """End every application that is due, each by itself: one that cannot be read keeps no other."""
    done, failures, after = 0, list[str](), HolderId("")

    def lapse(holder_id: HolderId) -> None:
        nonlocal done
        with services.store.read() as stored:
            is_due = _due(holder_id, stored=stored, now=services.clock.now()) is not None
        if is_due:
            done += services.perform(SYSTEM, lapse_application, holder_id)

    while True:
        with services.store.read() as stored:
            asked = stored.applications.asked_after(after, limit=BATCH)
        failures += [*asked.failures, *(kind for _, kind in tried(asked.those, lapse))]
        if not asked.those or len(asked.those) + asked.unreadable < BATCH:
            return QueueRun(done=done, failures=counted(QUEUE, failures, observer=services.observer))
        after = asked.those[-1]


def lapse_application(act: Act, holder_id: HolderId) -> bool:
    """End one application if it still is due; return whether that was done.

    1. The phone hears of it a last time.
    2. An invitation of a guardian, or a guardianship, ends with it, and nothing of the person is kept.
    """
    holder = _due(holder_id, stored=act.uow, now=act.now)
    if holder is None:
        return False
    tell_holder(act, holder, Topic.APPLICATION_LAPSED, {}, names_account=False)
    _end_care(act, holder_id)
    end_application(act, holder, Reason.UNANSWERED)
    note_event(act, holder_id, EventKind.APPLICATION_LAPSED)
    attest_act(act, WhatWasDone(kind=ActKind.APPLICATION_LAPSED, subject=holder_id, holder_id=holder_id))
    return True


def _end_care(act: Act, holder_id: HolderId) -> None:
    """End who was or would be guardian, in the history of both; a guardian hears of it."""
    for guardianship_id in act.uow.guardianships.ids_of_ward(holder_id):
        one = read_apart(act, CARE, partial(act.uow.guardianships.get, guardianship_id))
        if isinstance(one, Unread):
            act.uow.guardianships.end_unread(guardianship_id, CareEnd.APPLICATION, now=act.now)
        elif one is not None and one.is_open:
            ended = one.ended(CareEnd.APPLICATION, now=act.now)
            act.uow.guardianships.change(one, ended)
            note_both(act, ended)
            why = {"role": "guardian", "why": CareEnd.APPLICATION.value}
            tell_account(act, one.guardian_id, Topic.GUARDIAN_ENDED, why)


def answered_by(holder: Holder, *, stored: Repositories) -> datetime:
    """Return until when what was asked of an applicant can be answered."""
    try:
        events = stored.holders.events(holder.holder_id)
    except StoredDamaged:
        events = ()
    return next((event.at for event in events if event.kind in _ASKS), holder.created_at) + ANSWERED_WITHIN


def _due(holder_id: HolderId, *, stored: Repositories, now: datetime) -> Holder | None:
    holder = _readable(holder_id, stored=stored)
    if holder is None or holder.state is not HolderState.SUPPLEMENT_NEEDED or holder.reason == Reason.RELATION_WAITS:
        return None
    return holder if now >= answered_by(holder, stored=stored) else None


def _readable(holder_id: HolderId, *, stored: Repositories) -> Holder | None:
    try:
        return stored.holders.get(holder_id)
    except StoredDamaged:
        return stored.holders.readable_part(holder_id)
