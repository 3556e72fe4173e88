"""The code by which a ward takes the account over: of one purpose, for one browser, and nothing without the digits."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

import pytest

from eztong.domain.access.otp import OtpPurpose
from eztong.domain.holder import Holder
from eztong.domain.identity.citizen_number import DocumentType
from eztong.domain.jobs.job import JobKind
from eztong.domain.notices import Topic
from eztong.usecases.jobs.run_due import run_due
from eztong.usecases.jobs.unreadable import UnreadableJobs
from eztong.usecases.registration.decide_application import resume_registration
from eztong.usecases.vault import number_index
from tests.flows.citizen.browser import PIN, Person
from tests.flows.proofs.stages import CODE_PAGES, VICTIM, Hand, Stage, ask, forgot
from tests.flows.proofs.test_matrix import FROM_OUTSIDE, is_bound

PARENT: Final = Person("测监护", "440000198806010100", "19900000010")
WARD: Final = Person("测小童", "440000201806010092", "19900000077")
TAKE_OVER: Final = OtpPurpose.TAKE_OVER
YEARS: Final = timedelta(days=7 * 366)
TICKS: Final = {"tick_service": "yes", "tick_authorisation": "yes"}


def account(stage: Stage) -> Holder:
    """Return the ward's account."""
    keys = stage.town.services.keys
    index = number_index(DocumentType.RESIDENT_ID.value, WARD.number, keys=keys)
    with stage.town.services.store.read() as stored:
        found = stored.holders.by_number_index(index)
    assert found is not None
    return found


@pytest.fixture
def digits(stage: Stage, victim: Hand) -> str:
    """The digits of a parent whose child is 14 since today; VICTIM has an account, too."""
    assert victim.person is VICTIM
    parent = stage.browser(PARENT)
    parent.register(PARENT)
    parent.set_pin()
    parent.get("/me/family/child")
    parent.send("/me/family/child", name=WARD.name, number=WARD.number, relation="parent", **TICKS)
    run_due(
        JobKind.REGISTRATION,
        lambda leased: resume_registration(leased, services=stage.town.services),
        services=stage.town.services,
        unreadable=UnreadableJobs(JobKind.REGISTRATION),
    )
    stage.pass_time(int(YEARS.total_seconds()))
    parent = stage.browser(PARENT)
    slip = ask(parent, OtpPurpose.SIGN_IN, PARENT)
    parent.send("/sign-in/code", slip=slip, otp=parent.newest_otp(), pin=PIN)
    (ward,) = re.findall(r'href="(/me/family/gdn_\w+)" data-ward', parent.get("/me/family").text)
    parent.get(f"{ward}/hand-over")
    parent.send(f"{ward}/hand-over", act="offer")
    (found,) = re.findall(r'data-hand-over="(\d{10})"', parent.page.text)
    return str(found)


def begin(hand: Hand, digits: str) -> dict[str, str]:
    """Type number, digits and phone; return slip and digits of the message as a form wants them."""
    hand.stage.pass_time(61)
    hand.get("/take-over")
    hand.send("/take-over", number=WARD.number, digits=digits, phone=WARD.phone)
    assert hand.at() == "/take-over/code", hand.page.text
    otp = hand.stage.messages(WARD.phone, Topic.OTP)[-1].params["otp"]
    return {"slip": hand.hidden()["slip"], "otp": str(otp)}


def send(hand: Hand, purpose: OtpPurpose, typed: dict[str, str]) -> None:
    """Type a code at the page of a purpose, with all else that one of these pages may want."""
    form = hand.hidden() | typed | {"pin": PIN, "reason": "pause"}
    hand.page = hand.client.post(CODE_PAGES[purpose][1], data=form)


def test_who_has_digits_number_and_phone_takes_over_and_is_asked_for_a_pin_and_consent(
    stage: Stage, digits: str
) -> None:
    hand = stage.browser(WARD)
    send(hand, TAKE_OVER, begin(hand, digits))
    assert hand.at() == "/unlock/setup"
    assert account(stage).phone_index is not None
    hand.send("/unlock/setup", act="pin", pin=PIN, again=PIN, next="/register")
    assert "tick_service" in hand.get("/register").text


def test_wrong_digits_or_another_number_bring_no_code(stage: Stage, digits: str) -> None:
    hand = stage.browser(WARD)
    for number, tried in ((WARD.number, f"{(int(digits) + 1) % 10**10:010}"), (VICTIM.number, digits)):
        hand.get("/take-over")
        hand.send("/take-over", number=number, digits=tried, phone=WARD.phone)
        assert 'id="digits-error"' in hand.page.text
    assert stage.messages(WARD.phone, Topic.OTP) == []


@pytest.mark.parametrize("purpose", FROM_OUTSIDE)
def test_it_opens_no_other_account_and_no_other_code_takes_over(stage: Stage, digits: str, purpose: OtpPurpose) -> None:
    hand = stage.browser(VICTIM)
    before = stage.standing(stage.holder(VICTIM).holder_id)
    own = begin(hand, digits)
    if purpose is OtpPurpose.REGISTER:
        hand.accept()
    slip = ask(hand, purpose, VICTIM)
    other = {"slip": slip, "otp": str(stage.messages(VICTIM.phone, Topic.OTP)[-1].params["otp"])}
    for typed in (own, {"slip": slip, "otp": own["otp"]}):
        for more in ({}, forgot(VICTIM)):
            send(hand, purpose, typed | more)
            assert stage.standing(stage.holder(VICTIM).holder_id) == before
            assert not is_bound(hand)
    for typed in (other, {"slip": own["slip"], "otp": other["otp"]}):
        send(hand, TAKE_OVER, typed)
        assert account(stage).phone_index is None


def test_it_serves_no_other_browser(stage: Stage, digits: str) -> None:
    mine, other = stage.browser(WARD), stage.browser(VICTIM)
    own, theirs = begin(mine, digits), begin(other, digits)
    for typed in (own, {"slip": theirs["slip"], "otp": own["otp"]}):
        send(other, TAKE_OVER, typed)
        assert account(stage).phone_index is None
    send(mine, TAKE_OVER, {"slip": own["slip"], "otp": theirs["otp"]})
    assert account(stage).phone_index is None
    send(other, TAKE_OVER, theirs)
    assert is_bound(other)
