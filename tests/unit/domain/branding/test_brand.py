"""A brand says what it says in both languages, on one line, in few words; a document of it comes back."""

from __future__ import annotations

import json

import pytest

from eztong.domain.branding.brand import LONGEST, Brand, BrandInvalid, parse_brand
from eztong.domain.branding.document import brand_hash, parse_brand_document, render_brand
from tests.unit.domain.branding.pictures import picture

FULL = {
    "service_zh": "鹏城通",
    "service_en": "City Pass",
    "operator_en": "City Digital Ltd",
    "accent": "#b0183a",
    "help_line": "0755-1234 5678",
    "help_zh": "每天",
    "help_en": "every day",
    "title_zh": "标题",
    "title_en": "Title",
    "lead_zh": "说明",
    "lead_en": "Lead",
}


def test_texts_come_in_the_language_of_the_reader() -> None:
    brand = parse_brand(FULL | {"service_zh": " 鹏城通 "}, picture())
    assert [brand.service(one) for one in ("zh-CN", "en")] == ["鹏城通", "City Pass"]
    assert [brand.operator(one, otherwise="鹏城") for one in ("zh-CN", "en")] == ["鹏城", "City Digital Ltd"]
    assert [brand.title("en"), brand.lead("zh-CN"), brand.help_hours("en")] == ["Title", "说明", "every day"]
    assert Brand().operator("en", otherwise="鹏城") == "鹏城"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *((name, "一" * (most + 1)) for name, most in LONGEST.items() if name != "accent"),
        ("service_en", ""),
        ("help_en", ""),
        ("title_zh", "two\nlines"),
        ("lead_en", "turned \u202e round"),
        ("help_line", "call us"),
        ("help_line", ""),
        ("colour", "red"),
    ],
)
def test_a_text_that_no_page_shows_is_refused_by_name(name: str, text: str) -> None:
    with pytest.raises(BrandInvalid) as refused:
        parse_brand(FULL | {name: text})
    assert refused.value.name == name


def test_a_document_comes_back_and_equal_brands_have_one_hash() -> None:
    brand = parse_brand(FULL, picture())
    assert parse_brand_document(render_brand(brand).encode()) == brand
    assert brand_hash(brand) == brand_hash(parse_brand(FULL, picture())) != brand_hash(Brand())


@pytest.mark.parametrize(
    "said",
    [
        {"format": "eztong/branding/v2"},
        {"format": "eztong/branding/v1", "mark": "no base64!"},
        {"format": "eztong/branding/v1", "accent": 7},
        {"format": "eztong/branding/v1", "script": "x"},
        ["a list"],
    ],
)
def test_another_document_is_refused(said: object) -> None:
    with pytest.raises(BrandInvalid):
        parse_brand_document(json.dumps(said).encode())
    with pytest.raises(BrandInvalid):
        parse_brand_document(b" " * 200_000)
