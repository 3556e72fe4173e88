"""The codes that change a phone: of one account, one browser and one purpose each; no other opens or changes it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from eztong.domain.access.otp import OtpPurpose
from eztong.domain.notices import Topic
from tests.flows.citizen.browser import PIN
from tests.flows.proofs.stages import ATTACKER, CODE_PAGES, VICTIM, Hand, Stage, ask, forgot

NEW = "19900000077"
FROM, TO = OtpPurpose.CHANGE_FROM, OtpPurpose.CHANGE_TO
OUTSIDE = [purpose for purpose in OtpPurpose if purpose not in {FROM, TO}]


def ask_change(stage: Stage, hand: Hand, phone: str = NEW) -> dict[str, str]:
    """Ask to change the phone in the person's own browser; return slips and digits as the form wants them."""
    stage.pass_time(61)
    hand.unlock()
    hand.get("/me/phone")
    hand.send("/me/phone", phone=phone, way="both", act="ask")
    hand.get("/me/phone/code")
    hidden = hand.hidden()
    old = stage.messages(hand.person.phone, Topic.OTP)[-1].params["otp"]
    new = stage.messages(phone, Topic.OTP)[-1].params["otp"]
    return {"slip_old": hidden["slip_old"], "otp_old": old, "slip_new": hidden["slip_new"], "otp_new": new}


def send(hand: Hand, codes: Mapping[str, str], path: str = "/me/phone/code", **more: str) -> None:
    hand.get("/me/phone")
    hand.page = hand.client.post(path, data=hand.hidden() | dict(codes) | more)


def test_both_codes_in_the_browser_that_asked_change_the_phone(stage: Stage, victim: Hand) -> None:
    before = stage.holder(VICTIM)
    codes = ask_change(stage, victim)
    send(victim, codes)
    with stage.town.services.store.read() as stored:
        after = stored.holders.get(before.holder_id)
    assert after is not None
    assert after.phone_index != before.phone_index


def test_they_do_nothing_in_the_browser_of_another_account_whoever_was_asked_first(
    stage: Stage, victim: Hand, attacker: Hand
) -> None:
    ask(attacker, OtpPurpose.SIGN_IN, ATTACKER)
    attacker.send("/sign-in/code", otp=attacker.newest_otp(), pin=PIN)
    own = ask_change(stage, victim)
    foreign = ask_change(stage, attacker, phone="19900000078")
    before = stage.standings()
    for codes in (
        own,
        foreign | {"slip_old": own["slip_old"], "otp_old": own["otp_old"]},
        foreign | {"otp_old": own["otp_old"]},
        foreign | {"slip_new": own["slip_new"], "otp_new": own["otp_new"]},
    ):
        send(attacker, codes)
        assert stage.standings() == before


@pytest.mark.parametrize("purpose", OUTSIDE)
def test_they_open_nothing_that_a_code_of_another_purpose_opens(
    stage: Stage, victim: Hand, purpose: OtpPurpose
) -> None:
    codes = ask_change(stage, victim)
    before = stage.standing(stage.holder(VICTIM).holder_id)
    for which in ("old", "new"):
        form = {"slip": codes[f"slip_{which}"], "otp": codes[f"otp_{which}"], "pin": PIN, "reason": "phone_lost"}
        for more in ({}, forgot(VICTIM)):
            send(victim, form, CODE_PAGES[purpose][1], **more)
            assert stage.standing(stage.holder(VICTIM).holder_id) == before


@pytest.mark.parametrize("purpose", [OtpPurpose.SIGN_IN, OtpPurpose.FREEZE, OtpPurpose.RECOVER])
def test_a_code_of_another_purpose_does_not_stand_for_either(stage: Stage, victim: Hand, purpose: OtpPurpose) -> None:
    codes = ask_change(stage, victim)
    slip = ask(victim, purpose, VICTIM)
    other = stage.messages(VICTIM.phone, Topic.OTP)[-1].params["otp"]
    holder_id = stage.holder(VICTIM).holder_id
    before = stage.standing(holder_id)
    for which in ("old", "new"):
        for form in ({f"slip_{which}": slip, f"otp_{which}": other}, {f"otp_{which}": other}):
            send(victim, codes | form)
            assert stage.standing(holder_id) == before
