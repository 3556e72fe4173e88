"""Clause 3.3: a holder can look at the own data and take it along, nobody else's; what was checked stays as it is."""

from __future__ import annotations

import json
import re

import httpx
import pytest

from tests.simulators.own_copy import copy_of, signed_in, take_copy
from tests.simulators.pdf_reading import squeezed, text_of
from tests.simulators.service import Service


def get(service: Service, holder_id: str, path: str) -> httpx.Response:
    """Open a page as the holder, in a fresh and unlocked session."""
    session = service.http.post(f"/v1/test_helpers/holders/{holder_id}/sessions").json()
    with httpx.Client(base_url=service.url, cookies={session["cookie"]: session["token"]}) as browser:
        return browser.get(path)


def test_the_export_is_of_ones_own_records_only(service: Service) -> None:
    one, other = str(service.holder("P01")["id"]), str(service.holder("P02")["id"])
    hotel = service.partners["hotel"]
    mine = hotel.verify(service.code(one)["qr"], "hotel_check_in", desk="front-1").json()["id"]
    theirs = hotel.verify(service.code(other)["qr"], "hotel_check_in").json()["id"]
    records = get(service, one, "/records/export/json").json()["records"]
    assert [record["id"] for record in records] == [mine]
    assert records[0]["place"] == "前台一"
    assert get(service, one, f"/records/{theirs}").status_code == 404
    assert get(service, one, f"/records/{theirs}/proof").status_code == 404
    assert get(service, one, f"/records/{mine}/proof").json()["document"]["id"] == mine


def test_the_copy_holds_one_row_for_everything_that_was_done(service: Service) -> None:
    holder_id = str(service.holder("P32")["id"])
    hotel = service.partners["hotel"]
    code = service.code(holder_id)["qr"]
    for desk in ("front-1", "front-2"):
        hotel.verify(code, "hotel_check_in", desk=desk)
    asked = hotel.post("/v1/requests", {"scene": "hotel_check_in", "wants": ["age_over_18"], "grant_days": 7}).json()
    service.answer(asked["id"], "approve", "P32").raise_for_status()
    citizen = signed_in(service, holder_id)
    citizen.open("/grants")
    citizen.send("/grants/partners/library", switch="off")
    citizen.open("/feedback")
    citizen.send("/feedback", kind="question", words="这是谁看过的？")
    copy = take_copy(citizen)
    assert len(copy["sessions"]) == 3, "registering, answering, and this browser"
    once = ("account", "person", "codes", "refused_tries", "replay_warnings", "answered_requests", "grants", "tickets")
    twice = ("acceptances", "verifications", "devices")
    assert {part: len(copy[part]) for part in once + twice} == dict.fromkeys(once, 1) | dict.fromkeys(twice, 2)
    assert [switch["partner_id"] for switch in copy["partner_switches"]] == ["library"]
    assert copy["verifications"][0]["result"]["claims"]["age_over_18"] is True
    assert copy["passkeys"] == copy["pin"] == copy["reports"] == copy["recoveries"] == copy["acts"] == []
    happened = [event["kind"] for event in copy["events"]]
    for kind in ("registration_approve", "device_bound", "partner_switched", "ticket_opened", "data_exported"):
        assert kind in happened, kind


def test_who_saw_the_data_is_listed_with_staff_and_partners_and_in_the_copy(service: Service) -> None:
    holder_id = str(service.holder("P11")["id"])
    hotel = service.partners["hotel"]
    asked = hotel.post("/v1/requests", {"scene": "hotel_check_in", "wants": ["age_over_18"], "grant_days": 7}).json()
    service.answer(asked["id"], "approve", "P11").raise_for_status()
    citizen = signed_in(service, holder_id)
    citizen.open("/feedback")
    citizen.send("/feedback", kind="question", words="这是谁看过的？")
    listed = json.loads(service.run("feedback", "list", "--json").stdout)["tickets"]
    shown = service.run("feedback", "show", max(one["number"] for one in listed))
    assert shown.returncode == 2, "nobody reads without saying who"
    for one in listed:
        assert service.run("feedback", "show", one["number"], "--operator", "demo-li").returncode == 0
    seen = re.findall(r'data-seen="([a-z_]+)" data-viewer="([a-z]+)"', citizen.open("/me/seen").text)
    assert seen == [("ticket_read", "staff"), ("told", "partner"), ("registration_checked", "authority")]
    assert "demo-li" not in citizen.open("/me/seen").text
    copied = [one["occasion"] for one in take_copy(citizen)["who_saw"]]
    assert copied == ["own_copy", *(occasion for occasion, _viewer in seen)]


def test_the_copy_shows_the_values_of_registration_in_full(service: Service) -> None:
    (account,) = copy_of(service, str(service.holder("P01")["id"]))["account"]
    assert (account["name"], account["document_number"]) == ("测一一", "11000019900307001X")


def test_the_copy_is_there_to_print_too(service: Service) -> None:
    citizen = signed_in(service, str(service.holder("P01")["id"]))
    citizen.open("/me/data")
    printed = citizen.send("/me/data", file="pdf")
    assert printed.headers["content-type"] == "application/pdf"
    read = squeezed(text_of(printed.content))
    for value in ("测一一", "11000019900307001X", "19900000001", "签过的协议", "核验"):
        assert value in read


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/me", "/me/data", "/me/devices", "/register/identity", "/v1/holders"])
def test_no_route_changes_a_name_or_number_that_was_checked(service: Service, method: str, path: str) -> None:
    holder_id = str(service.holder("P01")["id"])
    citizen = signed_in(service, holder_id)
    citizen.open("/me")
    changed = {"name": "测假", "number": "110000199003080023", "phone": "19900000009"}
    citizen.http.request(method, path, data=citizen.hidden() | changed)
    assert "测*一" in citizen.open("/me").text
    (account,) = copy_of(service, holder_id)["account"]
    assert (account["name"], account["document_number"], account["phone"]) == (
        "测一一", "11000019900307001X", "19900000001",
    )  # fmt: skip


def test_the_page_says_why_name_and_number_are_locked_and_how_to_correct_them(service: Service) -> None:
    holder_id = str(service.holder("P01")["id"])
    assert 'href="/me/correct"' in get(service, holder_id, "/me").text
    page = get(service, holder_id, "/me/correct").text
    assert "不能直接改；可以申请更正" in page
    assert "contact@example.invalid" in page
