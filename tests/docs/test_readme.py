"""The READMEs show commands that exist, say the same in both languages, and have a picture that says it too."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from tests.docs.pages import ROOT, blocks, links, pages

READMES = ("README.md", "README.zh-CN.md")
TARGET = re.compile(r"^(?P<name>[a-z-]+):", re.MULTILINE)
SHOWN = re.compile(r"\bmake ([a-z]+(?:-[a-z]+)*)\b")
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


def items_below(text: str, heading: str) -> int:
    """Count the items of the list below a line."""
    found = text.partition(f"\n{heading}\n\n")[2].partition("\n\n")[0]
    return len(re.findall(r"^- ", found, re.MULTILINE))


def test_both_languages_list_as_much_of_what_is_there_and_of_what_is_not() -> None:
    english, chinese = (read(page) for page in READMES)
    there = items_below(english, "There today:"), items_below(chinese, "已有：")
    missing = items_below(english, "Not there yet:"), items_below(chinese, "还没有：")
    assert (there[0], missing[0]) == (there[1], missing[1])
    assert min(*there, *missing) > 1


def test_both_languages_name_the_clauses_that_are_open() -> None:
    for page in READMES:
        last = read(page).rpartition("docs/mutants.md")[2]
        rows = re.findall(r"^\| \[([\d.]+)\]\(#", read("docs/clauses.md"), re.MULTILINE)
        assert rows == re.findall(r"\[([\d.]+)\]\(docs/clauses\.md#", last)


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
