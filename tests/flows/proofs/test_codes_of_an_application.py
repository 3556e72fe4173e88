"""The code that shows an application: of one purpose, for one browser; the phone has somebody else's account, too."""

from __future__ import annotations

from typing import Final

import pytest

from eztong.domain.access.otp import OtpPurpose
from eztong.domain.notices import Topic
from tests.flows.citizen.browser import PIN, Person
from tests.flows.proofs.stages import CODE_PAGES, VICTIM, Hand, Stage, ask, forgot
from tests.flows.proofs.test_matrix import FROM_OUTSIDE, is_bound

REFUSED: Final = Person("测无录", "310000198506160044", VICTIM.phone)
"""The authority knows nobody of this name and number: an application, and no account."""

APPLICATION: Final = OtpPurpose.APPLICATION
SEEN: Final = "/register/result"


@pytest.fixture
def applied(stage: Stage, victim: Hand) -> Hand:
    """A fresh browser of whoever was refused; the phone is one with the victim's."""
    assert victim.person is VICTIM
    stage.pass_time(61)
    assert 'data-state="refused"' in stage.browser(REFUSED).register(REFUSED).text
    return stage.browser(REFUSED)


def asked(stage: Stage, hand: Hand, purpose: OtpPurpose) -> dict[str, str]:
    """Ask for a code to the phone; return slip and digits as a form wants them."""
    stage.pass_time(61)
    slip = ask(hand, purpose, VICTIM)
    return {"slip": slip, "otp": stage.messages(VICTIM.phone, Topic.OTP)[-1].params["otp"]}


def send(hand: Hand, purpose: OtpPurpose, typed: dict[str, str]) -> None:
    """Type a code at the page of a purpose, with all else that one of these pages may want."""
    form = hand.hidden() | typed | {"pin": PIN, "reason": "pause", "last_four": REFUSED.number[-4:]}
    hand.page = hand.client.post(CODE_PAGES[purpose][1], data=form)


@pytest.mark.parametrize("purpose", FROM_OUTSIDE)
def test_it_opens_no_account_and_a_code_of_another_purpose_shows_no_application(
    stage: Stage, applied: Hand, purpose: OtpPurpose
) -> None:
    before = stage.standing(stage.holder(VICTIM).holder_id)
    if purpose is OtpPurpose.REGISTER:
        applied.accept()
    other = asked(stage, applied, purpose)
    own = asked(stage, applied, APPLICATION)
    for slip, otp in ((own["slip"], own["otp"]), (other["slip"], own["otp"])):
        for more in ({}, forgot(VICTIM)):
            send(applied, purpose, {"slip": slip, "otp": otp} | more)
            assert stage.standing(stage.holder(VICTIM).holder_id) == before
            assert not is_bound(applied)
    for slip, otp in ((other["slip"], other["otp"]), (own["slip"], other["otp"])):
        send(applied, APPLICATION, {"slip": slip, "otp": otp})
        assert applied.at() != SEEN
    send(applied, APPLICATION, own)
    assert applied.at() == SEEN
    assert 'data-state="refused"' in applied.page.text


def test_it_serves_no_other_browser(stage: Stage, applied: Hand) -> None:
    other = stage.browser(REFUSED)
    mine, theirs = asked(stage, applied, APPLICATION), asked(stage, other, APPLICATION)
    for slip in (mine["slip"], theirs["slip"]):
        send(other, APPLICATION, {"slip": slip, "otp": mine["otp"]})
        assert other.at() != SEEN
    send(applied, APPLICATION, theirs)
    assert applied.at() != SEEN
    other.get(CODE_PAGES[APPLICATION][1])
    send(other, APPLICATION, theirs)
    assert other.at() == SEEN


def test_a_phone_without_an_application_gets_none_and_the_page_is_the_same(stage: Stage, victim: Hand) -> None:
    stage.pass_time(61)
    before = len(stage.messages(VICTIM.phone, Topic.OTP))
    hand = stage.browser(VICTIM)
    ask(hand, APPLICATION, victim.person)
    assert hand.at() == CODE_PAGES[APPLICATION][1]
    assert len(stage.messages(VICTIM.phone, Topic.OTP)) == before
