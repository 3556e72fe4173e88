"""Clause 4.2.3: who makes a mistake reads what it was and what to do, and what cannot be undone is asked twice."""

from __future__ import annotations

import re

import pytest

from tests.simulators.citizen import Citizen
from tests.simulators.own_copy import signed_in
from tests.simulators.problems import expect_outcome
from tests.simulators.service import Service

_ERROR = re.compile(r'data-error="([a-z_]+)"')


def check_error(page: str) -> None:
    """Check that a page tells a code, in words, with a way on."""
    main = page.partition("<main")[2].partition("</main>")[0]
    assert _ERROR.search(main), page
    words = re.sub(r"<[^>]+>", " ", main)
    assert len(re.findall(r"[\u4e00-\u9fff]", words)) >= 10, words
    assert not re.search(r"Traceback|Error:|[a-z]+_[a-z]+\(", words)
    assert re.search(r"<a [^>]*href=|<button", main), "nothing to do next"


@pytest.mark.parametrize("path", ["/documents/none", "/r/none", "/me/agreements/acc_x/receipt", "/records/vrf_x"])
def test_an_address_that_leads_nowhere_says_so_and_leads_on(service: Service, path: str) -> None:
    answer = signed_in(service, service.somebody()).open(path)
    assert answer.status_code == 404
    check_error(answer.text)


def test_a_form_of_yesterday_says_so_and_leads_on(service: Service) -> None:
    citizen = Citizen(service)
    citizen.open("/register")
    answer = citizen.http.post("/register", data={"csrf": "0" * 64})
    assert answer.status_code == 403
    assert "什么都没有记录" in answer.text
    assert "再按一次" in answer.text
    assert '<button class="button primary">' in answer.text


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("测一一", "110000199003070011"),
        ("测一一", "1100001990"),
        ("", "11000019900307001X"),
        ("12", "11000019900307001X"),
    ],
)
def test_a_slip_in_a_form_stands_beside_its_field_and_what_was_right_stays(
    service: Service, name: str, number: str
) -> None:
    citizen = Citizen(service)
    citizen.accept()
    service.advance(61)
    citizen.open("/register/phone")
    citizen.send("/register/phone", phone="19900000423")
    citizen.send("/register/otp", otp=service.newest_otp("19900000423"))
    answer = citizen.identify(name, number)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert f'value="{name}"' in answer.text or not name
    assert citizen.send("/register/identity", name="测一一", number=number).status_code in {200, 422}


def test_what_stops_the_account_is_asked_before_it_happens(service: Service) -> None:
    citizen = signed_in(service, service.somebody())
    for path in ("/freeze", "/me/agreements/withdraw"):
        assert f'action="{path}"' in citizen.open(path).text, "a page asks, and only its button does it"
    number = citizen.show_code()
    expect_outcome(service.partners["hotel"].verify(number, "hotel_check_in"), "passed")


def test_a_partner_that_was_switched_off_by_mistake_is_switched_on_again(service: Service) -> None:
    citizen = signed_in(service, service.somebody())
    for switch, outcome in (("off", "not_passed"), ("on", "passed")):
        citizen.open("/grants")
        citizen.send("/grants/partners/hotel", switch=switch)
        expect_outcome(service.partners["hotel"].verify(citizen.show_code(), "hotel_check_in"), outcome)
