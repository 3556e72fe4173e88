"""From 14 on an account goes over to its holder: digits of the guardian, the own number, and a phone of one's own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.access.otp import OtpPurpose
from eztong.domain.errors import AgreementNotAccepted, OtpExpired, OtpWrong, TooMany
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.feedback.ticket import TicketKind
from eztong.domain.guardianship.guardianship import (
    HAND_OVERS,
    INVITATION_LIFE,
    WRONG_BY_WARD,
    CareEnd,
    Guardianship,
    GuardianshipState,
    HandOverNotPossible,
    HandOverWrong,
    NotAChild,
    RelationDenied,
    WardActsAlone,
    WardMissing,
)
from eztong.domain.guardianship.relation import RelationAnswer
from eztong.domain.holder import HolderState, PhoneFull
from eztong.domain.identifiers import HolderId
from eztong.domain.working_days import WorkCalendar
from eztong.usecases.access.find_session import find_unlocked
from eztong.usecases.agreements.check_consent import check_consent
from eztong.usecases.contact.appeal_number import AppealNumber, appeal_number
from eztong.usecases.feedback.open_ticket import OpenTicket, open_ticket
from eztong.usecases.freezing.freeze_ward import StopWard, freeze_ward
from eztong.usecases.guardianship.apply_for_child import apply_for_child
from eztong.usecases.guardianship.leave_ward import LeaveWard, leave_ward
from eztong.usecases.guardianship.limit_ward import withdraw_for_ward
from eztong.usecases.guardianship.show_code import ShowWardCode, show_ward_code
from eztong.usecases.guardianship.take_over import take_over
from eztong.usecases.refusal import accepted
from eztong.usecases.vault import phone_index
from tests.simulators.due_work import settle_due_phone_changes
from tests.unit.usecases.access.ways import FRESH
from tests.unit.usecases.contact.acts import digits as code_of
from tests.unit.usecases.guardianship.family import (
    account,
    applying,
    born,
    confirmed_minor,
    guardianship,
    kinds,
    registered_child,
    run_birthdays,
)
from tests.unit.usecases.guardianship.handing import GROWN, PHONE, ask, grown, offer, taken, typed
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import LI, NETWORK, WANG, Stage

S = GuardianshipState


def test_the_account_goes_over_to_the_phone_and_this_browser_is_its_device(stage: Stage) -> None:
    found = grown(stage)
    holder = taken(stage, found)
    signed_in = stage.read(lambda stored: find_unlocked(FRESH, stored=stored, now=stage.clock.now()))
    assert signed_in.holder == account(stage, found.ward_id) == holder
    stands = guardianship(stage, found.guardianship_id)
    assert (stands.state, stands.invite_hash, stands.sealed_digits, stands.offered_at, stands.sealed_phone) == (
        S.ACTIVE,
        None,
        None,
        None,
        None,
    )
    assert kinds(stage, found.ward_id)[-5:] == [
        "hand_over_offered",
        "authorisation_withdrawn",
        "taken_over",
        "signed_in",
        "device_bound",
    ]
    told = {(one.topic.value, one.phone, one.params.get("role")) for one in stage.messages()}
    assert {("taken_over", PHONE, "ward"), ("taken_over", LI.phone, "guardian")} <= told
    assert ("authorisation_withdrawn", PHONE, None) not in told
    acts = stage.read(lambda stored: stored.acts.of_holder(found.ward_id))
    assert ActKind.ACCOUNT_TAKEN_OVER in {one.kind for one in acts}


def test_the_guardians_consent_ends_and_what_only_a_child_needs_does_too(stage: Stage) -> None:
    found = grown(stage)
    taken(stage, found)
    with pytest.raises(AgreementNotAccepted):
        stage.read(lambda stored: check_consent(found.ward_id, stored=stored))
    with pytest.raises(WardActsAlone):
        stage.act(withdraw_for_ward, LI.session, found.ward_id)
    with pytest.raises(WardActsAlone):
        stage.act(show_ward_code, ShowWardCode(session_hash=LI.session, ward_id=found.ward_id))
    with pytest.raises(HandOverNotPossible):
        offer(stage, found)
    # A minor's guardian still freezes.
    stage.act(freeze_ward, StopWard(session_hash=LI.session, ward_id=found.ward_id))


def test_an_adult_who_takes_over_has_no_guardian_any_more(stage: Stage) -> None:
    found = grown(stage, years=5)
    assert guardianship(stage, found.guardianship_id).state is S.ACTIVE
    taken(stage, found)
    ended = guardianship(stage, found.guardianship_id)
    assert (ended.state, ended.ended_by) == (S.ENDED, CareEnd.AGE)
    with pytest.raises(WardMissing):
        stage.act(freeze_ward, StopWard(session_hash=LI.session, ward_id=found.ward_id))


def test_a_child_under_14_and_a_minor_with_an_own_sign_in_get_no_digits(stage: Stage) -> None:
    child, minor = registered_child(stage), confirmed_minor(stage)
    for found in (child, minor):
        with pytest.raises(HandOverNotPossible):
            offer(stage, found)
    with pytest.raises(WardMissing):
        offer(stage, child, by=WANG.session)


def test_an_account_that_is_frozen_is_not_handed_over_and_stops_being(stage: Stage) -> None:
    found = grown(stage)
    digits = offer(stage, found)
    stage.act(freeze_ward, StopWard(session_hash=LI.session, ward_id=found.ward_id))
    with pytest.raises(HandOverWrong):
        ask(stage, digits)
    with pytest.raises(HandOverNotPossible):
        offer(stage, found)


@pytest.mark.parametrize("how", ["late", "kept", "anew"])
def test_digits_end_after_a_day_when_they_are_taken_back_and_when_there_are_newer(stage: Stage, how: str) -> None:
    found = grown(stage)
    digits = offer(stage, found)
    if how == "late":
        stage.clock.moment += INVITATION_LIFE
    else:
        offer(stage, found, keep=how == "kept")
    with pytest.raises(HandOverWrong):
        ask(stage, digits)


def test_a_code_that_was_sent_serves_no_more_once_the_digits_ended(stage: Stage) -> None:
    found = grown(stage)
    ask(stage, offer(stage, found))
    command = typed(stage)
    offer(stage, found)
    with pytest.raises(OtpExpired):
        stage.act(take_over, command)
    assert account(stage, found.ward_id).phone_index is None


def test_the_code_of_one_phone_brings_no_other_phone(stage: Stage) -> None:
    found = grown(stage)
    digits = offer(stage, found)
    ask(stage, digits)
    first = typed(stage)
    ask(stage, digits, phone="13900000078")
    with pytest.raises(OtpExpired):
        stage.act(take_over, first)
    accepted(stage.act(take_over, typed(stage)))


def test_a_wrong_code_is_counted_and_the_right_one_still_serves(stage: Stage) -> None:
    found = grown(stage)
    ask(stage, offer(stage, found))
    right = code_of(stage, OtpPurpose.TAKE_OVER)
    with pytest.raises(OtpWrong):
        accepted(stage.act(take_over, typed(stage, "0" * len(right) if right.strip("0") else "1" * len(right))))
    accepted(stage.act(take_over, typed(stage)))


def test_wrong_digits_are_counted_for_the_number_and_then_the_right_ones_are_not_taken(stage: Stage) -> None:
    found = grown(stage)
    digits = offer(stage, found)
    wrong = f"{(int(digits) + 1) % 10**6:06}"
    for _ in range(WRONG_BY_WARD.amount):
        with pytest.raises(HandOverWrong):
            ask(stage, wrong)
    with pytest.raises(TooMany):
        ask(stage, digits)
    with pytest.raises(HandOverWrong):
        ask(stage, digits, number=LI.number)


def test_a_phone_that_is_full_is_said_to_who_proved_it(stage: Stage) -> None:
    found = grown(stage)
    for person in (LI, WANG):
        full = stage.holder(person)
        index = stage.holder(LI).phone_index
        stage.write(lambda uow, full=full, index=index: uow.holders.update(replace(full, phone_index=index)))  # type: ignore[misc]  # bound at once
    ask(stage, offer(stage, found), phone=LI.phone)
    with pytest.raises(PhoneFull):
        accepted(stage.act(take_over, typed(stage)))
    assert account(stage, found.ward_id).phone_index is None


def test_digits_are_made_so_often_a_day(stage: Stage) -> None:
    found = grown(stage)
    for _ in range(HAND_OVERS.amount):
        offer(stage, found)
    with pytest.raises(TooMany):
        offer(stage, found)


# --- whose guardian left --------------------------------------------------------------------------------------------


def left(stage: Stage, *, years: int = 0) -> Guardianship:
    """Let the guardian of a grown child give up: the account stands frozen, and nobody signs in to it."""
    found = grown(stage, years=years)
    stage.act(leave_ward, LeaveWard(session_hash=LI.session, ward_id=found.ward_id))
    return found


def test_another_guardian_claims_a_minors_account_that_one_kept_and_hands_it_over(stage: Stage) -> None:
    found = left(stage)
    claimed = apply_for_child(applying(stage, WANG, number=GROWN.number), services=stage.services)
    assert (claimed.state, claimed.ward_id) == (S.ACTIVE, found.ward_id)
    assert account(stage, found.ward_id).state is HolderState.ACTIVE
    ask(stage, offer(stage, claimed, by=WANG.session))
    accepted(stage.act(take_over, typed(stage)))


def test_nobody_applies_for_a_minor_without_such_an_account_and_a_denied_relation_says_no_more(stage: Stage) -> None:
    minor = applying(stage, WANG, number=born("20110101"))
    with pytest.raises(NotAChild):
        apply_for_child(minor, services=stage.services)
    stage.authority.related_as = RelationAnswer.DENIED
    with pytest.raises(RelationDenied):
        apply_for_child(minor, services=stage.services)
    with pytest.raises(NotAChild):
        apply_for_child(applying(stage, WANG, number=born("19990101")), services=stage.services)


def test_staff_give_a_phone_to_an_adult_whose_guardian_left(stage: Stage) -> None:
    found = left(stage)
    stage.clock.moment = stage.clock.moment.replace(year=2030)
    run_birthdays(stage)
    assert account(stage, found.ward_id).state is HolderState.ACTIVE
    appeal(stage, found.ward_id)
    changed = account(stage, found.ward_id)
    assert changed.phone_index == phone_index(PHONE, keys=stage.keys)
    assert all(one.phone for one in stage.messages())


def test_staff_give_a_phone_to_an_adult_whose_guardian_hands_nothing_over(stage: Stage) -> None:
    found = grown(stage, years=5)
    appeal(stage, found.ward_id)
    run_birthdays(stage)
    assert guardianship(stage, found.guardianship_id).ended_by is CareEnd.AGE


def appeal(stage: Stage, ward_id: HolderId) -> None:
    """Let staff decide a number appeal for the child, and its waiting pass."""
    ticket = OpenTicket(
        session_hash=b"elsewhere", network=NETWORK, kind=TicketKind.NUMBER_APPEAL, words="...", secret="0" * 16
    )
    number = stage.act(open_ticket, ticket, calendar=WorkCalendar()).number
    command = AppealNumber(ticket_number=number, name=GROWN.name, number=GROWN.number, phone=PHONE)
    waits = appeal_number(command, by=operator(stage, "li.na"), services=stage.services)
    assert (waits.holder_id, waits.until) == (ward_id, stage.clock.now() + stage.services.deployment.appeal_wait)
    stage.clock.moment += stage.services.deployment.appeal_wait
    settle_due_phone_changes(services=stage.services)
