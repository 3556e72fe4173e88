"""Clause 3.3: a holder can look at the own data and take it along, nobody else's; what was checked stays as it is."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from tests.flows.citizen.me.test_my_data import TOLD_IN
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


def open_browser(service: Service, holder_id: str) -> httpx.Client:
    """Return a browser in which the holder is signed in, unlocked."""
    session = service.http.post(f"/v1/test_helpers/holders/{holder_id}/sessions").json()
    return httpx.Client(base_url=service.url, cookies={session["cookie"]: session["token"]}, follow_redirects=True)


def csrf_of(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def take_copy(service: Service, holder_id: str) -> dict[str, Any]:
    with open_browser(service, holder_id) as browser:
        answer = browser.post("/me/data", data={"csrf": csrf_of(browser.get("/me/data").text)})
    answer.raise_for_status()
    copy: dict[str, Any] = answer.json()
    return copy


def test_the_copy_holds_as_many_rows_as_are_stored_in_every_class(service: Service) -> None:
    holder_id = str(service.holder("P32")["id"])
    hotel = service.partners["hotel"]
    code = service.code(holder_id)["qr"]
    for desk in ("front-1", "front-2"):
        hotel.verify(code, "hotel_check_in", desk=desk)
    copy = take_copy(service, holder_id)
    for table, part in TOLD_IN.items():
        ((stored,),) = service.rows(f"SELECT count(*) FROM {table} WHERE holder_id = ?", holder_id)  # noqa: S608 - own names
        assert len(copy[part]) == stored, table
    assert all(copy[part] for part in ("account", "acceptances", "devices", "sessions", "codes", "verifications"))
    assert len(copy["refused_tries"]) == 1


def test_the_copy_shows_the_values_of_registration_in_full(service: Service) -> None:
    (account,) = take_copy(service, str(service.holder("P01")["id"]))["account"]
    assert (account["name"], account["document_number"]) == ("测一一", "11000019900307001X")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/me", "/me/data", "/me/devices", "/register/identity", "/v1/holders"])
def test_no_route_changes_a_name_or_number_that_was_checked(service: Service, method: str, path: str) -> None:
    holder_id = str(service.holder("P01")["id"])
    before = service.rows("SELECT sealed_name, sealed_number FROM holders WHERE holder_id = ?", holder_id)
    with open_browser(service, holder_id) as browser:
        csrf = csrf_of(browser.get("/me").text)
        changed = {"csrf": csrf, "name": "测假", "number": "110000199003080023", "phone": "19900000009"}
        browser.request(method, path, data=changed)
        assert "测*一" in browser.get("/me").text
    assert service.rows("SELECT sealed_name, sealed_number FROM holders WHERE holder_id = ?", holder_id) == before


def test_the_page_says_why_name_and_number_are_locked_and_how_to_correct_them(service: Service) -> None:
    page = get(service, str(service.holder("P01")["id"]), "/me").text
    assert "不能自己改" in page
    assert "contact@example.invalid" in page
