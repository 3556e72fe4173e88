"""Clause 3.3: what was checked is locked; the name changes by a correction that the authority confirms (PIPL 46)."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest

from tests.simulators.citizen import Citizen
from tests.simulators.service import Partner, Service

NOW, LATER = "测改名", "测新名"
"""P24 on file when the sandbox begins, and from 1 February 2026 on."""

NUMBER, PHONE = "110000199701060249", "19900002401"
LATER_AT = datetime(2026, 2, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def holder(service: Service) -> Citizen:
    citizen = Citizen(service)
    citizen.register(NOW, NUMBER, PHONE)
    return citizen


def partner_code(hotel: Partner, citizen: Citizen) -> str:
    citizen.unlock()
    answer = hotel.verify(citizen.show_code(), "hotel_check_in").json()
    return str(answer["result"]["partner_code"])


def correct(citizen: Citizen, name: str) -> str:
    citizen.unlock()
    citizen.open("/me/correct")
    return citizen.send("/me/correct", name=name).text


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_editing_a_locked_field_is_refused_with_the_way_to_a_correction(holder: Citizen, method: str) -> None:
    answer = holder.http.request(method, "/me", json={"name": LATER, "number": "110000199003080023"})
    assert answer.status_code == 403
    assert 'href="/me/correct"' in answer.text
    assert "测*名" in holder.open("/me").text
    assert 'href="/me/correct"' in holder.page


def test_the_name_changes_once_the_authority_has_it_and_partners_know_the_same_person(
    service: Service, holder: Citizen, hotel: Partner
) -> None:
    """P24's story."""
    before = partner_code(hotel, holder)
    page = correct(holder, LATER)
    assert "没有更正" in page
    assert "这个号码是别的姓名" in page
    found = re.search(r'href="/feedback/(\d{10})"', page)
    assert found is not None
    assert LATER in holder.open(f"/feedback/{found[1]}").text
    assert found[1] in service.run("feedback", "list", "--json").stdout
    clock = service.http.post("/v1/test_helpers/clock", json={"advance_seconds": 0}).json()["now"]
    service.advance(int((LATER_AT - datetime.fromisoformat(clock)).total_seconds()))
    assert "已更正" in correct(holder, LATER)
    holder.open("/me")
    assert LATER in holder.send("/me").text
    assert partner_code(hotel, holder) == before
    service.wait_for(lambda: any(item["topic"] == "name_corrected" for item in json.loads(service.inbox())))
    holder.open("/me/data")
    copy = holder.send("/me/data").json()
    assert [(one["old"], one["new"], one["state"]) for one in copy["corrections"]] == [
        (NOW, LATER, "applied"),
        (NOW, LATER, "refused"),
    ]
    for file in service.data_dir.rglob("*"):
        if file.is_file():
            assert LATER.encode() not in file.read_bytes(), file.name
