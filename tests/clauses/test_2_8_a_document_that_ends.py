"""Clause 2.8: the holder is reminded before the document ends, once each time, and less passes from the day after."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from datetime import date

import pytest

from tests.simulators.citizen import Citizen
from tests.simulators.service import Service, running

P07 = ("测将期", "330000197809100072", "19900000007")
DAY = 24 * 3600
HOTEL, SIGNING = "hotel_check_in", "contract_signing"
SETTLES_SECONDS = 2.0
"""So long nothing more may come after what is due came."""


@pytest.fixture
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A sandbox for each test: clocks are moved by weeks and years."""
    with running(tmp_path_factory.mktemp("sandbox") / "data") as service:
        yield service


def told(service: Service, topic: str) -> int:
    return sum(item["topic"] == topic for item in json.loads(service.inbox()))


def settled(service: Service, topic: str, count: int) -> None:
    """Wait for so many messages, and see that no more come."""
    service.wait_for(lambda: told(service, topic) >= count)
    time.sleep(SETTLES_SECONDS)
    assert told(service, topic) == count


def outcome(service: Service, citizen: Citizen, partner: str, scene: str) -> str:
    citizen.unlock()
    return str(service.partners[partner].verify(citizen.show_code(), scene).json()["outcome"])


def test_the_last_weeks_of_a_document_and_the_days_after(service: Service) -> None:
    """The card of P07 ends on 2026-02-10; the sandbox begins on 2026-01-15, and a new card comes on 2026-03-01."""
    citizen = Citizen(service)
    citizen.register(*P07)
    settled(service, "document_ends", 1)
    assert "2026年2月10日" in service.inbox()
    assert outcome(service, citizen, "esign", SIGNING) == "passed"

    service.advance(25 * DAY)
    settled(service, "document_ends", 2)
    assert "您登记的身份证件有效期至 2026年2月10日" in json.loads(service.inbox())[0]["text"]
    assert "2026年2月10日" in citizen.open("/me/identity").text

    service.advance(2 * DAY)
    service.wait_for(lambda: told(service, "account_restricted") == 1)
    assert told(service, "document_ends") in {2, 3}, "the last morning may have been seen, or jumped over"
    assert outcome(service, citizen, "hotel", HOTEL) == "passed"
    assert outcome(service, citizen, "esign", SIGNING) == "not_passed"
    assert re.findall(r'data-mark="(\w+)"', citizen.open("/me/identity").text) == ["document_expired"]
    assert "提醒过证件到期日" in citizen.open("/me/devices").text


def test_a_clock_that_jumps_over_several_reminders_makes_one(service: Service) -> None:
    """The card of P01 ends on 2036-01-14: four days before it, three mornings have passed."""
    service.holder("P01")
    before = told(service, "document_ends")
    service.advance((date(2036, 1, 10) - date(2026, 1, 15)).days * DAY)
    settled(service, "document_ends", before + 1)
    assert "2036年1月14日" in service.inbox()
