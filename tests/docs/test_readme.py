"""The READMEs show commands that exist, say the same in both languages, and have a picture that says it too."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from tests.docs.pages import ROOT, blocks, links, pages

READMES = ("README.md", "README.zh-CN.md")
TARGET = re.compile(r"^(?P<name>[a-z]+):", re.MULTILINE)
SHOWN = re.compile(r"\bmake ([a-z]+)\b")
FLOW = "docs/img/flow.svg"
SVG = "{http://www.w3.org/2000/svg}"


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def shown_targets(text: str) -> set[str]:
    """Return the targets of `make` in code, not in prose such as «make sure»."""
    code = "\n".join([*re.findall(r"`([^`\n]+)`", text), *(block.text for block in blocks(text))])
    return set(SHOWN.findall(code))


@pytest.mark.parametrize("page", READMES)
def test_the_two_commands_and_the_third_are_shown(page: str) -> None:
    assert {"demo", "test", "run"} <= shown_targets(read(page))


@pytest.mark.parametrize("page", pages(), ids=str)
def test_every_make_target_that_a_page_shows_exists(page: str) -> None:
    assert shown_targets(read(page)) <= set(TARGET.findall(read("Makefile")))


def test_both_languages_lead_to_the_same_pages_and_show_the_same_commands() -> None:
    english, chinese = (read(page) for page in READMES)
    own = {*READMES}
    assert [link for link in links(english) if link not in own] == [link for link in links(chinese) if link not in own]

    def commands(text: str) -> list[str]:
        return [re.sub(r"\s*#.*", "", block.text) for block in blocks(text)]

    assert commands(english) == commands(chinese)
    assert english.count("\n## ") == chinese.count("\n## ")


@pytest.mark.parametrize("page", READMES)
def test_the_picture_is_described_in_words(page: str) -> None:
    picture = re.search(rf"!\[(?P<words>[^\]]+)\]\({re.escape(FLOW)}\)", read(page))
    assert picture is not None
    assert len(picture["words"]) > len("a picture of the flow")


def test_the_picture_names_everybody_and_describes_itself() -> None:
    drawn = ET.fromstring(read(FLOW))  # noqa: S314 - our own file
    assert drawn.findtext(f"{SVG}title")
    assert drawn.findtext(f"{SVG}desc")
    words = " ".join("".join(text.itertext()) for text in drawn.iter(f"{SVG}text"))
    for actor in ("citizen", "eztong", "authority", "partner", "proof"):
        assert actor in words


def test_the_picture_can_be_read_in_the_dark() -> None:
    assert "prefers-color-scheme: dark" in read(FLOW)
