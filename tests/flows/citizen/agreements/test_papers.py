"""What one has signed, to take home: the receipt as PDF, the consent record after a standard; for its holder alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.flows.citizen.browser import Browser, Town
from tests.simulators.pdf_reading import squeezed, text_of


def leaves(value: object) -> Iterator[object]:
    """Give every single value, however deep it stands, but what is said as yes or no."""
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from leaves(one)
    elif not isinstance(value, bool):
        yield value


def links(browser: Browser, kind: str) -> list[str]:
    return re.findall(rf'href="(/me/agreements/[^"]+/{kind})"', browser.get("/me/agreements").text)


def test_the_paper_holds_what_the_proof_file_holds(browser: Browser) -> None:
    browser.register()
    for path in links(browser, "paper"):
        proof = browser.get(path.replace("/paper", "/receipt")).json()
        answer = browser.get(path)
        assert answer.headers["Content-Type"] == "application/pdf"
        read = squeezed(text_of(answer.content))
        for value in leaves(proof):
            assert squeezed(str(value)) in read
        assert [name for name in proof["document"] if name in read and "_" in name] == []
        assert browser.get(path).content == answer.content


def test_the_record_names_operator_authority_and_withdrawal(browser: Browser) -> None:
    browser.register()
    (path,) = links(browser, "record")
    browser.get("/me/agreements/withdraw")
    browser.send("/me/agreements/withdraw")
    answer = browser.get(path)
    assert answer.headers["Content-Type"] == "application/ld+json"
    record = answer.json()
    assert record["dpv:hasDataController"]["dpv:hasName"] == "Sandbox Operator"
    assert record["dpv:hasProcess"]["dpv:hasRecipient"][0]["dpv:hasName"] == "沙盒身份机构"
    assert [one["@type"] for one in record["dpv:hasConsentStatus"]] == ["dpv:ConsentGiven", "dpv:ConsentWithdrawn"]


def test_a_contract_has_no_consent_record_and_nothing_is_for_strangers(browser: Browser, town: Town) -> None:
    browser.register()
    papers = links(browser, "paper")
    statuses = sorted(browser.get(path.replace("/paper", "/record")).status_code for path in papers)
    assert statuses == [200, 404]
    stranger = town.browser()
    stranger.accept()
    for path in papers:
        assert stranger.get(path).status_code == 404
        assert stranger.get(path.replace("/paper", "/record")).status_code == 404


def test_without_a_font_the_refusal_says_what_to_do(tmp_path: Path) -> None:
    town = Town(tmp_path, font_folder=tmp_path)
    browser = town.browser()
    browser.accept()
    answer = browser.get(links(browser, "paper")[0])
    assert answer.status_code == 503
    assert "没有能排中文的字体" in answer.text
    town.built.close()
