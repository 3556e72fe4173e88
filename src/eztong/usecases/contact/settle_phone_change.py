"""Let a change of the phone that waited take effect, once, when its time has come (clause 2.7)."""

from __future__ import annotations

from eztong.domain.contact.phone_change import ChangeWay, EndedBy, PhoneChange
from eztong.domain.guardianship.ward import is_kept_by_guardian
from eztong.domain.holder import Holder, PhoneFull
from eztong.domain.jobs.fate import Fate, LeasedJob
from eztong.domain.recovery import StoppedBy
from eztong.domain.standing import is_usable, may_be_appealed_for
from eztong.ports.act import SYSTEM, Act
from eztong.ports.services import Services
from eztong.usecases.agreements.withdraw_authorisation import end_authorisation
from eztong.usecases.contact.confirm_phone_change import put_number
from eztong.usecases.contact.keep_number import stop_change
from eztong.usecases.contact.numbers import new_number
from eztong.usecases.end_codes import end_codes
from eztong.usecases.registration.birthdays import queue_missed_birthday
from eztong.usecases.registration.confirm_phone import check_room_on_phone
from eztong.usecases.stop_waiting import stop_waiting
from eztong.usecases.vault import phone_index


def settle_phone_change(leased: LeasedJob, *, services: Services) -> Fate:
    """Settle the change that a job is about; whatever ended meanwhile is left as it is."""
    return services.perform(SYSTEM, _settle, leased)


def _settle(act: Act, leased: LeasedJob) -> Fate:
    job = leased.job
    change = None if job.holder_id is None else act.uow.phone_changes.get(job.holder_id, job.key)
    if change is None or not change.is_due(now=act.now):
        # A clock that was set right meanwhile may have called it before its time.
        return Fate.POSTPONED if change is not None and change.is_waiting() else Fate.DONE
    holder = act.uow.holders.get(change.holder_id)
    if holder is not None and holder.data_key.wrapped:
        _let_it_count(act, change, holder)
    return Fate.DONE


def _let_it_count(act: Act, change: PhoneChange, holder: Holder) -> None:
    why = _objection(act, change, holder)
    if why is not None:
        stop_change(act, holder, change, why)
    # It waited its whole time, so nothing cools after it.
    elif act.uow.phone_changes.settle(change, until=act.now):
        if is_kept_by_guardian(holder):
            # What a guardian authorised ends before the account has a phone: its holder withdrew nothing.
            end_authorisation(act, holder)
            end_codes(act, holder.holder_id)
            queue_missed_birthday(act, holder)
        changed = put_number(act, holder, change)
        if change.way is ChangeWay.APPEAL:
            # Staff saw who it is; whoever waits for the account proved the number of before.
            stop_waiting(act, changed, StoppedBy.FREEZE)


def _objection(act: Act, change: PhoneChange, holder: Holder) -> EndedBy | None:
    may_go_on = may_be_appealed_for if change.way is ChangeWay.APPEAL else is_usable
    if not may_go_on(holder):
        return EndedBy.ACCOUNT
    number = new_number(change, holder, keys=act.keys)
    try:
        check_room_on_phone(phone_index(number, keys=act.keys), but=holder, stored=act.uow)
    except PhoneFull:
        return EndedBy.ROOM
    return None
