"""Clause 2.7: the phone is the holder's to change, both numbers hear of it, and the old one can have it back."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from tests.simulators.citizen import PIN, Citizen
from tests.simulators.service import Service

_HOUR = 3600
COOLING = 72 * _HOUR
WAIT_FOR_ANOTHER_MESSAGE = 61
NAME, NUMBER = "测换号", "110000199701070252"
"""P25, whose old number is somebody else's one day."""

STRANGER = ("测冒用", "110000199107020324")
"""P32, who gets that number."""


@dataclass
class Numbers:
    """Numbers that no other test uses."""

    last: int = 19900002500

    def fresh(self) -> str:
        self.last += 1
        return str(self.last)


NUMBERS = Numbers()


def link_in(text: str) -> str:
    found = re.search(r"https?://[^/]+(/phone/keep/[\w-]+)", text)
    assert found is not None, text
    return found[1]


@pytest.fixture
def holder(service: Service) -> tuple[Citizen, str]:
    """P25 in the own browser; whoever plays again comes back by the phone that the account has."""
    return account(service)


@dataclass
class Kept:
    """The one account of P25, as the tests of this module leave it."""

    citizen: Citizen | None = None
    phone: str = ""


KEPT = Kept()


def account(service: Service) -> tuple[Citizen, str]:
    if KEPT.citizen is None:
        KEPT.citizen, KEPT.phone = Citizen(service), NUMBERS.fresh()
        KEPT.citizen.register(NAME, NUMBER, KEPT.phone)
    service.advance(COOLING + 181)
    be_signed_in(KEPT.citizen, KEPT.phone)
    KEPT.citizen.unlock()
    return KEPT.citizen, KEPT.phone


def be_signed_in(citizen: Citizen, phone: str) -> None:
    """Sign in again where so many days have passed that the session ended, and wait until another code is sent."""
    if "/sign-in" in citizen.open("/me/phone").url.path:
        sign_in(citizen, phone)
        citizen.service.advance(WAIT_FOR_ANOTHER_MESSAGE)


def sign_in(citizen: Citizen, phone: str, pin: str = PIN) -> str:
    """Sign in with message code and PIN; return the page that answered."""
    citizen.open("/sign-in")
    citizen.send("/sign-in", phone=phone)
    return citizen.send("/sign-in/code", otp=citizen.service.newest_otp(phone), pin=pin).url.path


def ask(citizen: Citizen, new: str, way: str) -> None:
    citizen.open("/me/phone")
    citizen.send("/me/phone", phone=new, way=way, act="ask")


def change(citizen: Citizen, old: str, new: str) -> str:
    ask(citizen, new, "both")
    sent = {"otp_new": citizen.service.newest_otp(new), "otp_old": citizen.service.newest_otp(old)}
    return citizen.send("/me/phone/code", **sent).text


def test_with_both_codes_it_changes_at_once_both_are_told_and_the_history_shows_it_masked(
    service: Service, holder: tuple[Citizen, str]
) -> None:
    citizen, old = holder
    new = NUMBERS.fresh()
    page = change(citizen, old, new)
    KEPT.phone = new
    assert "手机号刚更换过" in page
    assert f"{new[:3]}****{new[-4:]}" in page
    assert new not in page
    assert "换回" in service.newest_message("phone_changed", old)
    assert "手机号" in service.newest_message("phone_added", new)
    stranger = Citizen(service)
    stranger.open("/sign-in")
    stranger.send("/sign-in", phone=old)
    assert stranger.send("/sign-in/code", otp=service.newest_otp(old), pin=PIN).url.path == "/sign-in/code"


def test_while_it_cools_nothing_weighty_is_done_and_the_page_says_until_when(
    service: Service, holder: tuple[Citizen, str]
) -> None:
    citizen, old = holder
    new = NUMBERS.fresh()
    change(citizen, old, new)
    KEPT.phone = new
    assert 'name="name"' not in citizen.open("/me/correct").text
    assert "前不能" in citizen.page
    ask(citizen, NUMBERS.fresh(), "both")
    assert re.search(r"\d{1,2}:\d\d 前不能", citizen.page)
    assert citizen.send("/me/correct", name="测改").status_code == 409
    assert "前不能" in citizen.page
    service.advance(COOLING)
    be_signed_in(citizen, new)
    citizen.unlock()
    ask(citizen, NUMBERS.fresh(), "both")
    assert "otp_old" in citizen.page


def test_the_old_number_takes_it_back_once_without_signing_in(service: Service, holder: tuple[Citizen, str]) -> None:
    citizen, old = holder
    change(citizen, old, NUMBERS.fresh())
    link = link_in(service.newest_message("phone_changed", old))
    elsewhere = Citizen(service)
    assert "保留这个手机号" in elsewhere.open(link).text
    assert "手机号保持不变" in elsewhere.send(link, act="keep").text
    assert elsewhere.open(link).status_code == 409
    assert f"{old[:3]}****{old[-4:]}" in citizen.open("/me/phone").text
    assert "已换回原号码" in citizen.page


def test_after_72_hours_the_link_does_nothing(service: Service, holder: tuple[Citizen, str]) -> None:
    citizen, old = holder
    new = NUMBERS.fresh()
    change(citizen, old, new)
    KEPT.phone = new
    link = link_in(service.newest_message("phone_changed", old))
    service.advance(COOLING)
    assert Citizen(service).open(link).status_code == 409


def test_without_a_code_of_the_old_number_it_waits_and_takes_effect_by_itself(
    service: Service, holder: tuple[Citizen, str]
) -> None:
    citizen, old = holder
    new = NUMBERS.fresh()
    ask(citizen, new, "matched")
    page = citizen.send("/me/phone/code", otp_new=service.newest_otp(new), name=NAME, number=NUMBER).text
    assert "生效" in page
    link_in(service.newest_message("phone_waiting", old))
    service.newest_message("phone_coming", new)
    assert "阻止更换" in citizen.open("/me").text
    assert f"{old[:3]}****{old[-4:]}" in citizen.open("/me/phone").text
    service.advance(COOLING)
    service.newest_message("phone_added", new)
    KEPT.phone = new
    assert sign_in(Citizen(service), new) != "/sign-in/code"
    KEPT.citizen = Citizen(service)
    service.advance(WAIT_FOR_ANOTHER_MESSAGE)
    sign_in(KEPT.citizen, new)


@pytest.mark.parametrize("who", ["link", "device"])
def test_it_can_be_stopped_from_the_old_number_and_from_the_bound_device(
    service: Service, holder: tuple[Citizen, str], who: str
) -> None:
    citizen, old = holder
    new = NUMBERS.fresh()
    ask(citizen, new, "matched")
    citizen.send("/me/phone/code", otp_new=service.newest_otp(new), name=NAME, number=NUMBER)
    link = link_in(service.newest_message("phone_waiting", old))
    service.advance(181)
    if who == "link":
        elsewhere = Citizen(service)
        elsewhere.open(link)
        elsewhere.send(link, act="keep")
    else:
        # Locked: one press all the same.
        citizen.open("/me")
        citizen.send("/me/phone", act="keep")
    service.advance(COOLING)
    be_signed_in(citizen, old)
    assert "已阻止，没有更换" in citizen.open("/me/phone").text
    assert f"{old[:3]}****{old[-4:]}" in citizen.page


def test_somebody_elses_data_and_wrong_codes_change_nothing(service: Service, holder: tuple[Citizen, str]) -> None:
    citizen, old = holder
    new = NUMBERS.fresh()
    ask(citizen, new, "matched")
    otp = service.newest_otp(new)
    for fields in (
        {"otp_new": otp, "name": STRANGER[0], "number": STRANGER[1]},
        {"otp_new": f"{(int(otp) + 1) % 10**6:06d}", "name": NAME, "number": NUMBER},
    ):
        assert citizen.send("/me/phone/code", **fields).status_code in {409, 422}
    assert f"{old[:3]}****{old[-4:]}" in citizen.open("/me/phone").text


def test_whoever_gets_a_recycled_number_learns_nothing_and_opens_nothing(
    service: Service, holder: tuple[Citizen, str]
) -> None:
    """P25's story: the number was changed, the operator gave it to P32, whom it opens nothing to."""
    citizen, old = holder
    new = NUMBERS.fresh()
    change(citizen, old, new)
    KEPT.phone = new
    service.advance(COOLING + WAIT_FOR_ANOTHER_MESSAGE)
    stranger = Citizen(service)
    stranger.open("/sign-in")
    page = stranger.send("/sign-in", phone=old).text
    assert NAME[0] not in page
    service.settle()
    before = service.messages("otp", old)
    for path in ("/lost", "/recover"):
        stranger.open(path)
        stranger.send(path, name=NAME, number=NUMBER, reason="phone_lost")
    service.settle()
    assert service.messages("otp", old) == before
    # The number is free for its new owner.
    newcomer = Citizen(service)
    newcomer.accept()
    newcomer.open("/register/phone")
    newcomer.send("/register/phone", phone=old)
    newcomer.send("/register/otp", otp=service.newest_otp(old))
    newcomer.identify(*STRANGER)
    newcomer.set_pin()
    assert f"{old[:3]}****{old[-4:]}" in newcomer.open("/me/phone").text
    assert "测*号" not in newcomer.open("/me").text


def test_a_message_code_to_a_number_that_still_carries_an_account_opens_nothing_by_itself(
    service: Service, holder: tuple[Citizen, str]
) -> None:
    """The number was given away before its holder changed it: whoever reads its messages has neither PIN nor data."""
    citizen, old = holder
    service.advance(WAIT_FOR_ANOTHER_MESSAGE)
    stranger = Citizen(service)
    assert sign_in(stranger, old, pin="402983") == "/sign-in/code"
    assert NAME not in stranger.page
    assert stranger.open("/me").url.path != "/me"
    assert citizen.open("/me").url.path == "/me"
