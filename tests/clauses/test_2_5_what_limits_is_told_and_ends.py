"""Clause 2.5: whose data is untrue or has run out uses less, is told why, and gets the rest back by a check."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulators.citizen import Citizen
from tests.simulators.problems import expect_outcome, expect_problem
from tests.simulators.service import Service, running

P01_NUMBER = "11000019900307001X"
P06 = ("测过期", "330000197809090062", "19900000006")
P11 = ("测买·艾试", "650000199202020117", "19900000011")
DAY = 24 * 3600
HOTEL, SIGNING = "hotel_check_in", "contract_signing"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A sandbox of this module's own on 2026-02-04: a new card of P06 comes within the life of a session."""
    with running(tmp_path_factory.mktemp("sandbox") / "data") as service:
        service.advance(20 * DAY)
        yield service


def outcome(service: Service, citizen: Citizen, partner: str, scene: str) -> str:
    citizen.unlock()
    answer = service.partners[partner].verify(citizen.show_code(), scene)
    assert answer.status_code == 200, answer.text
    assert "expired" not in answer.text
    return str(answer.json()["outcome"])


def marks(citizen: Citizen) -> list[str]:
    citizen.open("/me/identity")
    return re.findall(r'data-mark="(\w+)"', citizen.page)


def test_an_expired_card_works_where_little_is_asked_until_a_check_finds_the_new_one(service: Service) -> None:
    citizen = Citizen(service)
    citizen.register(*P06)
    assert outcome(service, citizen, "hotel", HOTEL) == "passed"
    assert outcome(service, citizen, "esign", SIGNING) == "not_passed"
    assert marks(citizen) == ["document_expired"]
    assert "您的身份证件过了有效期" in citizen.page
    assert "要求不高的场景照常能用" in citizen.page
    assert "换领新证后" in citizen.page
    citizen.send("/me/identity")
    assert 'data-result="expired"' in citizen.page

    service.advance(26 * DAY)
    assert outcome(service, citizen, "esign", SIGNING) == "not_passed", "nothing is lifted by time alone"
    citizen.open("/me/identity")
    citizen.send("/me/identity")
    assert 'data-result="confirmed"' in citizen.page
    assert 'data-past="document_expired"' in citizen.page
    assert outcome(service, citizen, "esign", SIGNING) == "passed"
    service.wait_for(lambda: "restriction_lifted" in service.inbox())
    log = citizen.open("/me/devices").text
    assert "一项限制已解除" in log
    assert "账户的使用受到限制" in log


def test_a_partner_cannot_tell_a_mark_of_the_staff_from_a_freeze(service: Service, tmp_path: Path) -> None:
    file = tmp_path / "number.txt"
    file.write_text(P01_NUMBER)
    limited, frozen = service.holder("P01")["id"], service.holder("P02")["id"]
    codes = [service.code(holder)["qr"] for holder in (limited, frozen)]
    given = ("--reason", "misuse", "--ceiling", "none", "--operator", "demo-li", "--number-file", str(file))
    done = service.run("holders", "restrict", *given)
    assert done.returncode == 0, done.stderr
    assert P01_NUMBER not in done.stdout + done.stderr
    service.freeze(frozen)
    answers = [expect_outcome(service.partners["hotel"].verify(code, HOTEL), "not_passed")["result"] for code in codes]
    first, second = ({key: answer[key] for key in answer.keys() - {"id", "at"}} for answer in answers)
    assert first == second
    expect_problem(service.ask_code(limited), 409, "nothing_passes")


def test_while_the_authority_is_away_nothing_is_decided_and_low_scenes_go_on(service: Service) -> None:
    citizen = Citizen(service)
    citizen.register(*P11)
    service.fault("down")
    try:
        citizen.open("/me/identity")
        assert citizen.send("/me/identity").status_code == 503
        assert marks(citizen) == []
        assert outcome(service, citizen, "hotel", HOTEL) == "passed"
    finally:
        service.fault("none")


def test_whoever_pauses_the_use_of_the_own_data_passes_nowhere_and_loses_nothing(service: Service) -> None:
    citizen = Citizen(service)
    citizen.register("测闰日", "11000020000229026X", "19900000072")
    citizen.open("/me/pause")
    citizen.send("/me/pause", act="pause")
    assert marks(citizen) == ["asked"]
    assert citizen.open("/code").url.path == "/me/identity"
    assert citizen.open("/records").status_code == citizen.open("/me/agreements").status_code == 200
    citizen.unlock()
    citizen.open("/me/pause")
    citizen.send("/me/pause", act="resume")
    assert outcome(service, citizen, "hotel", HOTEL) == "passed"
