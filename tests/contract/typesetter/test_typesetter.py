"""Every typesetter keeps its port's promises: what prints, and what stands in for it in unit tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from eztong.adapters.paper.typst_pages import TypstPages
from eztong.domain.own_data.paper import LONGEST, Fact, FontMissing, Paper, PaperTooLong, Section
from eztong.ports.typesetter import Typesetter
from eztong.wiring.settings import Settings
from tests.simulators.pdf_reading import squeezed, text_of
from tests.unit.usecases.plain_typesetter import PlainTypesetter

HASH = "3f" * 32
SIGNATURE = "MEUCIQDx+/" * 20
PAPER = Paper(
    title="我的全部数据",
    language="zh-CN",
    source="测试运营方 · eztong.example",
    lead=("第一段。", "Second paragraph, with #hash, [brackets], *stars* and $money$."),
    sections=(
        Section(heading="账户", note="说明", entries=[[Fact("姓名", "测𠮷㛃䶮"), Fact("摘要", HASH)]]),
        Section(heading="Words", entries=[[Fact("话", "第一行\n第二行"), Fact("签名", SIGNATURE)], [Fact("空", "")]]),
        Section(heading="Nothing", note="没有。"),
    ),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A typesetter, how to read what it makes, and one of its kind that has no font."""

    setter: Typesetter
    read: Callable[[bytes], str]
    without_font: Callable[[Path], Typesetter]


@pytest.fixture(scope="module")
def pages() -> TypstPages:
    settings = Settings()
    return TypstPages(settings.font_folder, settings.font_family)


@pytest.fixture(params=["typst", "plain"])
def kind(request: pytest.FixtureRequest, pages: TypstPages) -> Kind:
    if request.param == "plain":
        return Kind(PlainTypesetter(), bytes.decode, lambda _: PlainTypesetter(has_font=False))
    return Kind(pages, text_of, lambda folder: TypstPages(folder, "Noto Sans CJK SC"))


def everything_in(paper: Paper) -> list[str]:
    """Return every text of a paper, in order, but for its foot."""
    found = [paper.title, *paper.lead]
    for section in paper.sections:
        facts = [text for entry in section.entries for fact in entry for text in (fact.label, fact.value)]
        found += [section.heading, section.note, *facts]
    return found


def test_every_character_can_be_copied_out_in_order(kind: Kind) -> None:
    read = squeezed(kind.read(kind.setter.typeset(PAPER)))
    assert read.startswith(squeezed("".join(everything_in(PAPER))))
    assert squeezed(PAPER.source) in read


def test_equal_papers_are_equal_files_and_others_are_not(kind: Kind) -> None:
    once = kind.setter.typeset(PAPER)
    assert kind.setter.typeset(replace(PAPER)) == once
    assert kind.setter.typeset(replace(PAPER, title="我的数据")) != once


def test_without_a_font_nothing_is_made(kind: Kind, tmp_path: Path) -> None:
    setter = kind.without_font(tmp_path)
    with pytest.raises(FontMissing):
        setter.check_ready()
    with pytest.raises(FontMissing):
        setter.typeset(PAPER)
    kind.setter.check_ready()


def test_what_nobody_leafs_through_is_refused(kind: Kind) -> None:
    half = [[Fact("a", "b")] * (LONGEST // 2)]
    section = Section(heading="long", entries=half)
    replace(PAPER, sections=(section, section)).check_length()
    with pytest.raises(PaperTooLong):
        kind.setter.typeset(
            replace(PAPER, sections=(section, section, Section(heading="more", entries=[[Fact("", "")]])))
        )
