"""Clauses 4.1 and 4.2.5: whatever interrupts the service is told to everybody, with a way out, until it is over.

Staff open incidents, of a kind for whatever nobody foresaw; the service opens one itself when the authority is away.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.simulators.citizen import Citizen
from tests.simulators.service import Service

SAID = ("--effect-zh", "机房停电，服务时断时续", "--effect-en", "A power cut: the service comes and goes")
HEADER = "x-eztong-notice"
_MINUTE = 60


def status(service: Service) -> dict[str, Any]:
    found: dict[str, Any] = service.http.get("/v1/status").json()
    return found


def current(service: Service) -> list[str]:
    return [one["kind"] for one in status(service)["current"]]


def opened(service: Service, *more: str) -> str:
    done = service.run("incidents", "open", *SAID, *more, "--operator", "demo-li", "--json")
    assert done.returncode == 0, done.stderr
    service.wait_for(lambda: current(service) != [])
    return str(json.loads(done.stdout)["id"])


def ended(service: Service, incident_id: str) -> None:
    done = service.run("incidents", "end", incident_id, "--operator", "demo-wang")
    assert done.returncode == 0, done.stderr
    service.wait_for(lambda: current(service) == [])


@pytest.mark.timeout(180)
def test_an_incident_of_the_catch_all_kind_stands_on_every_page_with_what_to_do(service: Service) -> None:
    somebody = Citizen(service)
    assert "一切正常" in somebody.open("/status").text
    incident_id = opened(service)
    for path in ("/", "/sign-in", "/register", "/about"):
        page = somebody.open(path).text
        assert SAID[1] in page, path
        assert "请携带实体证件" in page, path
    assert "请客人出示实体证件" in somebody.open("/desk/sign-in").text
    assert SAID[3] in somebody.open("/status?lang=en").text
    (told,) = status(service)["current"]
    assert (told["id"], told["kind"], told["effect"]["en"]) == (incident_id, "other", SAID[3])
    ended(service, incident_id)
    assert SAID[1] not in somebody.open("/?lang=zh-CN").text
    assert SAID[1] in somebody.open("/status").text


@pytest.mark.timeout(180)
def test_each_step_names_who_did_it_and_the_public_reads_no_login(service: Service) -> None:
    incident_id = opened(service)
    ended(service, incident_id)
    shown = json.loads(service.run("incidents", "show", incident_id, "--json").stdout)
    assert [(one["step"], one["operator"]) for one in shown["updates"]] == [
        ("opened", "demo-li"),
        ("ended", "demo-wang"),
    ]
    for public in ("/status", "/v1/status"):
        text = service.http.get(public).text
        assert "demo-li" not in text
        assert "demo-wang" not in text


@pytest.mark.timeout(180)
def test_partners_are_told_and_no_outage_becomes_a_mismatch(service: Service) -> None:
    hotel = service.partners["hotel"]
    holder = service.somebody()
    incident_id = opened(service, "--affects", "registration")
    answer = hotel.verify(service.code(holder)["qr"], "hotel_check_in")
    assert incident_id in answer.headers[HEADER]
    assert answer.json()["outcome"] == "passed"
    ended(service, incident_id)
    assert HEADER not in hotel.get("/v1/verifications").headers


@pytest.mark.timeout(180)
def test_an_authority_that_stays_away_opens_its_own_incident_and_ends_it_when_it_is_back(service: Service) -> None:
    holder = service.somebody()
    service.fault("down")
    # Not at once: what is over in a moment alarms nobody.
    service.advance(2 * _MINUTE)
    assert current(service) == []
    service.wait_for(lambda: current(service) == ["authority"], advance=_MINUTE)
    assert "身份机构暂时无法答复" in service.http.get("/", headers={"accept-language": "zh-CN"}).text
    assert service.holder("P24")["state"] == "applied"
    passed = service.partners["hotel"].verify(service.code(holder)["qr"], "hotel_check_in")
    assert passed.json()["outcome"] == "passed"
    service.fault("none")
    service.wait_for(lambda: current(service) == [])
    assert status(service)["past"][0]["kind"] == "authority"
    service.wait_for(lambda: service.holder("P24")["state"] == "active", advance=_MINUTE)
