"""GetWeChatBillDetails: yesterday's flows and questions, charged or not, page by page, and nobody else's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.simulators.service import Service, running
from tests.tencentcloud.conftest import credentials
from tests.tencentcloud.signers import Keys
from tests.tencentcloud.test_companions import P01, PHONE_OF_P01, ask, refused, result
from tests.tencentcloud.test_python_sdk import Client

ACTION = "GetWeChatBillDetails"
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module")
def billed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A sandbox of its own, because a day must pass in it."""
    with running(tmp_path_factory.mktemp("billed") / "data") as service:
        yield service


def sandbox_time(service: Service, *, advance: int = 1) -> datetime:
    """Move the clock and return what it shows in Shanghai."""
    moved = service.http.post("/v1/test_helpers/clock", json={"advance_seconds": advance}).json()["now"]
    return datetime.fromisoformat(moved).astimezone(SHANGHAI)


def wait_until(service: Service, hour: int) -> None:
    """Move the clock to the next time that it is ``hour`` in Shanghai."""
    now = sandbox_time(service)
    then = now.replace(hour=hour, minute=0, second=5)
    sandbox_time(service, advance=int((then + timedelta(days=then <= now) - now).total_seconds()))


def whole_bill(keys: Keys, day: str, **more: str) -> tuple[list[int], list[dict[str, Any]]]:
    """Read every page; return their sizes and all details."""
    sizes: list[int] = []
    details: list[dict[str, Any]] = []
    cursor = 0
    while True:
        page = ask(keys, ACTION, Date=day, Cursor=cursor, **more)
        sizes.append(len(page["WeChatBillDetails"]))
        details += page["WeChatBillDetails"]
        if not page["HasNextPage"]:
            return sizes, details
        cursor = page["NextCursor"]


def test_the_bill_of_a_day(billed: Service) -> None:
    service, given = billed, credentials(billed)
    hotel, game = given["hotel"], given["game"]
    day = sandbox_time(service).date().isoformat()
    token = Client(hotel).open()
    service.answer(token, "approve", "P01").raise_for_status()
    unanswered = Client(hotel).open()
    assert result(hotel, "IdCardVerification", **P01) == "0"
    assert result(hotel, "CheckPhoneAndName", Name="测一二", Mobile=PHONE_OF_P01) == "1"
    for number in range(99):
        assert result(hotel, "IdCardVerification", Name="测一一", IdCard=str(number)) == "-2"
    assert result(game, "IdCardVerification", **P01) == "0"

    assert refused(hotel, ACTION, Date=day, Cursor=0) == "InvalidParameterValue"
    wait_until(service, 5)
    assert refused(hotel, ACTION, Date=day, Cursor=0) == "InvalidParameterValue"
    wait_until(service, 6)
    assert refused(hotel, ACTION, Date="2024-01-01", Cursor=0) == "InvalidParameterValue"

    sizes, details = whole_bill(hotel, day)
    assert sizes == [100, 3]
    charged = {one["BizToken"]: one["ChargeCount"] for one in details}
    assert (charged[token], charged[unanswered], sum(charged.values())) == (1, 0, 3)
    assert len(charged) == 103
    findings = [one["ChargeDetails"][0]["ErrorCode"] for one in details if not one["RuleId"]]
    assert (findings[:2], set(findings[2:])) == (["match", "mismatch"], {"number_invalid"})
    assert all(P01["IdCard"] not in str(one) and P01["Name"] not in str(one) for one in details)

    _, flows = whole_bill(hotel, day, RuleId=hotel.merchant_id)
    assert {one["BizToken"] for one in flows} == {token, unanswered}
    assert [len(whole_bill(game, day)[1]), len(whole_bill(game, day, RuleId=hotel.merchant_id)[1])] == [1, 0]
