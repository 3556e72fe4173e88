"""Clause 2.13: whoever leaves is erased in time, may look it up and undo it, and comes back as somebody new."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.simulators.citizen import Citizen
from tests.simulators.problems import expect_outcome, expect_problem
from tests.simulators.service import Partner, Service, run_cli, running

HOTEL = "hotel_check_in"
HOUR = 3600
P17 = ("测已销", "110000198911110174", "19900000017")
FIRST = ("测一一", "11000019900307001X", "19900000001")
GONE = ("测改名", "110000199701060249", "19900000120")
OTHER = ("测一二", "110000199003080023", "19900000002")


def leave(citizen: Citizen) -> tuple[str, str]:
    """Ask for deregistration as a holder does who is there; return number and secret as they are shown."""
    citizen.unlock()
    citizen.open("/me/deregister")
    page = citizen.send("/me/deregister", understood="yes")
    assert page.status_code == 200
    shown = re.findall(r'<dd class="digits"[^>]*>([0-9A-Z ]+)</dd>', page.text)
    assert len(shown) == 2, page.text
    return shown[0], shown[1]


def look(service: Service, number: str, secret: str) -> Citizen:
    """Look it up from a browser that never was here."""
    somewhere = Citizen(service)
    somewhere.open("/deregistration/status")
    somewhere.send("/deregistration/status", number=number, secret=secret)
    return somewhere


def stands(service: Service, number: str, secret: str) -> str:
    found = re.search(r'data-deregistration="(\w+)"', look(service, number, secret).page)
    return "" if found is None else found[1]


def partner_code(partner: Partner, citizen: Citizen, scene: str = HOTEL) -> str:
    citizen.unlock()
    answer = expect_outcome(partner.verify(citizen.show_code(), scene), "passed")
    return str(answer["result"]["partner_code"])


def told(partner: Partner) -> list[dict[str, Any]]:
    """Return the events of a partner."""
    answer = partner.get("/v1/events")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["data"])


def waiting(service: Service, *more: str) -> list[str]:
    """Return the erasure requests that wait for an answer, as the operator reads them."""
    listed = service.run("partners", "erasures", "--json", *more)
    return [one["erasure_request"] for one in json.loads(listed.stdout)]


def test_persona_17_leaves_undoes_leaves_again_and_comes_back_as_somebody_new(service: Service, hotel: Partner) -> None:
    citizen = Citizen(service)
    citizen.register(*P17)
    before = partner_code(hotel, citizen)
    citizen.unlock()
    shown = citizen.show_code()

    number, secret = leave(citizen)
    expect_outcome(hotel.verify(shown, HOTEL), "not_passed")
    assert stands(service, number, secret) == "cooling"
    assert stands(service, number, secret[::-1]) == ""
    service.wait_for(lambda: "deregistration_asked" in service.inbox())

    somewhere = look(service, number, secret)
    somewhere.send("/deregistration/undo")
    assert stands(service, number, secret) == "cancelled"
    assert partner_code(hotel, citizen) == before
    service.wait_for(lambda: "deregistration_undone" in service.inbox())

    number, secret = leave(citizen)
    service.advance(71 * HOUR)
    assert stands(service, number, secret) == "cooling"
    service.advance(HOUR)
    service.wait_for(lambda: stands(service, number, secret) == "done", advance=60)
    assert citizen.open("/me").url.path != "/me"
    assert "已注销" not in citizen.page
    service.wait_for(lambda: '"deregistered"' in service.inbox())
    assert P17[2] not in service.inbox()

    receipt = look(service, number, secret).send("/deregistration/receipt").json()
    document = receipt["document"]
    assert document["format"] == "eztong/deregistration/v1"
    assert document["ticket"] == number.replace(" ", "")
    assert {"identity", "phone", "access", "choices", "words", "history"} <= set(document["deleted"])
    assert {"evidence", "receipt", "partner_news", "backups"} == {one["what"] for one in document["kept"]}
    assert all(one["why"] and one["until"] > document["done_at"] for one in document["kept"])

    again = Citizen(service)
    again.register(*P17)
    assert partner_code(hotel, again) != before
    again.open("/records")
    assert again.page.count("/records/ver_") == 1


def test_each_partner_hears_of_its_own_code_within_a_day_and_says_what_it_did(
    service: Service, hotel: Partner, library: Partner, esign: Partner
) -> None:
    citizen = Citizen(service)
    citizen.register(*GONE)
    codes = [partner_code(hotel, citizen), partner_code(library, citizen, "library_entry")]
    number, secret = leave(citizen)
    service.advance(73 * HOUR)
    service.wait_for(lambda: stands(service, number, secret) == "done", advance=60)
    service.advance(24 * HOUR)
    today = (service.now() + timedelta(hours=8)).date()
    assert codes[0] not in {one["partner_code"] for one in told(library) + told(esign)}
    events = []
    for partner, code in zip((hotel, library), codes, strict=True):
        (event,) = [one for one in told(partner) if one["partner_code"] == code]
        events.append(event)
        assert event["type"] == "partner_code_ended"
        assert today - timedelta(days=1) <= date.fromisoformat(event["day"]) <= today
        assert partner.get(f"/v1/events?after={told(partner)[-1]['id']}").json()["data"] == []
    assert events[0]["id"][14:] != events[1]["id"][14:]

    erasure, other = (str(event["erasure_request"]["id"]) for event in events)
    path = f"/v1/erasure-requests/{erasure}/answer"
    expect_problem(library.post(path, {"answer": "erased"}), 404, "erasure_request_unknown")
    expect_problem(hotel.post(path, {"answer": "kept"}), 422, "erasure_answer_invalid")
    assert {erasure, other} <= set(waiting(service))
    kept = {"answer": "kept", "law": "旅馆业治安管理办法 6", "until": f"{today.year + 2}-01-31"}
    for _again in range(2):
        answered = hotel.post(path, kept)
        assert (answered.status_code, answered.json()["answer"]) == (200, "kept"), answered.text
    expect_problem(hotel.post(path, {"answer": "erased"}), 409, "erasure_request_answered")
    assert erasure not in waiting(service)

    page = look(service, number, secret).page
    assert re.findall(r'data-answer="(\w+)"', page) == ["kept", "told"]
    assert "旅馆业治安管理办法 6" in page
    assert codes[0] not in page
    service.advance(30 * 24 * HOUR)
    assert other in waiting(service, "--overdue")
    assert 'data-answer="overdue"' in look(service, number, secret).page
    service.advance(61 * 24 * HOUR)
    assert events[0] not in told(hotel)
    expect_problem(hotel.get(f"/v1/events?after={events[0]['id']}"), 410, "cursor_gone")
    expect_problem(
        library.post(f"/v1/erasure-requests/{other}/answer", {"answer": "erased"}), 404, "erasure_request_unknown"
    )


def test_who_is_signed_in_undoes_it_in_the_account_and_a_theft_that_is_told_stops_it(
    service: Service, hotel: Partner
) -> None:
    citizen = Citizen(service)
    citizen.register(*OTHER)
    number, secret = leave(citizen)
    citizen.open("/me/deregister")
    citizen.send("/me/deregister/undo")
    assert stands(service, number, secret) == "cancelled"
    partner_code(hotel, citizen)

    number, secret = leave(citizen)
    citizen.open("/freeze")
    citizen.send("/freeze", reason="account_stolen")
    assert stands(service, number, secret) == "", "whoever noted the secret down reads nothing by it any more"
    service.advance(80 * HOUR)
    service.wait_for(lambda: service.messages("deregistration_undone", OTHER[2]) != [])
    assert service.messages("deregistered", OTHER[2]) == []


def test_a_stranger_who_holds_the_cookie_alone_ends_nothing(service: Service) -> None:
    citizen = Citizen(service)
    citizen.register(*FIRST)
    service.advance(HOUR)
    citizen.open("/me/deregister")
    assert "/unlock?next=/me/deregister" in citizen.page
    citizen.send("/me/deregister", understood="yes", secret="0" * 16)
    assert citizen.open("/me/deregister").status_code == 200
    assert "data-deregistration" not in citizen.page


def test_a_backup_that_is_put_back_brings_nobody_back(tmp_path: Path) -> None:
    data, backup = tmp_path / "data", tmp_path / "before.tar"
    with running(data) as service:
        citizen = Citizen(service)
        citizen.register(*P17)
        made = service.run("db", "backup", str(backup))
        assert made.returncode == 0, made.stderr
        number, secret = leave(citizen)
        service.advance(73 * HOUR)
        service.wait_for(lambda: stands(service, number, secret) == "done", advance=60)
        token = citizen.http.cookies["ezt_session"]
        checked = service.run("db", "check", "--full")
        assert checked.returncode == 0, checked.stdout
    done = run_cli("db", "restore", str(backup), "--replace", "--apply", data_dir=data)
    assert done.returncode == 0, done.stderr
    with running(data) as service:
        robbed = Citizen(service)
        robbed.http.cookies.set("ezt_session", token)
        assert robbed.open("/me").url.path != "/me"
        checked = service.run("db", "check", "--full")
        assert checked.returncode == 0, checked.stdout
    kept = [file for file in data.rglob("*") if file.is_file() and ".before-restore" not in file.name]
    assert data / "eztong.erased" in kept
    for file in kept:
        held = file.read_bytes()
        assert not [word for word in P17 if word.encode() in held], file.name
