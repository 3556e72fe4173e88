"""Let a birthday change the rule by itself: at 14 the child may act alone, at 18 guardianship ends (PIPL art. 31).

The job is due at the first moment of the day in Shanghai, and follows the clock port. Doing it again changes nothing.
While a guardian can have an account back that went over the day before, an 18th birthday waits until that is over.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from eztong.domain.events import EventKind
from eztong.domain.guardianship.guardianship import CareEnd, Guardianship, GuardianshipState
from eztong.domain.guardianship.ward import is_kept_by_guardian
from eztong.domain.holder import Holder
from eztong.domain.identifiers import HolderId
from eztong.domain.identity.age import AgeBand
from eztong.domain.jobs.fate import Fate, LeasedJob, LeaseLost
from eztong.domain.jobs.job import JobEnd
from eztong.domain.notices import Topic
from eztong.ports.act import SYSTEM, Act
from eztong.ports.services import Services
from eztong.usecases.apart import CARE, TELLING, read_apart
from eztong.usecases.guardianship.settle_relation import end, let_be_adult, release
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_account, tell_holder
from eztong.usecases.registration.birthdays import band_of, queue_birthday, queue_birthday_again


def come_of_age(leased: LeasedJob, *, services: Services) -> Fate:
    """Do what follows from the birthday that the job waited for, and queue the next.

    Raises:
        LeaseLost: another worker does it; nothing was written.
    """
    services.perform(SYSTEM, _come, leased)
    return Fate.NOTED


def _come(act: Act, leased: LeasedJob) -> None:
    if not act.uow.jobs.end(leased.job.job_id, JobEnd.DONE, lease=leased.lease, now=act.now):
        raise LeaseLost
    ward = act.uow.holders.get(HolderId(leased.job.key))
    if ward is None or ward.is_erased or ward.sealed_number is None:
        return
    band = band_of(ward, keys=act.keys, now=act.now)
    until = _had_back_until(act, ward)
    if band is AgeBand.ADULT and until is not None:
        queue_birthday_again(act, ward, until)
        return
    if band is not AgeBand.CHILD:
        note_event(act, ward.holder_id, EventKind.CAME_OF_AGE, detail=f"band={band.value}")
        _tell_both(act, ward, band)
    if band is AgeBand.ADULT:
        _let_be_adult(act, ward)
    queue_birthday(act, ward)


def _had_back_until(act: Act, ward: Holder) -> datetime | None:
    """Return until when the account can be had back, whose guardianship goes on as long: that was told to both."""
    active = read_apart(act, CARE, partial(act.uow.guardianships.active_of, ward.holder_id))
    if not isinstance(active, Guardianship) or not active.can_be_taken_back(now=act.now):
        return None
    return active.settles_at


def _let_be_adult(act: Act, ward: Holder) -> None:
    # Who has no phone yet still needs somebody who hands the account over, or ends it. Without a guardian staff help,
    # and the freeze that stood for want of one has no more reason.
    if not is_kept_by_guardian(ward):
        let_be_adult(act, ward)
        return
    for guardianship_id in act.uow.guardianships.ids_of_ward(ward.holder_id):
        one = read_apart(act, CARE, partial(act.uow.guardianships.get, guardianship_id))
        if isinstance(one, Guardianship) and one.is_open and one.state is not GuardianshipState.ACTIVE:
            end(act, one, CareEnd.AGE)
    # One that cannot be read may still hand the account over once it can be.
    if read_apart(act, CARE, partial(act.uow.guardianships.active_of, ward.holder_id)) is None:
        release(act, ward)


def _tell_both(act: Act, ward: Holder, band: AgeBand) -> None:
    active = read_apart(act, TELLING, partial(act.uow.guardianships.active_of, ward.holder_id))
    tell_holder(act, ward, Topic.CAME_OF_AGE, {"band": band.value, "role": "ward"})
    if isinstance(active, Guardianship):
        # Nobody shows a code of an account that has no sign-in yet: its guardian is told what is due.
        case = {"case": "kept"} if is_kept_by_guardian(ward) else {}
        tell_account(act, active.guardian_id, Topic.CAME_OF_AGE, {"band": band.value, "role": "guardian"} | case)
