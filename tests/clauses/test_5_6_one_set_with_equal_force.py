"""Clause 5.6: agreement, authorisation, rules and notices are one set; a change is published, told and archived."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from tests.simulators.citizen import TICKS, Citizen
from tests.simulators.own_copy import signed_in, take_copy
from tests.simulators.problems import expect_problem
from tests.simulators.publishing import FIRST, approve, draft, propose, refused, run
from tests.simulators.service import Service

NEW = "new@eztong.example"
_DAY = 86_400
DOCUMENTS = ("authorisation", "children", "privacy", "scenes", "service")


def members(service: Service, state: str) -> dict[str, str]:
    """Return the documents and versions of the set in a state, as the public page lists them."""
    page = Citizen(service).open("/documents").text
    card = page.partition(f'data-state="{state}"')[2].partition("</section>")[0]
    return dict(re.findall(r'data-document="(\w+)" data-version="([^"]+)"', card))


def ahead(service: Service, days: int) -> str:
    return (service.now() + timedelta(days=days)).date().isoformat()


def test_the_set_in_force_lists_every_member_and_the_order_in_which_they_apply(service: Service) -> None:
    page = Citizen(service).open("/documents").text
    assert sorted(members(service, "in_force")) == sorted(DOCUMENTS)
    for kind in DOCUMENTS:
        text = Citizen(service).open(f"/documents/{kind}").text
        assert re.search(r"\b[0-9a-f]{64}\b", text), kind
    order = page.partition("法律的强制性规定")[2]
    places = [order.index(words) for words in ("单独授权", "用户授权协议", "场景规则", "隐私政策", "公告")]
    assert places == sorted(places)


def publish_a_new_consent(service: Service) -> tuple[int, dict[str, str]]:
    """Publish a set that asks for the authorisation anew in nine days; return its number and versions."""
    drafted = draft(service, NEW, "--class", "authorisation=A", "--from", ahead(service, 9))
    assert drafted["state"] == "draft"
    versions = {one["document"]: one["version"] for one in drafted["members"]}
    assert Citizen(service).open(f"/documents/authorisation/{versions['authorisation']}").status_code == 404
    proposal = propose(service, drafted["number"])
    assert "same_operator" in refused(service, "proposals", "approve", proposal, "--reason", "x", "--operator", FIRST)
    assert members(service, "scheduled") == {}
    approve(service, proposal)
    assert members(service, "scheduled") == versions
    assert NEW not in Citizen(service).open("/documents/service").text
    return drafted["number"], versions


def check_what_changed(service: Service, number: int, versions: dict[str, str]) -> None:
    """Read what changed, in both languages on the page, and on the command line."""
    for language, words in (("zh-CN", "新增的内容"), ("en", "added")):
        changes = f"/documents/authorisation/{versions['authorisation']}/changes?lang={language}"
        page = Citizen(service).open(changes).text
        assert words in page
        assert "<ins>" in page
        assert NEW.partition("@")[0] in page
    compared = json.loads(run(service, "agreements", "diff", str(number), "--json"))
    assert any(NEW in line for line in compared["documents"][f"service {versions['service']}"])


def check_old_texts(service: Service, citizen: Citizen, before: list[dict[str, str]]) -> None:
    """Read the texts that were accepted before, and the archive."""
    for one in before:
        page = citizen.open(f"/me/agreements/{one['acceptance_id']}").text
        assert one["text_hash"] in page
        assert NEW not in page
    archived = Citizen(service).open(f"/documents/authorisation/{before[0]['version']}")
    assert archived.status_code == 200
    assert "以前的版本" in archived.text


def test_what_must_be_accepted_anew_is_published_seven_days_ahead(service: Service) -> None:
    asked = ("--print", "operator_contact=never@eztong.example", "--class", "all=A", "--from", ahead(service, 3))
    told = ("--changes-zh", "甲", "--changes-en", "a", "--operator", FIRST)
    assert "seven days" in refused(service, "agreements", "draft", *asked, *told)


@pytest.mark.timeout(420)
def test_a_change_takes_two_people_is_told_ahead_and_asks_for_a_new_consent_on_its_day(service: Service) -> None:
    holder = service.holder("P11")
    citizen = signed_in(service, holder["id"])
    assert service.ask_code(holder["id"]).status_code == 201
    before = take_copy(citizen)["acceptances"]
    number, versions = publish_a_new_consent(service)
    service.wait_for(lambda: "联系方式换了新的。" in citizen.open("/me/notices").text)
    assert service.ask_code(holder["id"]).status_code == 201
    check_what_changed(service, number, versions)

    service.advance(9 * _DAY)
    service.wait_for(lambda: members(service, "in_force") == versions)
    citizen = signed_in(service, holder["id"])
    expect_problem(service.ask_code(holder["id"]), 403, "agreement_not_accepted")
    for path in ("/me", "/records", "/me/agreements", "/me/deregister"):
        assert citizen.open(path).status_code == 200, path
    check_old_texts(service, citizen, before)

    page = citizen.open("/register").text
    assert f"/documents/authorisation/{versions['authorisation']}/changes" in page
    citizen.send("/register", **TICKS)
    assert service.ask_code(holder["id"]).status_code == 201
    (newest,) = [
        one["acceptance_id"]
        for one in take_copy(citizen)["acceptances"]
        if one["kind"] == "authorisation" and one["version"] == versions["authorisation"]
    ]
    receipt = citizen.open(f"/me/agreements/{newest}/receipt").json()["document"]
    assert (receipt["set"], receipt["by"], receipt["ticks"]) == (number, "holder", ["authorisation", "service"])
    assert {rule["document"] for rule in receipt["rules"]} == {"children", "privacy", "scenes"}


def test_what_needs_no_consent_is_told_and_stops_nobody(service: Service) -> None:
    holder = service.holder("P12")
    number = draft(service, "again@eztong.example")["number"]
    approve(service, propose(service, number))
    service.wait_for(lambda: "again@eztong.example" in Citizen(service).open("/documents/privacy").text)
    assert service.ask_code(holder["id"]).status_code == 201
    citizen = signed_in(service, holder["id"])
    service.wait_for(lambda: "您不用做什么" in citizen.open("/me/notices").text)
