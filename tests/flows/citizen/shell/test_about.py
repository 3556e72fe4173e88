"""About: for anybody, signed in or not; the way to the operator is always there (2.13)."""

from __future__ import annotations

import re

import eztong
from tests.flows.citizen.browser import Browser, Town


def test_a_visitor_reads_it_without_signing_in(browser: Browser, town: Town) -> None:
    page = browser.get("/about").text
    assert town.services.deployment.operator_name in page
    assert town.services.deployment.operator_contact in page
    assert eztong.__version__ in page
    assert 'class="tabs"' not in page


def test_whoever_is_signed_in_keeps_the_tabs(browser: Browser) -> None:
    browser.register()
    assert '<a href="/me" aria-current="page">' in browser.get("/about").text


def test_the_versions_are_those_in_force(browser: Browser) -> None:
    page = browser.get("/about").text
    versions = re.findall(r'<a href="/documents/(service|authorisation)">第 (\S+) 版</a>', page)
    assert [kind for kind, _ in versions] == ["service", "authorisation"]
    for kind, version in versions:
        document = browser.get(f"/documents/{kind}").text
        assert f"<dd>{version}</dd>" in document


def test_feedback_leads_to_its_page_and_says_how_else_to_reach_the_operator(browser: Browser) -> None:
    section = re.search(r'<section class="card" id="feedback".*?</section>', browser.get("/about").text, re.DOTALL)
    assert section is not None
    assert "意见反馈" in section[0]
    assert "contact@example.invalid" in section[0]
    assert 'href="/feedback"' in section[0]
    assert 'href="/me/deregister"' in section[0]


def test_the_published_keys_are_where_the_page_says(browser: Browser) -> None:
    assert 'href="/.well-known/eztong-keys.json"' in browser.get("/about").text
    assert browser.get("/.well-known/eztong-keys.json").json()


def test_every_citizen_page_leads_to_it(browser: Browser) -> None:
    for path in ("/", "/register", "/sign-in", "/documents/service", "/documents/none"):
        assert 'href="/about"' in browser.get(path).text
