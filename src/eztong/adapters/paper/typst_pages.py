"""The typesetter port over Typst: PDF/UA-1, fonts of one folder and no others, no clock, no network (ADR 0066)."""

from __future__ import annotations

import json
import threading
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import typst
from typing_extensions import override

from eztong.adapters.paper.coverage import Coverage, FontUnreadable, read_coverage
from eztong.domain.own_data.paper import FontMissing, Paper
from eztong.ports.typesetter import Typesetter

_TEMPLATE: Final = files("eztong.adapters.paper").joinpath("paper.typ").read_bytes()
_REGULAR: Final = 400
_BREAKS: Final = "\n"


class TypstPages(Typesetter):
    """Sets with one family of one folder, which is read at the first paper, and again as long as it has no font."""

    def __init__(self, folder: Path, family: str) -> None:
        self._folder = folder
        self._family = family
        self._lock = threading.Lock()
        self._ready: tuple[typst.Fonts, Coverage] | None = None

    @override
    def check_ready(self) -> None:
        with self._lock:
            self._ready = self._ready or self._open()

    @override
    def typeset(self, paper: Paper) -> bytes:
        paper.check_length()
        # One at a time: setting takes a whole core, and few people ask for it at once.
        with self._lock:
            fonts, coverage = self._ready = self._ready or self._open()
            data = json.dumps(_as_data(paper, self._family, coverage), ensure_ascii=False)
            # A new one each time: it would keep the paper in memory until the next.
            compiler = typst.Compiler(font_paths=fonts, sys_inputs={"paper": data})
            made = compiler.compile(_TEMPLATE, format="pdf", pdf_standards="ua-1")
        if not isinstance(made, bytes):
            raise TypeError
        return made

    def _open(self) -> tuple[typst.Fonts, Coverage]:
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(self._folder)])
        for font in fonts.fonts():
            if (font.family, font.style, font.weight) == (self._family, "normal", _REGULAR) and font.path is not None:
                try:
                    return fonts, read_coverage(Path(font.path), index=font.index)
                except FontUnreadable as error:
                    raise FontMissing from error
        raise FontMissing


def _as_data(paper: Paper, family: str, coverage: Coverage) -> dict[str, Any]:
    def shown(text: str) -> str:
        return "".join(one if one in _BREAKS or coverage.has(one) else f"〔U+{ord(one):04X}〕" for one in text)

    language, _, region = paper.language.partition("-")
    sections = [
        {
            "heading": shown(section.heading),
            "note": shown(section.note),
            "entries": [[[shown(fact.label), shown(fact.value)] for fact in entry] for entry in section.entries],
        }
        for section in paper.sections
    ]
    return {
        "font": family,
        "lang": language,
        "region": region.lower() or None,
        "title": shown(paper.title),
        "source": shown(paper.source),
        "lead": [shown(line) for line in paper.lead],
        "sections": sections,
    }
