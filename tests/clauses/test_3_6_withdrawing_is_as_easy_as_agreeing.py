"""Clause 3.6: the user authorisation agreement is withdrawn by itself, at once, and nothing else goes with it."""

from __future__ import annotations

import re

from tests.clauses.test_2_3_holder_chooses_per_partner import browser_of, press
from tests.simulators.service import Partner, Service

PAGE = "/me/agreements/withdraw"


def test_from_the_press_on_nothing_passes_for_anybody(service: Service, hotel: Partner, library: Partner) -> None:
    with browser_of(service, "P01") as (holder_id, browser):
        before = service.code(holder_id)["qr"]
        assert press(browser, PAGE).status_code == 200
        refused = hotel.verify(before, "hotel_check_in").json()
        assert refused.get("outcome") != "passed"
        assert "withdraw" not in str(refused)
        assert library.verify(before, "library_entry").json().get("outcome") != "passed"
        page = browser.get("/me/agreements").text
        assert len(re.findall(r'data-kind="service" data-stands="yes"', page)) == 1
        assert len(re.findall(r'data-kind="authorisation" data-stands="no"', page)) == 1


def test_records_and_data_stay_readable_after_it(service: Service, hotel: Partner) -> None:
    with browser_of(service, "P02") as (holder_id, browser):
        told = hotel.verify(service.code(holder_id)["qr"], "hotel_check_in").json()
        press(browser, PAGE)
        assert told["id"] in browser.get("/records").text
        assert browser.get(f"/records/{told['id']}").status_code == 200
        assert browser.get("/me/data").status_code == 200


def test_it_is_proven_by_a_file_that_holds_no_person(service: Service) -> None:
    with browser_of(service, "P11") as (_holder_id, browser):
        press(browser, PAGE)
        (path,) = re.findall(r'href="(/me/acts/[^"]+/receipt)"', browser.get("/me/agreements").text)
        proof = browser.get(path).json()
        assert proof["document"]["kind"] == "authorisation_withdrawn"
        assert set(proof["document"]["facts"]) == {"agreement", "version", "text_hash"}
