"""Keep the account of somebody who died: end its ties, ask the authority again, erase it at its time (PIPL art. 49)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from eztong.domain.death.after_death import erased_at, wish_of
from eztong.domain.errors import StateConflict, Unavailable
from eztong.domain.events import EventKind
from eztong.domain.feedback.ticket import TicketKind
from eztong.domain.holder import Holder, HolderState
from eztong.domain.identifiers import HolderId
from eztong.domain.jobs.fate import Fate, LeasedJob, LeaseLost
from eztong.domain.jobs.job import Job, JobEnd, JobKind
from eztong.domain.recovery import StoppedBy
from eztong.domain.restrictions.recheck import REST
from eztong.domain.working_days import WorkCalendar
from eztong.ports.act import SYSTEM, Act
from eztong.ports.services import Services
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.assistance.end_assistance import end_all
from eztong.usecases.contact.end_opened import end_at_freeze
from eztong.usecases.deregistration.begin_cooling import begin_cooling
from eztong.usecases.feedback.open_ticket import add_ticket
from eztong.usecases.guardianship.care import LEFT_BY_DEATH
from eztong.usecases.guardianship.leave_ward import leave_all, shut_for_dead
from eztong.usecases.naming import new_id
from eztong.usecases.note_event import note_event
from eztong.usecases.restrictions.recheck_identity import recheck_account
from eztong.usecases.restrictions.stop_for_death import CAUSE
from eztong.usecases.stop_waiting import stop_waiting

_TIES: Final = "ties"
_KEPT: Final = "kept"
_RELATIVES: Final = "relatives"


def keep_after_death(leased: LeasedJob, *, services: Services) -> Fate:
    """Do what is due on the account, if it still is one of somebody who died.

    1. First its ties end: guardianships and help on either side, a recovery and a change of the phone that wait.
    2. Every thirty days the authority is asked again; if it knows the person, the stop is lifted and this ends.
    3. When the account was kept long enough, or two operators decided so for relatives, it is erased as by a
       deregistration: the same cooling, the same list, the same receipt. What was approved for an earlier stop is not
       done in a later one.

    Raises:
        LeaseLost: another worker does it; nothing was written.
        StateConflict: the account changed meanwhile; it is tried again.
    """
    holder_id = HolderId(leased.job.holder_id or "")
    with services.store.read() as stored:
        holder = stored.holders.get(holder_id)
        if holder is None or holder.is_erased or not holder.is_deceased or holder.is_leaving:
            return Fate.DROPPED
        since = signalled_at(holder, stored=stored)
        due = erased_at(since, wish_of(holder), kept=services.deployment.deceased_kept)
    step = leased.job.key.partition("/")[2]
    if step == _RELATIVES and leased.job.created_at < since:
        # What was approved before the authority took its word back counts no more.
        return Fate.DROPPED
    if step == _RELATIVES or (step == _KEPT and services.clock.now() >= due):
        services.perform(SYSTEM, _begin_erasure, leased, calendar=services.deployment.calendar)
        return Fate.NOTED
    if step == _KEPT:
        try:
            recheck_account(holder_id, by=SYSTEM, services=services)
        except Unavailable:
            return Fate.POSTPONED
    services.perform(SYSTEM, _rest, leased, due, ends_ties=step == _TIES)
    return Fate.NOTED


def signalled_at(holder: Holder, *, stored: Repositories) -> datetime:
    """Return when the authority first said so, of the stop that stands now."""
    for event in stored.holders.events(holder.holder_id):
        if event.kind is EventKind.FROZEN and event.fact("cause") == CAUSE:
            return event.at
    return holder.created_at


def queue_erasure(act: Act, holder_id: HolderId) -> None:
    """Let the account be erased now, as two operators decided for relatives."""
    _queue(act, holder_id, _RELATIVES, at=act.now)


def _rest(act: Act, leased: LeasedJob, due: datetime, *, ends_ties: bool) -> None:
    _end(act, leased)
    holder = act.uow.holders.get(HolderId(leased.job.holder_id or ""))
    if holder is None or not holder.is_deceased:
        # The authority has just taken its word back.
        return
    if ends_ties:
        end_at_freeze(act, holder)
        stop_waiting(act, holder, StoppedBy.FREEZE)
        leave_all(act, holder, channel=LEFT_BY_DEATH)
        shut_for_dead(act, holder.holder_id)
        end_all(act, holder)
    _queue(act, holder.holder_id, _KEPT, at=min(act.now + REST, due))


def _begin_erasure(act: Act, leased: LeasedJob, *, calendar: WorkCalendar) -> None:
    _end(act, leased)
    holder = act.uow.holders.get(HolderId(leased.job.holder_id or ""))
    if holder is None or not holder.is_deceased or holder.is_leaving:
        return
    if not act.uow.holders.move(holder, holder.moved_to(HolderState.DEREGISTERING)):
        raise StateConflict
    ticket = add_ticket(act, TicketKind.DEREGISTRATION, holder.holder_id, calendar=calendar)
    begin_cooling(act, holder.holder_id, ticket)
    note_event(act, holder.holder_id, EventKind.DEREGISTRATION_ASKED, detail=f"ticket={ticket.number} cause={CAUSE}")


def _queue(act: Act, holder_id: HolderId, step: str, *, at: datetime) -> None:
    act.uow.jobs.add(
        Job(
            job_id=new_id(act, "job"),
            kind=JobKind.DEATH,
            key=f"{holder_id}/{step}",
            holder_id=holder_id,
            created_at=act.now,
            next_attempt_at=at,
        )
    )


def _end(act: Act, leased: LeasedJob) -> None:
    if not act.uow.jobs.end(leased.job.job_id, JobEnd.DONE, lease=leased.lease, now=act.now):
        raise LeaseLost
