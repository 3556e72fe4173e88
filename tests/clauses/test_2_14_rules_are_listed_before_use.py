"""Clause 2.14: rules beyond the two documents are listed and readable before use, and named in the receipt."""

from __future__ import annotations

import re

import pytest

from tests.simulators.citizen import Citizen
from tests.simulators.own_copy import take_copy
from tests.simulators.service import Service

RULES = {"privacy": "隐私政策", "children": "儿童个人信息保护规则", "scenes": "场景规则"}


def test_the_rules_stand_on_the_consent_page_before_the_first_tick(service: Service) -> None:
    page = Citizen(service).open("/register").text
    listed = re.findall(r'href="(/documents/(\w+)/[^"]+)" data-rule="(\w+)">([^<]+)<', page)
    assert {kind for _path, kind, _rule, _title in listed} == set(RULES)
    assert page.index("data-rule") < page.index("tick_service")
    for path, kind, rule, title in listed:
        assert rule == kind
        assert RULES[kind] in title
        text = Citizen(service).open(path).text
        assert title in text
        assert 'id="clause-1"' in text


@pytest.mark.parametrize("kind", RULES)
def test_a_rule_is_complete_in_both_languages(service: Service, kind: str) -> None:
    pages = {language: Citizen(service).open(f"/documents/{kind}?lang={language}").text for language in ("zh-CN", "en")}
    anchors = {language: re.findall(r'id="(clause-[^"]+)"', page) for language, page in pages.items()}
    assert anchors["zh-CN"] == anchors["en"] != []
    assert "以中文文本为准" in pages["zh-CN"]
    assert "the Chinese text prevails" in pages["en"]


def test_the_rules_are_found_again_under_about_and_from_every_page(service: Service) -> None:
    about = Citizen(service).open("/about").text
    for kind in RULES:
        assert f'href="/documents/{kind}"' in about
    for path in ("/", "/register", "/about"):
        assert 'href="/documents"' in Citizen(service).open(path).text, path


def test_the_agreement_names_its_rules(service: Service) -> None:
    page = Citizen(service).open("/documents/service").text
    clause = page.partition('id="clause-2.14"')[2].partition('id="clause-2.15"')[0]
    for title in RULES.values():
        assert title in clause


def test_the_receipt_says_which_rules_were_listed(service: Service) -> None:
    citizen = Citizen(service)
    citizen.register("测一一", "11000019900307001X", "19900000532")
    accepted = take_copy(citizen)["acceptances"]
    for one in accepted:
        document = citizen.open(f"/me/agreements/{one['acceptance_id']}/receipt").json()["document"]
        assert {rule["document"]: rule["version"] for rule in document["rules"]} == dict.fromkeys(RULES, "1.0")
        assert all(re.fullmatch("[0-9a-f]{64}", rule["text_hash"]) for rule in document["rules"])
