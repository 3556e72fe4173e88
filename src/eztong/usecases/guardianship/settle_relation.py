"""Settle whether a declared relation holds: what the authority said, or what staff decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

from eztong.domain.deregistration.deregistration import UndoneBy
from eztong.domain.errors import StateConflict
from eztong.domain.events import EventKind
from eztong.domain.guardianship.guardianship import (
    CareEnd,
    DecidedBy,
    Guardianship,
    GuardianshipState,
    WardMissing,
    WardOfAge,
)
from eztong.domain.guardianship.relation import RelationAnswer
from eztong.domain.guardianship.ward import is_frozen_by_guardian, is_kept_by_guardian, released, waits_for_guardian
from eztong.domain.holder import Holder, HolderState
from eztong.domain.identifiers import HolderId
from eztong.domain.identity.age import AgeBand
from eztong.domain.jobs.job import Job, JobKind
from eztong.domain.notices import Topic
from eztong.domain.registration import Reason
from eztong.domain.restrictions.mark import BY_GUARDIAN
from eztong.ports.act import Act
from eztong.usecases.apart import CARE, Unread, read_apart
from eztong.usecases.end_codes import end_codes
from eztong.usecases.feedback.find_ticket import end_secrets
from eztong.usecases.guardianship.care import change, is_asked_for, was_left_to_another
from eztong.usecases.naming import new_id
from eztong.usecases.note_care import note_both
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_account
from eztong.usecases.registration.birthdays import band_of, queue_birthday
from eztong.usecases.registration.erase_application import erase_application
from eztong.usecases.restrictions.change_marks import change_marks
from eztong.usecases.undo_leaving import undo_if_leaving


def settle_answer(act: Act, declared: Guardianship, answer: RelationAnswer) -> Guardianship:
    """Write what the authority said of a relation that was just declared; return how it stands.

    What it does not know waits for staff, and so does every claim on a ward who has a guardian: two of them are a
    conflict, which no register decides. So does one on a ward whose guardian left a short while ago, but for that one's
    own: a minute with an unlocked phone is enough to leave.
    """
    match answer:
        case RelationAnswer.DENIED:
            return refuse(act, declared, DecidedBy.AUTHORITY)
        case RelationAnswer.CONFIRMED if not _is_anothers(act, declared):
            return confirm(act, declared, DecidedBy.AUTHORITY)
        case _:
            _note_waiting(act, declared)
            return declared


def _is_anothers(act: Act, declared: Guardianship) -> bool:
    if read_apart(act, CARE, partial(act.uow.guardianships.active_of, declared.ward_id)) is not None:
        return True
    # Whom the ward invited has the word of both.
    return declared.ward_relation is None and was_left_to_another(declared, stored=act.uow, now=act.now)


def confirm(act: Act, declared: Guardianship, by: DecidedBy) -> Guardianship:
    """Let the guardianship be the ward's active one, in place of another; what waited for it goes on.

    A child's account that is leaving stays: the guardian who answers for it now did not ask.

    Raises:
        GuardianshipDecided, StateConflict: it waits for no decision, or was decided meanwhile.
        WardOfAge: nobody becomes the guardian of an adult; WardMissing: nor of somebody who has died.
    """
    _check_needs_one(act, declared)
    rival = act.uow.guardianships.active_of(declared.ward_id)
    decided = declared.decided(holds=True, by=by, now=act.now)
    if rival is not None:
        ended = end(act, rival, CareEnd.REPLACED)
        if rival.can_be_taken_back(now=act.now):
            # What the guardian of before handed over, perhaps to nobody but themselves, the one of now has back.
            decided = replace(decided, taken_at=rival.taken_at)
            change(act, ended, replace(ended, taken_at=None))
    active = change(act, declared, decided)
    note_both(act, active)
    ward = act.uow.holders.get(active.ward_id)
    if ward is not None:
        if is_kept_by_guardian(ward):
            ward = undo_if_leaving(act, ward, UndoneBy.GUARDIAN)
        ward = _let_go_on(act, ward)
        queue_birthday(act, ward)
        _tell_both(act, active, Topic.GUARDIAN_DECIDED, {"decision": "confirmed"})
    return active


def _check_needs_one(act: Act, declared: Guardianship) -> None:
    ward = act.uow.holders.get(declared.ward_id)
    if ward is None:
        return
    if ward.is_deceased:
        raise WardMissing
    if ward.sealed_number is not None and band_of(ward, keys=act.keys, now=act.now) is AgeBand.ADULT:
        raise WardOfAge


def refuse(act: Act, declared: Guardianship, by: DecidedBy, *, words: str | None = None) -> Guardianship:
    """Refuse the guardianship; of a child for whom nobody else may act nothing is kept, a minor may invite again.

    Raises:
        GuardianshipDecided, StateConflict: it waits for no decision, or was decided meanwhile.
    """
    refused = change(act, declared, declared.decided(holds=False, by=by, now=act.now))
    note_both(act, refused, reason=words)
    _tell_both(act, refused, Topic.GUARDIAN_DECIDED, {"decision": "refused"})
    _let_ask_again(act, refused)
    return refused


def _let_ask_again(act: Act, over: Guardianship) -> None:
    ward = act.uow.holders.get(over.ward_id)
    if ward is not None and waits_for_guardian(ward):
        if is_kept_by_guardian(ward):
            erase_application(act, replace(ward.moved_to(HolderState.REFUSED), reason=Reason.GUARDIAN_MUST_APPLY.value))
        else:
            act.uow.holders.update(replace(ward, reason=Reason.GUARDIAN_MUST_CONFIRM.value))


def refuse_left(act: Act, asked: Guardianship) -> None:
    """End what an account that ends only asked to be; of a child for whom nobody else may act nothing is kept."""
    ended = change(act, asked, asked.ended(CareEnd.ACCOUNT, now=act.now))
    note_both(act, ended)
    _let_ask_again(act, ended)


def end(act: Act, active: Guardianship, by: CareEnd) -> Guardianship:
    """End a guardianship, in the history of both, and tell both.

    What the guardian still shows of a child ends, with the secrets of its tickets, and so do the guardian's limits.

    Raises:
        StateConflict: it is over, or changed meanwhile.
    """
    ward = act.uow.holders.get(active.ward_id)
    if ward is not None and is_kept_by_guardian(ward):
        end_codes(act, ward.holder_id)
        running = act.uow.deregistrations.running(ward.holder_id)
        end_secrets(act, ward.holder_id, but=None if running is None else running.ticket_id)
    if ward is not None and ward.has_account:
        change_marks(act, ward, lifts=BY_GUARDIAN)
    ended = change(act, active, active.ended(by, now=act.now))
    note_both(act, ended)
    _tell_both(act, ended, Topic.GUARDIAN_ENDED, {"why": by.value})
    return ended


def let_apply(act: Act, ward: Holder) -> Holder:
    """Let an application that waited for a guardian go to the authority, by its job; return it as it stands."""
    applied = replace(ward.moved_to(HolderState.APPLIED), decision=None, reason=None, rules="")
    act.uow.holders.update(applied)
    job = Job(
        job_id=new_id(act, "job"),
        kind=JobKind.REGISTRATION,
        key=ward.holder_id,
        holder_id=ward.holder_id,
        created_at=act.now,
        next_attempt_at=act.now,
    )
    act.uow.jobs.add(job)
    return applied


def release(act: Act, ward: Holder) -> Holder:
    """Lift a guardian's freeze, if one stands; return the account as it stands."""
    if not is_frozen_by_guardian(ward):
        return ward
    after = released(ward)
    if not act.uow.holders.move(ward, after):
        raise StateConflict
    note_event(act, ward.holder_id, EventKind.WARD_RELEASED)
    return after


def let_be_adult(act: Act, ward: Holder) -> Holder:
    """End whatever makes somebody of age a ward; return the account as it stands.

    Also what only waits ends: staff who decide later would make an adult a ward, or have it wait for a guardian. What
    cannot be read is ended unread.
    """
    for guardianship_id in act.uow.guardianships.ids_of_ward(ward.holder_id):
        one = read_apart(act, CARE, partial(act.uow.guardianships.get, guardianship_id))
        if isinstance(one, Unread):
            act.uow.guardianships.end_unread(guardianship_id, CareEnd.AGE, now=act.now)
        elif one is not None and one.is_open:
            end(act, one, CareEnd.AGE)
    if waits_for_guardian(ward):
        ward = let_apply(act, ward)
    return release(act, ward)


def _let_go_on(act: Act, ward: Holder) -> Holder:
    if waits_for_guardian(ward):
        return let_apply(act, ward)
    return release(act, ward)


def _note_waiting(act: Act, declared: Guardianship) -> None:
    ward = act.uow.holders.get(declared.ward_id)
    if ward is not None and waits_for_guardian(ward):
        act.uow.holders.update(replace(ward, reason=Reason.RELATION_WAITS.value))
    # Somebody else claims the ward: who is guardian now, or was until lately, must be able to object before staff
    # decide, and hands nothing over meanwhile.
    if ward is not None and read_apart(act, CARE, partial(is_asked_for, ward, stored=act.uow)) is not False:
        act.uow.guardianships.end_offers(declared.ward_id)
    for guardian_id in _to_hear_of(act, declared):
        tell_account(act, guardian_id, Topic.WARD_NEWS, {})


def _to_hear_of(act: Act, declared: Guardianship) -> list[HolderId]:
    """Return who is the ward's guardian, or was until lately; whose row cannot be read hears nothing, staff see it."""
    ids = act.uow.guardianships.ids_of_ward(declared.ward_id)
    known = (read_apart(act, CARE, partial(act.uow.guardianships.get, one)) for one in ids)
    concerned = {one.guardian_id for one in known if isinstance(one, Guardianship) and _is_concerned(one, now=act.now)}
    return sorted(one for one in concerned if one is not None and one != declared.guardian_id)


def _is_concerned(one: Guardianship, *, now: datetime) -> bool:
    return one.state is GuardianshipState.ACTIVE or one.was_left_lately(now=now)


def _tell_both(act: Act, of: Guardianship, topic: Topic, params: dict[str, str]) -> None:
    for holder_id, role in ((of.ward_id, "ward"), (of.guardian_id, "guardian")):
        tell_account(act, holder_id, topic, params | {"role": role})
