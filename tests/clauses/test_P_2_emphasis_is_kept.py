"""Clause P-2: what the agreement emphasises stays emphasised on the page, for eyes and for screen readers."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.simulators.citizen import Citizen
from tests.simulators.service import Service

WHOLE = ("2.5", "2.7", "2.8", "2.9", "2.10", "4.1", "4.2", "5.1", "5.2", "5.3", "5.4", "5.5", "5.6")
"""Every paragraph of these is emphasised."""
PARTLY = ("2.2", "2.6")
"""Of these a part: in 2.2 who makes and verifies the code, in 2.6 the last paragraph."""
PLAIN = ("2.3", "2.4", "2.11", "2.12", "2.13", "2.14", "2.15", "3.2", "3.3", "3.4")


def paragraphs(page: str, clause: str) -> Iterator[str]:
    """Give the paragraphs of a clause, and of what is numbered below it."""
    text = page.partition("<article")[2].partition("</article>")[0]
    headed = re.split(r"<h[2-4][^>]*>([\d.]+)", text)
    for number, body in zip(headed[1::2], headed[2::2], strict=True):
        if number == clause or number.startswith(f"{clause}."):
            yield from re.findall(r"<(?:p|li)>(.*?)</(?:p|li)>", body, re.DOTALL)


def is_emphasised(paragraph: str) -> bool:
    """Say whether all of it is."""
    return re.fullmatch(r"<strong>(?:(?!</?strong>).)*</strong>", paragraph.strip(), re.DOTALL) is not None


@pytest.fixture(params=["zh-CN", "en"])
def page(service: Service, request: pytest.FixtureRequest) -> str:
    return Citizen(service).open(f"/documents/service?lang={request.param}").text


@pytest.mark.parametrize("clause", WHOLE)
def test_a_clause_on_liability_is_emphasised_from_end_to_end(page: str, clause: str) -> None:
    found = list(paragraphs(page, clause))
    assert found
    assert [one for one in found if not is_emphasised(one)] == []


@pytest.mark.parametrize("clause", PARTLY)
def test_of_a_clause_that_is_partly_about_liability_that_part_is_emphasised(page: str, clause: str) -> None:
    last = list(paragraphs(page, clause))[-1]
    assert "<strong>" in last


def test_what_is_not_about_liability_is_not_so_that_emphasis_means_something(page: str) -> None:
    assert [clause for clause in PLAIN if any("<strong>" in one for one in paragraphs(page, clause))] == []


def test_emphasis_is_bold_and_underlined_by_the_pages_own_stylesheet(service: Service, page: str) -> None:
    sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    rules = "".join(service.http.get(sheet).text for sheet in sheets)
    (rule,) = re.findall(r"\.text strong\s*\{([^}]*)\}", rules)
    assert "text-decoration: underline" in rule
    assert "font-weight" not in rule, "bold as every strong is"
    assert 'class="text"' in page
