"""Clause 5.4: a clause is found by its number: other words in its heading break no link."""

from __future__ import annotations

import re

import pytest

from tests.simulators.citizen import Citizen
from tests.simulators.service import Service

_HEADING = re.compile(r'<h[2-4] id="(clause-[^"]+)">([^<]*)</h')


def headings(service: Service, kind: str, language: str) -> dict[str, str]:
    """Return the anchor and the words of every numbered heading."""
    return dict(_HEADING.findall(Citizen(service).open(f"/documents/{kind}?lang={language}").text))


@pytest.mark.parametrize("kind", ["service", "authorisation"])
def test_the_same_anchors_lead_to_the_clauses_under_headings_of_other_words(service: Service, kind: str) -> None:
    chinese, english = headings(service, kind, "zh-CN"), headings(service, kind, "en")
    assert list(chinese) == list(english)
    assert all(chinese[anchor] != english[anchor] for anchor in chinese if re.search(r"[^\d.]", chinese[anchor]))


def test_every_clause_of_the_agreement_can_be_linked_to(service: Service) -> None:
    numbers = [*range(1, 16)]
    expected = {f"clause-2.{number}" for number in numbers} | {f"clause-3.{number}" for number in range(1, 7)}
    expected |= {"clause-4.1", "clause-4.2", *(f"clause-4.2.{number}" for number in range(1, 6))}
    expected |= {f"clause-5.{number}" for number in range(1, 7)} | {f"clause-{number}" for number in range(1, 6)}
    assert set(headings(service, "service", "zh-CN")) == expected


def test_no_anchor_stands_twice_on_a_page(service: Service) -> None:
    for path in ("/register", "/documents/service", "/documents/authorisation"):
        anchors = re.findall(r'\bid="([^"]+)"', Citizen(service).open(path).text)
        assert len(anchors) == len(set(anchors)), path
