"""What the operator says of the service: its name, its look, the help line, and the words of the start page.

Who operates the service and how they are reached stands in the agreements and is set there alone (ADR 0036): a brand
adds to it and replaces none of it. The English form of the operator's name is for readers of English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from eztong.domain.branding.accent import parse_accent
from eztong.domain.branding.mark import parse_mark
from eztong.domain.errors import InputInvalid
from eztong.domain.free_text import is_steering

LONGEST: Final[Mapping[str, int]] = {
    "service_zh": 16,
    "service_en": 30,
    "operator_en": 100,
    "accent": 7,
    "help_line": 40,
    "help_zh": 60,
    "help_en": 100,
    "title_zh": 30,
    "title_en": 60,
    "lead_zh": 120,
    "lead_en": 240,
}
"""The texts of a brand by their names, with the characters that each may have. Empty: as the program has it."""

PAIRS: Final = (("service_zh", "service_en"), ("help_zh", "help_en"), ("title_zh", "title_en"), ("lead_zh", "lead_en"))
"""What is said in both languages or in none."""

_HELP_LINE: Final = re.compile(r"[+(]?[0-9][0-9 ()/-]{1,38}[0-9]")
_ENGLISH: Final = "en"


class BrandInvalid(InputInvalid):
    """A text of it is too long, in one language alone, or holds what no page shows. ``name`` says which."""

    code = "brand_invalid"

    def __init__(self, name: str = "", why: str = "") -> None:
        """Keep which text it is, and say why."""
        super().__init__(f"{name}: {why}" if why else None)
        self.name = name


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """A brand. Every text may be empty; then it is as the program has it. ``mark`` is a PNG, or empty."""

    service_zh: str = ""
    service_en: str = ""
    operator_en: str = ""
    accent: str = ""
    help_line: str = ""
    help_zh: str = ""
    help_en: str = ""
    title_zh: str = ""
    title_en: str = ""
    lead_zh: str = ""
    lead_en: str = ""
    mark: bytes = field(default=b"", repr=False)

    def service(self, language: str) -> str:
        """Return the service's name."""
        return self.service_en if language == _ENGLISH else self.service_zh

    def operator(self, language: str, *, otherwise: str) -> str:
        """Return the operator's name: the one in the agreements, or its English form."""
        return self.operator_en or otherwise if language == _ENGLISH else otherwise

    def help_hours(self, language: str) -> str:
        """Return when the help line is answered."""
        return self.help_en if language == _ENGLISH else self.help_zh

    def title(self, language: str) -> str:
        """Return the title of the start page."""
        return self.title_en if language == _ENGLISH else self.title_zh

    def lead(self, language: str) -> str:
        """Return the sentence below it."""
        return self.lead_en if language == _ENGLISH else self.lead_zh

    def texts(self) -> dict[str, str]:
        """Return every text by its name."""
        return {name: getattr(self, name) for name in LONGEST}


def parse_brand(texts: Mapping[str, str], mark: bytes = b"") -> Brand:
    """Return a brand, without white space around its texts.

    Raises:
        BrandInvalid: naming the text.
        AccentInvalid, AccentUnreadable: the accent is no colour, or too light.
        MarkInvalid: the mark is no picture that can be one.
    """
    for name in sorted(texts.keys() - LONGEST.keys()):
        raise BrandInvalid(name, "There is no such text.")
    said = {name: " ".join(texts.get(name, "").split(" ")).strip() for name in LONGEST}
    for name, text in said.items():
        _check_text(name, text)
    for one, other in PAIRS:
        if bool(said[one]) != bool(said[other]):
            raise BrandInvalid(other if said[one] else one, "It is said in both languages or in none.")
    if said["help_line"] and _HELP_LINE.fullmatch(said["help_line"]) is None:
        raise BrandInvalid("help_line", "A phone number is needed, of digits, spaces, + ( ) / and -.")
    if said["help_zh"] and not said["help_line"]:
        raise BrandInvalid("help_line", "Its hours are given, but no number.")
    return Brand(**(said | {"accent": parse_accent(said["accent"])}), mark=parse_mark(mark) if mark else b"")


def _check_text(name: str, text: str) -> None:
    if len(text) > LONGEST[name]:
        raise BrandInvalid(name, f"It has at most {LONGEST[name]} characters.")
    if any(letter in "\r\n\t" or is_steering(letter) for letter in text):
        raise BrandInvalid(name, "One line of plain text is needed.")
