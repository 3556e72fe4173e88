"""PDF as readers need it: tagged, in its language, every character with a glyph of its own, no font of elsewhere."""

from __future__ import annotations

import struct
from itertools import combinations
from pathlib import Path

import pytest
import typst

from eztong.adapters.paper.coverage import FontUnreadable, read_coverage
from eztong.adapters.paper.typst_pages import TypstPages
from eztong.domain.own_data.paper import Fact, FontMissing, Paper, Section
from eztong.wiring.settings import Settings
from tests.simulators.pdf_reading import opened, pixels_of, squeezed, text_of

FONTS = Settings().font_folder
FAMILY = Settings().font_family
RARE = "𠮷㛃䶮吉龑"


@pytest.fixture(scope="module")
def pages() -> TypstPages:
    return TypstPages(FONTS, FAMILY)


@pytest.fixture(scope="module")
def face() -> tuple[Path, int]:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    found = next(one for one in fonts.fonts() if (one.family, one.weight) == (FAMILY, 400))
    assert found.path is not None
    return Path(found.path), found.index


def one_fact(value: str, language: str = "zh-CN") -> Paper:
    entries = [[Fact("姓名", value)]]
    return Paper(title="一页", language=language, source="s", sections=[Section(heading="账户", entries=entries)])


def test_rare_characters_have_glyphs_of_their_own(pages: TypstPages) -> None:
    looks = {one: pixels_of(pages.typeset(one_fact(one))) for one in RARE}
    for one, other in combinations(RARE, 2):
        assert looks[one] != looks[other], "boxes look all the same"


@pytest.mark.parametrize("missing", ["\U0010fffd", "😀", "\x01", "\U00031350"])
def test_what_no_font_has_is_written_by_its_code_point(pages: TypstPages, missing: str) -> None:
    read = squeezed(text_of(pages.typeset(one_fact(f"前{missing}后"))))
    assert f"前〔U+{ord(missing):04X}〕后" in read


def test_marks_that_only_shape_their_neighbours_are_no_gaps(pages: TypstPages) -> None:
    assert "U+" not in text_of(pages.typeset(one_fact("葛\U000e0100城 a\u200db")))


@pytest.mark.parametrize(("language", "tag"), [("zh-CN", "zh-CN"), ("en", "en")])
def test_a_file_is_tagged_and_says_its_language_and_title(pages: TypstPages, language: str, tag: str) -> None:
    made = pages.typeset(one_fact("测", language))
    assert b"/MarkInfo" in made
    assert b"/StructTreeRoot" in made
    assert f"/Lang({tag})".encode() in made.replace(b"/Lang (", b"/Lang(")
    with opened(made) as document:
        assert document.get_metadata_value("Title") == "一页"
        assert document.get_metadata_value("CreationDate") == "", "equal papers are equal on every day"


def test_nothing_in_a_paper_is_read_as_markup(pages: TypstPages) -> None:
    said = '#read("/etc/passwd") #import "@preview/x:1.0.0" $x$ _a_ *b* `c` <d> @e // f \\ "'
    assert squeezed(said) in squeezed(text_of(pages.typeset(one_fact(said))))


def test_our_reading_of_the_font_agrees_with_the_typesetter(face: tuple[Path, int]) -> None:
    covered = read_coverage(face[0], index=face[1])
    sample = [
        chr(point)
        for start in (0x21, 0x3400, 0x4E00, 0x9FF0, 0x20000, 0x2A6D0, 0x1F600)
        for point in range(start, start + 8)
    ]
    template = f'#set text(font: "{FAMILY}", fallback: false)\n#set document(title: "t")\n#sys.inputs.x'.encode()
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    for one in sample:
        try:
            typst.Compiler(font_paths=fonts, sys_inputs={"x": one}).compile(
                template, format="pdf", pdf_standards="ua-1"
            )
            is_drawn = True
        except typst.TypstError:
            is_drawn = False
        assert covered.has(one) is is_drawn, f"U+{ord(one):X}"


def test_a_font_that_cannot_be_read_is_no_font(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttf"
    for content in (b"", b"OTTO", b"OTTO" + struct.pack(">HHHH", 0, 0, 0, 0)):
        broken.write_bytes(content)
        with pytest.raises(FontUnreadable):
            read_coverage(broken, index=0)
    with pytest.raises(FontUnreadable):
        read_coverage(tmp_path / "none.ttf", index=0)


def test_another_family_than_is_there_is_no_font() -> None:
    with pytest.raises(FontMissing):
        TypstPages(FONTS, "Noto Sans Nowhere").check_ready()
