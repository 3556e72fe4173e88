"""Let time end talks whose proposal nobody answered; the job follows the clock port, and changes nothing twice."""

from __future__ import annotations

from dataclasses import replace

from eztong.domain.jobs.fate import Fate, LeasedJob, LeaseLost
from eztong.domain.jobs.job import JobEnd
from eztong.domain.talks.talk import STANDS_FOR, Move, Side, Talk, TalkStage, WhyFailed
from eztong.domain.working_days import WorkCalendar
from eztong.ports.act import SYSTEM, Act
from eztong.ports.services import Services
from eztong.usecases.talks.move_talk import Taken, fail_talk
from eztong.usecases.talks.put_proposal import wake_at_end


def lapse_proposal(leased: LeasedJob, *, services: Services) -> Fate:
    """End the talks whose proposal the job is about, if it stands and its period is over; else look again later.

    Raises:
        LeaseLost: another worker does it; nothing was written.
        StateConflict: the talks moved meanwhile; it is tried again.
    """
    services.perform(SYSTEM, _lapse, leased, calendar=services.deployment.calendar)
    return Fate.NOTED


def _lapse(act: Act, leased: LeasedJob, *, calendar: WorkCalendar) -> None:
    job = leased.job
    if not act.uow.jobs.end(job.job_id, JobEnd.DONE, lease=leased.lease, now=act.now):
        raise LeaseLost
    ticket_id, _, proposal = job.key.partition("/")
    ticket, talk = act.uow.tickets.get(ticket_id), act.uow.talks.get(ticket_id)
    if ticket is None or talk is None or talk.stage is not TalkStage.PROPOSED or talk.proposal != proposal:
        return
    moved = _dated(act, talk, calendar=calendar)
    if moved.answer_by is not None and not moved.answer_by.is_over(act.now):
        wake_at_end(act, moved, moved.answer_by, holder_id=ticket.holder_id)
        return
    fail_talk(act, ticket, moved, why=WhyFailed.SILENCE, step=Taken(move=Move.FAILED, side=Side.TIME))


def _dated(act: Act, talk: Talk, *, calendar: WorkCalendar) -> Talk:
    """Return the talks with the day as it is known by now; nobody is late by a day that is provisional."""
    if talk.answer_by is None:
        return talk
    moved = replace(talk, answer_by=talk.answer_by.settled_by(calendar, talk.proposed_at or act.now, STANDS_FOR))
    if moved != talk:
        act.uow.talks.move(talk, moved)
    return moved
