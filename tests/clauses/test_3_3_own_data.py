"""Clause 3.3: a holder can look at the own records, and nobody else's."""

from __future__ import annotations

import httpx

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
