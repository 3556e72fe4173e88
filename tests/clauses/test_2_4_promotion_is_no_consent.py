"""Clause 2.4, of promotion: promotional notices are off until their holder switches them on, and none comes."""

from __future__ import annotations

import re

from tests.simulators.citizen import Citizen
from tests.simulators.service import Service

CHOICES = "/me/notices/choices"


def signed_in(service: Service) -> Citizen:
    session = service.http.post(f"/v1/test_helpers/holders/{service.somebody()}/sessions").json()
    citizen = Citizen(service)
    citizen.http.cookies.set(session["cookie"], session["token"])
    return citizen


def promotions(page: str) -> str:
    """Return what the switch of promotional notices shows."""
    found = re.search(r'data-choice="promotions">.*?class="toggle[^"]*">([^<]+)<', page, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_switch_is_off_by_default_and_stays_as_its_holder_left_it(service: Service) -> None:
    citizen = signed_in(service)
    assert promotions(citizen.open(CHOICES).text) == "已关闭"
    citizen.send(CHOICES, act="promotions", switch="on")
    assert promotions(citizen.open(CHOICES).text) == "已打开"
    citizen.send(CHOICES, act="promotions", switch="off")
    assert promotions(citizen.open(CHOICES).text) == "已关闭"


def test_a_use_at_a_partner_brings_no_notice_that_nobody_chose(service: Service) -> None:
    holder = service.somebody()
    assert service.partners["hotel"].verify(service.code(holder)["qr"], "hotel_check_in").json()["outcome"] == "passed"
    service.advance(24 * 3600)
    topics = {message["topic"] for message in service.http.get("/sandbox/inbox?format=json").json()}
    assert topics <= {"otp", "registration_decided"}
