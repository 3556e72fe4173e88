"""Clause 2.3: the holder decides partner by partner; what was allowed can be taken back, and ends at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.simulators.service import Service

_CSRF = re.compile(r'name="csrf" value="([^"]+)"')


@contextmanager
def browser_of(service: Service, persona: str) -> Iterator[tuple[str, httpx.Client]]:
    """Give a holder and a browser that is signed in as that holder."""
    holder_id = str(service.holder(persona)["id"])
    session = service.http.post(f"/v1/test_helpers/holders/{holder_id}/sessions").json()
    cookies = {session["cookie"]: session["token"]}
    with httpx.Client(base_url=service.url, cookies=cookies, follow_redirects=True) as browser:
        yield holder_id, browser


def press(browser: httpx.Client, path: str, **fields: str) -> httpx.Response:
    """Send a form of the permissions page."""
    token = _CSRF.search(browser.get("/grants").text)
    assert token is not None
    return browser.post(path, data={"csrf": token[1], **fields})


def test_a_partner_that_is_switched_off_is_refused_at_once_and_others_are_not(service: Service) -> None:
    with browser_of(service, "P01") as (holder_id, browser):
        hotel, library = service.partners["hotel"], service.partners["library"]
        assert hotel.verify(service.code(holder_id)["qr"], "hotel_check_in").json()["outcome"] == "passed"
        assert press(browser, "/grants/partners/hotel", switch="off").status_code == 200
        refused = hotel.verify(service.code(holder_id)["qr"], "hotel_check_in").json()
        assert refused["outcome"] == "not_passed"
        assert "switched" not in str(refused)
        assert library.verify(service.code(holder_id)["qr"], "library_entry").json()["outcome"] == "passed"
        press(browser, "/grants/partners/hotel", switch="on")
        assert hotel.verify(service.code(holder_id)["qr"], "hotel_check_in").json()["outcome"] == "passed"


def test_a_withdrawn_grant_tells_nothing_at_the_next_verification(service: Service) -> None:
    hotel = service.partners["hotel"]
    with browser_of(service, "P02") as (holder_id, browser):
        body = {"scene": "hotel_check_in", "wants": ["age_over_18"], "grant_days": 7}
        request = hotel.post("/v1/requests", body).json()
        service.answer(request["id"], "approve", "P02")
        told = hotel.verify(service.code(holder_id)["qr"], "hotel_check_in", "age_over_18").json()["result"]
        assert "age_over_18" in told["claims"]
        (grant_id,) = re.findall(r'data-grant="([^"]+)"', browser.get("/grants").text)
        press(browser, f"/grants/{grant_id}/withdraw")
        after = hotel.verify(service.code(holder_id)["qr"], "hotel_check_in", "age_over_18").json()["result"]
        assert after["outcome"] == "passed"
        assert "age_over_18" not in after["claims"]
        assert after["withheld"] == {"age_over_18": "not_granted"}
