"""Of a child who applied alone the store keeps nothing, column by column (clause P-5; PIPL art. 31)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.simulators.citizen import Citizen
from tests.simulators.service import Service, running

PHONES = ("19900000109", "19900000111")
CHILD = ("测小童", "440000201806010092")
NOT_OF_A_CHILD = {"inbox", "jobs"}
"""The sandbox's own inbox, and sent messages, whose payload is empty."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(tmp_path_factory.mktemp("child") / "data") as started:
        yield started


def shell(service: Service) -> dict[str, object]:
    """Return the newest account's row."""
    with closing(sqlite3.connect(f"file:{service.database}?mode=ro", uri=True)) as database:
        database.row_factory = sqlite3.Row
        return dict(database.execute("SELECT * FROM holders ORDER BY holder_id DESC LIMIT 1").fetchone())


def phone_rows(service: Service) -> int:
    """Count the rows that carry any phone's blind index, in every table."""
    tables = service.rows(
        "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' "
        "AND c.name = 'phone_index'"
    )
    counts = [
        service.rows(f"SELECT count(*) FROM {table} WHERE phone_index IS NOT NULL")[0][0]  # noqa: S608 - the schema's names
        for (table,) in tables
        if table not in NOT_OF_A_CHILD
    ]
    assert len(counts) >= 3
    return sum(counts)


def check_nothing_is_left(service: Service) -> None:
    row = shell(service)
    assert row["reason"] == "guardian_must_apply"
    for column in ("number_index", "phone_index", "sealed_number", "sealed_name", "sealed_phone", "sealed_eid_mark"):
        assert row[column] is None, column
    assert row["document_type"] is None
    assert service.rows("SELECT 1 FROM devices WHERE holder_id = ?", row["holder_id"]) == []
    sealed = service.rows("SELECT sealed_context FROM acceptances WHERE holder_id = ?", row["holder_id"])
    assert sealed == [(b"",), (b"",)]
    told = service.rows("SELECT device_id, phone_index FROM sessions WHERE holder_id = ?", row["holder_id"])
    assert set(told) <= {(None, None)}
    assert service.rows("SELECT 1 FROM jobs WHERE holder_id = ?", row["holder_id"]) == []
    assert service.rows("SELECT 1 FROM persons WHERE holder_id = ?", row["holder_id"]) == []


def test_name_number_phone_and_draft_are_gone_and_the_page_says_what_to_do_also_the_second_time(
    service: Service,
) -> None:
    before = phone_rows(service)
    name, number = CHILD
    for phone in PHONES:
        citizen = Citizen(service)
        citizen.accept()
        citizen.confirm_phone(phone)
        page = citizen.identify(name, number).text
        assert "请由监护人为您申请" in page
        assert "都没有保存" in page
        assert "受理编号" not in page
        check_nothing_is_left(service)
        assert phone_rows(service) == before
        assert "都没有保存" in citizen.open("/register/result").text
        citizen.send("/register/identity", name=name, number=number)
        assert "都没有保存" in citizen.open("/register/result").text
    told = {item["topic"] for item in json.loads(service.inbox()) if item["phone"] in PHONES}
    assert told <= {"otp"}, "no decision goes to a phone that is not kept"


def test_a_parent_may_then_apply_in_the_same_browser(service: Service) -> None:
    citizen = Citizen(service)
    citizen.accept()
    citizen.confirm_phone("19900000110")
    citizen.identify(*CHILD)
    assert 'href="/register"' in citizen.page
    assert citizen.register("测改名", "110000199701060249", "19900000120").url.path == "/register/result"
    assert shell(service)["state"] == "active"


def test_the_test_helper_keeps_nothing_either(service: Service) -> None:
    before = phone_rows(service)
    for _ in range(2):
        answer = service.holder("P09")
        assert (answer["state"], answer["reason"]) == ("supplement_needed", "guardian_must_apply")
        check_nothing_is_left(service)
    assert phone_rows(service) == before


def test_who_is_fourteen_is_kept_until_the_guardian_confirms(service: Service) -> None:
    assert service.holder("P27")["reason"] == "guardian_must_confirm"
    assert shell(service)["sealed_number"] is not None
