"""From 14 on an account goes over to its holder: digits of the guardian, the own number, and a phone of one's own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.access.otp import OtpPurpose
from eztong.domain.errors import AgreementNotAccepted, OtpExpired, OtpWrong, TooMany
from eztong.domain.events import EventKind
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.guardianship.guardianship import (
    HAND_OVER_DIGITS,
    HAND_OVERS,
    INVITATION_LIFE,
    WRONG_BY_WARD,
    CareEnd,
    GuardianshipState,
    HandOverNotPossible,
    HandOverWrong,
    WardActsAlone,
    WardMissing,
)
from eztong.domain.holder import FreezeCause, PhoneFull
from eztong.i18n.notices import render_text
from eztong.usecases.access.find_session import find_unlocked
from eztong.usecases.agreements.check_consent import check_consent
from eztong.usecases.agreements.withdraw_authorisation import withdraw_authorisation
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.freezing.freeze_ward import StopWard, freeze_ward, release_ward
from eztong.usecases.guardianship.confirm_ward import confirm_ward
from eztong.usecases.guardianship.limit_ward import withdraw_for_ward
from eztong.usecases.guardianship.show_code import ShowWardCode, show_ward_code
from eztong.usecases.guardianship.take_over import take_over
from eztong.usecases.refusal import accepted
from tests.unit.usecases.access.ways import FRESH
from tests.unit.usecases.contact.acts import digits as code_of
from tests.unit.usecases.guardianship.family import (
    MINOR,
    account,
    confirmed_minor,
    confirming,
    guardianship,
    happened,
    invite,
    kinds,
    registered_child,
    waiting_minor,
)
from tests.unit.usecases.guardianship.handing import GROWN, PHONE, ask, grown, offer, taken, typed
from tests.unit.usecases.stage import LI, WANG, Stage

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
    ended = next(one for one in happened(stage, found.ward_id) if one.kind is EventKind.AUTHORISATION_WITHDRAWN)
    assert ended.fact("why") == "handed_over"
    told = {(one.topic.value, one.phone, one.params.get("role")) for one in stage.messages()}
    assert {("taken_over", PHONE, "ward"), ("taken_over", LI.phone, "guardian")} <= told
    (own,) = [render_text(one) for one in stage.messages() if (one.topic.value, one.phone) == ("taken_over", PHONE)]
    assert "72 小时内，监护人可以收回账户" in own
    assert ("authorisation_withdrawn", PHONE, None) not in told
    acts = stage.read(lambda stored: stored.acts.of_holder(found.ward_id))
    assert ActKind.ACCOUNT_TAKEN_OVER in {one.kind for one in acts}


def test_the_guardians_consent_ends_and_what_only_a_child_needs_does_too(stage: Stage) -> None:
    found = grown(stage)
    taken(stage, found)
    with pytest.raises(AgreementNotAccepted):
        stage.read(lambda stored: check_consent(found.ward_id, stored=stored))
    with pytest.raises(WardActsAlone):
        stage.act(withdraw_for_ward, LI.session, found.ward_id, understood=True)
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
    told = {one.phone: render_text(one) for one in stage.messages() if one.topic.value == "taken_over"}
    assert set(told) == {PHONE, LI.phone}
    assert not any("收回" in text for text in told.values()), "of somebody of age nothing is had back"
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


def test_no_strangers_tries_keep_the_ward_out_nor_a_guardian_out_of_an_invitation(stage: Stage) -> None:
    found = grown(stage)
    waiting_minor(stage)
    invited, digits = invite(stage), offer(stage, found)
    wrong = f"{(int(digits) + 1) % 10**HAND_OVER_DIGITS:0{HAND_OVER_DIGITS}}"
    for number in (GROWN.number, MINOR.number):
        for _ in range(WRONG_BY_WARD.amount + 1):
            with pytest.raises(HandOverWrong):
                ask(stage, wrong, number=number)
    with pytest.raises(HandOverWrong):
        ask(stage, digits, number=LI.number)
    ask(stage, digits)
    assert confirm_ward(confirming(invited), services=stage.services).state is S.ACTIVE


@pytest.mark.parametrize("what", ["guardian is frozen", "guardian was frozen", "ward was frozen", "nothing passes"])
def test_digits_end_with_what_stops_either_side(stage: Stage, what: str) -> None:
    found = grown(stage)
    digits = offer(stage, found)
    if what == "nothing passes":
        stage.act(withdraw_authorisation, LI.session)
    elif what == "ward was frozen":
        stop = StopWard(session_hash=LI.session, ward_id=found.ward_id)
        stage.act(freeze_ward, stop)
        stage.act(release_ward, stop)
    else:
        command = FreezeHolder(holder_id=stage.holder_id(LI), cause=FreezeCause.SELF, channel="test")
        stage.act(freeze_holder, command)
        if what == "guardian was frozen":
            frozen = stage.holder(LI)
            stage.write(lambda uow: uow.holders.move(frozen, frozen.unfrozen()))
    with pytest.raises(HandOverWrong):
        ask(stage, digits)


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
