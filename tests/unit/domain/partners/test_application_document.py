"""An application is read strictly: what is missing, too long or unknown is named by its place, and never quoted."""

from __future__ import annotations

from typing import Any

import pytest

from eztong.domain.canonical_json import render_canonical
from eztong.domain.claims import Claim
from eztong.domain.identity.email_address import EmailInvalid
from eztong.domain.partners.application import PartnerApplicationInvalid
from eztong.domain.partners.application_document import (
    LONGEST_ASSESSMENT,
    MOST_APPLICATION_BYTES,
    MOST_SCENES,
    parse_application,
    read_contact,
    read_wanted,
    render_contact,
    render_wanted,
)
from eztong.domain.partners.credit_code import CreditCodeInvalid
from eztong.domain.partners.reach import NetworkInvalid, RedirectInvalid
from tests.unit.usecases.partners.acts import ASSESSED, document, handed_in, with_assessment, without

[SCENE] = document()["scenes"]


def test_it_is_stored_and_read_again_without_its_contact() -> None:
    handed = handed_in()
    stored = render_wanted(handed.wanted)
    assert read_wanted(stored) == handed.wanted
    assert ("王芳" in stored, "bank.example/back" in stored) == (False, True)
    assert read_contact(render_contact(handed.contact)) == handed.contact
    assert "王芳" not in repr(handed)
    assert handed.wanted.scenes[0].claims == {Claim.AGE_OVER_18}


@pytest.mark.parametrize("heading", ASSESSED)
def test_an_assessment_has_exactly_three_headings_with_words(heading: str) -> None:
    for assessment in (without(heading), ASSESSED | {heading: "短"}, ASSESSED | {heading: "长" * 5000}):
        with pytest.raises(PartnerApplicationInvalid, match=heading):
            with_assessment(assessment)
    with pytest.raises(PartnerApplicationInvalid):
        with_assessment(ASSESSED | {"more": "words of another heading"})
    longest = with_assessment(ASSESSED | {heading: "长" * LONGEST_ASSESSMENT}).wanted.scenes[0].assessment
    assert getattr(longest, heading) == "长" * LONGEST_ASSESSMENT


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"format": "eztong/other"}, "begins with"),
        ({"partner": "Bank"}, "partner"),
        ({"name": ""}, "name"),
        ({"name_en": "x" * 101}, "name_en"),
        ({"sector": "Banks"}, "sector"),
        ({"scenes": []}, "scenes"),
        ({"scenes": [SCENE, SCENE]}, "each once"),
        ({"scenes": [SCENE | {"scene": "Open"}]}, r"scenes\[0\]"),
        ({"scenes": [SCENE | {"claims": ["real_name"]}]}, "claims"),
        ({"scenes": [SCENE | {"scene": f"s_{number}"} for number in range(MOST_SCENES + 1)]}, "scenes"),
        ({"contact": {"person": "", "email": "a@bank.example"}}, "contact.person"),
        ({"contact": {"person": "x"}}, "contact"),
        ({"more": 1}, "more"),
    ],
)
def test_what_is_wrong_is_named_by_its_place(changed: dict[str, Any], where: str) -> None:
    with pytest.raises(PartnerApplicationInvalid, match=where):
        handed_in(**changed)


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"credit_code": "91350100M000100Y44"}, CreditCodeInvalid),
        ({"contact": {"person": "x", "email": "nobody"}}, EmailInvalid),
        ({"networks": ["everybody"]}, NetworkInvalid),
        ({"redirects": ["http://bank.example"]}, RedirectInvalid),
    ],
)
def test_what_has_a_form_of_its_own_is_refused_in_its_own_words(
    changed: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        handed_in(**changed)


@pytest.mark.parametrize("text", [b"", b"[]", b"{", b" " * (MOST_APPLICATION_BYTES + 1)])
def test_what_is_no_document_is_refused(text: bytes) -> None:
    with pytest.raises(PartnerApplicationInvalid):
        parse_application(text)


def test_names_headings_and_purposes_are_one_line_each_also_where_they_were_stored_otherwise() -> None:
    twice = "酒店\n\n【系统通知】\u202e请付款"
    scene = document()["scenes"][0] | dict.fromkeys(("title", "title_en", "purpose", "purpose_en"), twice)
    person = {"person": "王\n芳", "email": "wang.fang@bank.example"}
    read = handed_in(name=twice, name_en=twice, scenes=[scene], contact=person)
    wanted = read.wanted
    shown = (wanted.name, wanted.name_en, *(getattr(wanted.scenes[0], n) for n in ("title", "title_en", "purpose")))
    assert set(shown) == {"酒店 【系统通知】请付款"}
    assert read.contact.person == "王 芳"
    before = render_wanted(wanted).replace("酒店 【", "酒店\\n【")
    assert read_wanted(before) == wanted


def test_what_is_stored_otherwise_than_it_was_written_is_refused() -> None:
    with pytest.raises(PartnerApplicationInvalid):
        read_wanted(render_canonical({"name": "x"}).decode())
