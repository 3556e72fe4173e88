"""Clause 2.7, of messages with legal meaning: what the service told a holder's phone is read again in the app."""

from __future__ import annotations

import re
from typing import Any

from tests.simulators.citizen import Citizen
from tests.simulators.service import Service


def registered(service: Service) -> Citizen:
    """Return the browser of somebody whose application was approved a moment ago."""
    session = service.http.post(f"/v1/test_helpers/holders/{service.somebody()}/sessions").json()
    citizen = Citizen(service)
    citizen.http.cookies.set(session["cookie"], session["token"])
    return citizen


def asks_for_a_correction(citizen: Citizen) -> None:
    citizen.open("/feedback")
    citizen.send("/feedback", kind="correction", words="姓名写错了")


def test_what_came_to_the_phone_is_read_again_in_both_languages_and_codes_are_not(service: Service) -> None:
    citizen = registered(service)
    asks_for_a_correction(citizen)
    service.wait_for(lambda: "您的账户提交了更正信息的申请" in service.inbox())
    page = citizen.open("/me/notices").text
    assert "您的账户提交了更正信息的申请" in page
    assert "已通过，现在可以使用" in page
    assert "验证码 " not in page
    assert "Your account asked for a correction" in citizen.open("/me/notices?lang=en").text


def test_it_counts_as_unread_until_its_holder_says_so(service: Service) -> None:
    citizen = registered(service)
    assert "1 条未读" in citizen.open("/me").text
    citizen.open("/me/notices")
    citizen.send("/me/notices")
    assert "条未读" not in citizen.open("/me").text
    asks_for_a_correction(citizen)
    assert "1 条未读" in citizen.open("/me").text


def test_it_is_there_long_after_the_message_left_and_in_the_copy_of_the_own_data(service: Service) -> None:
    citizen = registered(service)
    asks_for_a_correction(citizen)
    service.wait_for(lambda: "更正信息" in service.inbox())
    assert [one["topic"] for one in _own(citizen)] == ["ticket_at_stake", "registration_decided"]
    service.advance(20 * 24 * 3600)
    assert "更正信息" in citizen.open("/me/notices").text


def test_nobody_else_reads_it_and_the_store_holds_no_word_of_it(service: Service) -> None:
    citizen = registered(service)
    asks_for_a_correction(citizen)
    other = Citizen(service)
    assert "更正信息" not in other.open("/me/notices").text
    (number,) = {one["params"]["number"] for one in _own(citizen) if "number" in one["params"]}
    for file in service.data_dir.rglob("*.db*"):
        assert f'"number": "{number}"'.encode() not in file.read_bytes()


def _own(citizen: Citizen) -> list[dict[str, Any]]:
    citizen.open("/me/data")
    found: list[dict[str, Any]] = citizen.send("/me/data").json()["notices"]
    return found


def test_each_use_is_told_if_its_holder_chose_so_with_a_link_that_freezes_without_a_sign_in(service: Service) -> None:
    holder = service.somebody()
    session = service.http.post(f"/v1/test_helpers/holders/{holder}/sessions").json()
    citizen = Citizen(service)
    citizen.http.cookies.set(session["cookie"], session["token"])
    citizen.open("/me/notices/choices")
    citizen.send("/me/notices/choices", act="per_use", switch="on")
    code = service.code(holder)["qr"]
    assert service.partners["hotel"].verify(code, "hotel_check_in").json()["outcome"] == "passed"
    service.wait_for(lambda: "/lost/link/" in service.inbox(), advance=1)
    (path,) = set(re.findall(r"/lost/link/[\w-]+", service.inbox()))
    assert path not in citizen.open("/me/notices").text
    stranger = Citizen(service)
    stranger.open(path)
    assert citizen.open("/me/notices").url.path == "/me/notices"
    stranger.send(path)
    assert service.http.get(path).status_code == 409
    refused = service.ask_code(holder)
    assert (refused.status_code, refused.json()["code"]) == (409, "holder_frozen")
