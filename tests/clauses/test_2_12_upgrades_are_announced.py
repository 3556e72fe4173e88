"""Clause 2.12: upgrades and maintenance are announced ahead with their times, shown meanwhile, and end in time."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.simulators.citizen import Citizen
from tests.simulators.service import Service

SAID = ("--effect-zh", "系统升级，服务暂停约一小时", "--effect-en", "An upgrade: the service pauses for about an hour")
_HOUR = 3600
_DAY = 24 * _HOUR


def status(service: Service) -> dict[str, Any]:
    found: dict[str, Any] = service.http.get("/v1/status").json()
    return found


def steps_of_past(service: Service) -> dict[str, list[str]]:
    """Return the steps of each incident that is over, by its id."""
    return {one["id"]: [update["step"] for update in one["updates"]] for one in status(service)["past"]}


def announce(service: Service, *, days_ahead: int) -> str:
    now = datetime.fromisoformat(status(service)["at"])
    start = now.replace(minute=0, second=0, microsecond=0) + timedelta(days=days_ahead, hours=1)
    window = ("--from", start.isoformat(), "--until", (start + timedelta(hours=1)).isoformat())
    done = service.run("incidents", "announce", "--kind", "upgrade", *window, *SAID, "--operator", "demo-li", "--json")
    assert done.returncode == 0, done.stderr
    service.wait_for(lambda: status(service)["announced"] != [])
    return str(json.loads(done.stdout)["id"])


@pytest.mark.timeout(180)
def test_an_upgrade_is_announced_shown_ahead_and_meanwhile_and_over_by_itself(service: Service) -> None:
    somebody = Citizen(service)
    incident_id = announce(service, days_ahead=10)
    assert SAID[1] in somebody.open("/status").text
    assert SAID[1] not in somebody.open("/").text
    service.advance(8 * _DAY)
    page = somebody.open("/").text
    assert "系统升级预告" in page
    assert SAID[1] in page
    assert "系统升级预告" in somebody.open("/desk/sign-in").text
    service.advance(2 * _DAY + _HOUR)
    assert "系统升级中" in somebody.open("/").text
    assert [one["id"] for one in status(service)["current"]] == [incident_id]
    service.wait_for(lambda: "x-eztong-notice" in service.http.get("/v1/verifications").headers)
    service.advance(2 * _HOUR)
    assert SAID[1] not in somebody.open("/").text
    service.wait_for(lambda: steps_of_past(service)[incident_id][-1] == "ended")


@pytest.mark.timeout(180)
def test_an_announcement_can_be_taken_back_and_that_is_told(service: Service) -> None:
    somebody = Citizen(service)
    incident_id = announce(service, days_ahead=1)
    done = service.run("incidents", "end", incident_id, "--operator", "demo-li")
    assert done.returncode == 0, done.stderr
    service.wait_for(lambda: status(service)["announced"] == [])
    assert "已取消" in somebody.open("/status").text


def test_work_is_not_announced_for_a_time_that_is_over(service: Service) -> None:
    late = service.run(
        *("incidents", "announce", "--kind", "maintenance", "--operator", "demo-li", *SAID),
        *("--from", "2020-01-01T01:00", "--until", "2020-01-01T02:00"),
    )
    assert late.returncode != 0
    assert "still to come" in late.stderr
