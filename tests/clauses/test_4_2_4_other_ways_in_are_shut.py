"""Clause 4.2.4: whoever comes by a way that was not given is refused; the consent page says whose page it is."""

from __future__ import annotations

import re

import pytest

from tests.simulators.citizen import Citizen
from tests.simulators.own_copy import signed_in
from tests.simulators.problems import expect_outcome, expect_problem
from tests.simulators.service import Service, running

SCENE = "hotel_check_in"


def test_a_key_that_was_never_given_or_was_taken_back_opens_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    with running(tmp_path_factory.mktemp("keys") / "data") as service:
        hotel, body = service.partners["hotel"], {"code": "8" * 18, "scene": SCENE}
        expect_problem(service.http.post("/v1/verifications", json=body), 401, "key_missing")
        headers = {"authorization": "Bearer ezt_sk_test_" + "A" * 43}
        expect_problem(service.http.post("/v1/verifications", json=body, headers=headers), 401, "key_unknown")
        expect_outcome(hotel.verify(service.code(service.somebody())["qr"], SCENE), "passed")
        who = ("--reason", "key seen", "--operator", "demo-li")
        for networks, is_own in (("203.0.113.0/24", False), ("127.0.0.0/8", True)):
            limited = service.run("partners", "networks", "hotel", networks, *who)
            assert limited.returncode == 0, limited.stderr
            answer = hotel.verify(service.code(service.somebody())["qr"], SCENE)
            if is_own:
                expect_outcome(answer, "passed")
            else:
                expect_problem(answer, 403, "network_not_allowed")
        suspended = service.run("partners", "suspend", "hotel", *who)
        assert suspended.returncode == 0, suspended.stderr
        refused = hotel.verify(service.code(service.somebody())["qr"], SCENE)
        assert refused.status_code in {401, 403}, refused.text
        assert refused.headers["content-type"] == "application/problem+json"


def test_a_partner_asks_only_for_scenes_that_were_approved_for_it(service: Service) -> None:
    code = service.code(service.somebody())["qr"]
    answer = service.partners["library"].verify(code, SCENE)
    assert answer.status_code in {403, 404, 422}, answer.text
    expect_outcome(service.partners["hotel"].verify(code, SCENE), "passed")


def test_a_page_cannot_be_sent_from_or_framed_by_another_site(service: Service) -> None:
    citizen = signed_in(service, service.somebody())
    page = citizen.open("/freeze")
    assert re.search(r"frame-ancestors '(none|self)'(;|$)", page.headers["content-security-policy"])
    foreign = citizen.http.post("/freeze", data=citizen.hidden() | {"csrf": "0" * 64})
    assert foreign.status_code == 403
    assert citizen.show_code()


def test_the_consent_page_names_the_domain_that_it_is_on_and_how_to_report_a_link(service: Service) -> None:
    asked = service.partners["hotel"].post("/v1/requests", {"scene": SCENE, "wants": ["masked_name"]}).json()
    page = signed_in(service, service.somebody()).open(asked["url"].removeprefix(service.url)).text
    words = re.sub(r"<[^>]+>", "", page)
    assert "域名是" in words
    assert service.url.partition("//")[2].partition(":")[0] in words
    assert "拒绝并举报" in words


PHRASE = "外婆的桂花糕"


def test_pages_that_ask_for_consent_or_pin_show_the_holders_own_phrase_and_no_other_page_knows_it(
    service: Service,
) -> None:
    holder, stranger = signed_in(service, service.somebody()), signed_in(service, service.somebody())
    holder.unlock()
    holder.open("/me/phrase")
    assert "不能只有数字" in holder.send("/me/phrase", phrase="135790", act="choose").text
    holder.open("/me/phrase")
    assert PHRASE in holder.send("/me/phrase", phrase=PHRASE, act="choose").text
    asked = service.partners["hotel"].post("/v1/requests", {"scene": SCENE, "wants": ["masked_name"]}).json()
    pages = (asked["url"].removeprefix(service.url), "/unlock?next=/me")
    for path in pages:
        assert PHRASE in holder.open(path).text, path
        assert PHRASE not in stranger.open(path).text, path
        assert PHRASE not in Citizen(service).open(path).text, path
    holder.open("/me/phrase")
    assert PHRASE not in holder.send("/me/phrase", act="remove").text
    assert PHRASE not in holder.open(pages[0]).text
    assert PHRASE.encode() not in service.database.read_bytes()
    assert PHRASE not in service.log.read_text()


def test_the_tools_of_the_sandbox_are_for_its_invented_people_only(service: Service) -> None:
    answer = service.http.post("/v1/test_helpers/holders", json={"persona": "310101199001011234"})
    assert answer.status_code == 422
    assert Citizen(service).open("/me").url.path == "/sign-in"
