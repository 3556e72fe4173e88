"""End an assistance: by either side at any time, by the clock, by a loss, or with the account of either."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from eztong.domain.assistance.assistance import Assistance, AssistanceEnd, AssistanceState
from eztong.domain.holder import Holder
from eztong.domain.jobs.fate import Fate, LeasedJob, LeaseLost
from eztong.domain.jobs.job import Job, JobEnd, JobKind
from eztong.domain.recovery import is_settled
from eztong.ports.act import SYSTEM, Act
from eztong.ports.services import Services
from eztong.usecases.access.find_session import find_bound
from eztong.usecases.apart import CONTACT, each_by_itself
from eztong.usecases.assistance.parties import assistance_of, end
from eztong.usecases.naming import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class EndAssistance:
    """End this one, from whichever side the session is of."""

    session_hash: bytes
    assistance_id: str


def end_assistance(act: Act, command: EndAssistance) -> Assistance:
    """End it at once. It takes no unlock, and works while the account is stopped: it only takes away.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this session may not.
        AssistanceMissing: the account is on neither side, or it is over.
    """
    holder = find_bound(command.session_hash, stored=act.uow, now=act.now).holder
    found = assistance_of(command.assistance_id, holder.holder_id, stored=act.uow)
    by = AssistanceEnd.ELDER if found.elder_id == holder.holder_id else AssistanceEnd.HELPER
    return end(act, found, by)


def queue_end(act: Act, of: Assistance) -> None:
    """Queue the job that ends it when its time is over."""
    job = Job(
        job_id=new_id(act, "job"),
        kind=JobKind.ASSISTANCE,
        key=of.assistance_id,
        holder_id=of.elder_id,
        created_at=act.now,
        next_attempt_at=of.due_at,
    )
    act.uow.jobs.add(job)


def end_by_time(leased: LeasedJob, *, services: Services) -> Fate:
    """End the assistance of a job whose time is over; if it was confirmed meanwhile, wait for its new end.

    Raises:
        LeaseLost: another worker does it; nothing was written.
    """
    services.perform(SYSTEM, _end_by_time, leased)
    return Fate.NOTED


def _end_by_time(act: Act, leased: LeasedJob) -> None:
    if not act.uow.jobs.end(leased.job.job_id, JobEnd.DONE, lease=leased.lease, now=act.now):
        raise LeaseLost
    found = act.uow.assistances.get(leased.job.key)
    if found is None or not found.is_open:
        return
    if found.is_over(now=act.now):
        end(act, found, AssistanceEnd.TIME)
    else:
        queue_end(act, found)


def end_pending(act: Act, elder: Holder) -> None:
    """End what an account that is frozen began and did not confirm."""
    _end_of_elder(act, elder, lambda one: one.state is not AssistanceState.ACTIVE)


def end_newer(act: Act, elder: Holder, *, at: datetime) -> None:
    """End what somebody else may have begun in the elder's name: all that is newer than what is settled ``at``."""
    _end_of_elder(act, elder, lambda one: one.began_at is None or not is_settled(one.began_at, lost_at=at))


def end_all(act: Act, holder: Holder) -> None:
    """End all on either side of an account that ends."""
    _end_of_elder(act, holder, lambda _: True, by=AssistanceEnd.ACCOUNT)
    helping = act.uow.assistances.ids_of_helper(holder.holder_id)
    each_by_itself(act, CONTACT, helping, lambda one: _end_one(act, one, lambda _: True, by=AssistanceEnd.ACCOUNT))


def _end_of_elder(
    act: Act, elder: Holder, ends: Callable[[Assistance], bool], *, by: AssistanceEnd = AssistanceEnd.STOPPED
) -> None:
    """End those of an elder that ``ends`` says; each is read apart, so that a damaged one keeps no other."""
    helped = act.uow.assistances.ids_of_elder(elder.holder_id)
    each_by_itself(act, CONTACT, helped, lambda one: _end_one(act.by_itself(), one, ends, by=by))


def _end_one(act: Act, assistance_id: str, ends: Callable[[Assistance], bool], *, by: AssistanceEnd) -> None:
    found = act.uow.assistances.get(assistance_id)
    if found is not None and found.is_open and ends(found):
        end(act, found, by)
