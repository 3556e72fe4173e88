"""What one text of a message says in both languages, and what may stand in the place of the program's own.

A replacement has the placeholders of the text that it replaces, each at least once and no other: what is filled in is
what the act knows. It has no address of its own: a message that asks to follow a link which nobody made for it is
what people are told never to trust. Phones make links of names of hosts, too; and what touches a link becomes part of
it, as a digit that touches a code does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from eztong.domain.errors import InputInvalid
from eztong.domain.free_text import is_steering, parse_free_text
from eztong.gm.sm3 import sm3

LONGEST: Final[Mapping[str, int]] = {"zh": 300, "en": 600}
"""The characters that a text may have in each language, with its placeholders as they are written."""

_ENGLISH: Final = "en"
_PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}")
_ADDRESS: Final = re.compile(
    r"://|\bhttps?\s*:|www\.|[\w}-]\.[a-z]{2}|[0-9a-z}]\u3002[a-z]{2}|\d\.\d+\.\d+\.\d"
    r"|[^\W\d]\.(?:中国|中國|公司|网络|網絡|网址|政务|公益|集团|在线)",
    re.IGNORECASE,
)
"""What phones and mail programs make a link of, with or without a scheme; in the letters' plain form (NFKC)."""

_UNSEEN: Final = dict.fromkeys(map(ord, "\u200c\u200d"))
_LINK: Final = re.compile(r"\{link\}")
_LINK_APART: Final = re.compile(r"(?<!\S)\{link\}(?=[,.;!?]?(?:\s|$))")
_TOUCHED: Final = re.compile(r"[0-9A-Za-z@/]\{|\}[0-9A-Za-z@/]")


class TextInvalid(InputInvalid):
    """It is empty in one language, too long, or its placeholders are not those of the program's text.

    ``language`` says where: ``zh`` or ``en``; ``problem`` is a word for what is wrong, ``names`` what it is about.
    """

    code = "text_invalid"

    def __init__(self, language: str = "", problem: str = "", names: str = "", *, why: str = "") -> None:
        """Keep where it is, and say why."""
        super().__init__(f"{language}: {why}" if why else None)
        self.language = language
        self.problem = problem
        self.names = names


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A text in both languages, with placeholders in braces. Empty in both: the program's own."""

    zh: str = ""
    en: str = ""

    @property
    def is_own(self) -> bool:
        """Say whether it stands for the program's own text."""
        return not self.zh and not self.en

    def text(self, language: str) -> str:
        """Return it in a language."""
        return self.en if language == _ENGLISH else self.zh

    def said(self) -> Iterator[tuple[str, str]]:
        """Give each language with the text in it."""
        yield "zh", self.zh
        yield _ENGLISH, self.en

    def fits(self, own: Wording) -> bool:
        """Say whether it can stand in the place of ``own``: another version may have other placeholders."""
        return all(set(placeholders(text)) == set(placeholders(own.text(language))) for language, text in self.said())


def placeholders(text: str) -> list[str]:
    """Return the names in braces, in their order, each once."""
    return list(dict.fromkeys(_PLACEHOLDER.findall(text)))


def parse_wording(zh: str, en: str, *, own: Wording) -> Wording:
    """Return what shall stand in the place of ``own``; what says the same in both languages is the program's own.

    Raises:
        TextInvalid: naming the language and what is wrong there.
    """
    wanted = Wording(zh=_plain(zh), en=_plain(en))
    if wanted in (own, Wording()):
        return Wording()
    for language, text in wanted.said():
        _check(language, text, own.text(language))
    return wanted


def wording_hash(text_id: str, wording: Wording) -> str:
    """Return the SM3 of which text it is and what it says, in hex: what evidence says of a published text."""
    return sm3(f"{text_id}\x00{wording.zh}\x00{wording.en}".encode()).hex()


def _plain(text: str) -> str:
    return " ".join(text.split())


def _check(language: str, text: str, own: str) -> None:
    if not parse_free_text(text):
        raise TextInvalid(language, "empty", why="It is said in both languages.")
    if len(text) > LONGEST[language]:
        raise TextInvalid(language, "long", str(LONGEST[language]), why=f"It has at most {LONGEST[language]} signs.")
    if any(is_steering(letter) for letter in text):
        raise TextInvalid(language, "plain", why="One line of plain text is needed.")
    shown = unicodedata.normalize("NFKC", text).translate(_UNSEEN)
    if _ADDRESS.search(shown):
        raise TextInvalid(language, "address", why="A link stands only where the program has the placeholder for one.")
    if set("{}") & set(_PLACEHOLDER.sub("", text)):
        raise TextInvalid(language, "braces", why="Braces stand around placeholders alone.")
    if _TOUCHED.search(shown) or len(_LINK.findall(text)) > len(_LINK_APART.findall(text)):
        raise TextInvalid(language, "apart", why="Spaces stand around a link, and no letter or digit at a placeholder.")
    there, needed = placeholders(text), placeholders(own)
    for problem, names in (
        ("missing", [name for name in needed if name not in there]),
        ("unknown", [name for name in there if name not in needed]),
    ):
        if names:
            listed = ", ".join(f"{{{name}}}" for name in names)
            raise TextInvalid(language, problem, listed, why=f"These placeholders are {problem}: {listed}.")
