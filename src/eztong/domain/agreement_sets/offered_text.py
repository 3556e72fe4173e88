"""Texts that an operator offers for the next set: which of them change a document, and as which version."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from eztong.domain.agreement_sets.agreement_set import ChangeClassMissing
from eztong.domain.agreement_sets.clauses import clause_numbers
from eztong.domain.agreements import Agreement, ChangeClass, DocumentKind, RuleKind, version_key
from eztong.domain.errors import InputInvalid

LANGUAGES: Final = ("zh-CN", "en")
_VERSION: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,19}")
_LAST_NUMBER: Final = re.compile(r"[0-9]+(?=[^0-9]*$)")
_OPEN_PLACE: Final = re.compile(r"\{[a-z_]+\}")
_VERSION_PLACE: Final = "{version}"
_VERSION_IS_NAMED: Final = (r"(?i:(?<=version )){}(?![0-9A-Za-z.-]*[0-9A-Za-z])", r"(?<=版本 ){}", r"{}(?= 版)")
MAX_TEXT: Final = 200_000


class TextsInvalid(InputInvalid):
    """A text that is offered cannot be one."""

    code = "agreement_texts_invalid"
    advice = (
        "Give each document in Chinese and English, with the same clause numbers, no empty text and no open {place}."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A text with the operator's values filled in, all but its own ``{version}``; ``version`` is what its file says."""

    kind: DocumentKind
    language: str
    version: str
    change_class: ChangeClass
    title: str
    text: str

    def text_as(self, version: str) -> str:
        """Return the text as that version of it."""
        return self.text.replace(_VERSION_PLACE, version)


@dataclass(frozen=True, slots=True, kw_only=True)
class NextText:
    """A document that the next set brings or changes: the version that it gets, and what that asks of holders."""

    kind: DocumentKind
    version: str
    change_class: ChangeClass
    texts: tuple[Offered, ...]


def with_version_open(text: str, version: str) -> str:
    """Return a text of a version with its own number open, where a text names it («version 1.2», «1.2 版»)."""
    for named in _VERSION_IS_NAMED:
        text = re.sub(named.format(re.escape(version)), lambda _: _VERSION_PLACE, text)
    return text


def next_texts(
    offered: Sequence[Offered],
    *,
    standing: Iterable[Agreement],
    known: Mapping[DocumentKind, Collection[str]],
    classes: Mapping[DocumentKind, ChangeClass],
) -> list[NextText]:
    """Return the documents that ``offered`` changes.

    1. A text that reads as the one that stands changes nothing.
    2. A changed one gets the version that its file names, if that is newer than every known one, else the next number.
    3. What it asks of holders is what ``classes`` says, else what its file says of a newer version.

    Args:
        offered: Texts, in every language of each document.
        standing: Texts in force.
        known: Versions that were ever published, by document.
        classes: What the operator said about a change.

    Raises:
        TextsInvalid: a language is missing, the languages have other clauses, or a text cannot be one.
        ChangeClassMissing: nobody said what a change asks.
    """
    now = {(text.kind, text.version, text.language): text for text in standing}
    found = []
    for key in dict.fromkeys((one.kind, one.version if one.kind is RuleKind.NOTICE else "") for one in offered):
        texts = [one for one in offered if one.kind is key[0] and key[1] in {"", one.version}]
        _check_texts(texts)
        if not all(_reads_the_same(one, now) for one in texts):
            found.append(_next_text(texts, known=known.get(key[0], ()), said=classes.get(key[0])))
    return found


def _next_text(texts: Sequence[Offered], *, known: Collection[str], said: ChangeClass | None) -> NextText:
    kind, named, filed = texts[0].kind, texts[0].version, texts[0].change_class
    if kind is RuleKind.NOTICE:
        if named in known:
            raise TextsInvalid(f"Notice {named} was published already and reads otherwise; give it another number.")
        return NextText(kind=kind, version=named, change_class=ChangeClass.C, texts=tuple(texts))
    newest = max(known, key=version_key, default="")
    if version_key(named) > version_key(newest):
        return NextText(kind=kind, version=named, change_class=said or filed, texts=tuple(texts))
    if said is None:
        raise ChangeClassMissing(f"The document {kind.value} changes. {ChangeClassMissing.advice}")
    return NextText(kind=kind, version=_raised(newest), change_class=said, texts=tuple(texts))


def _reads_the_same(one: Offered, standing: Mapping[tuple[DocumentKind, str, str], Agreement]) -> bool:
    same = [text for key, text in standing.items() if key[0] is one.kind and key[2] == one.language]
    if one.kind is RuleKind.NOTICE:
        same = [text for text in same if text.version == one.version]
    return any(text.title == one.title and text.text == one.text_as(text.version) for text in same)


def _raised(version: str) -> str:
    """Return the next version: its last number is one higher."""
    if not _LAST_NUMBER.search(version):
        return f"{version}.1"
    return _LAST_NUMBER.sub(lambda digits: str(int(digits[0]) + 1), version)


def _check_texts(texts: Sequence[Offered]) -> None:
    name = texts[0].kind.value
    if sorted(one.language for one in texts) != sorted(LANGUAGES):
        raise TextsInvalid(f"The document {name} must be there in Chinese and English, once each.")
    if len({(one.version, one.change_class) for one in texts}) > 1:
        raise TextsInvalid(f"The languages of the document {name} name another version or class.")
    for one in texts:
        if not _VERSION.fullmatch(one.version) or not one.title.strip() or not 0 < len(one.text.strip()) <= MAX_TEXT:
            raise TextsInvalid(f"The document {name} has no title, no text or no proper version.")
        place = _OPEN_PLACE.search(one.text_as(one.version)) or _OPEN_PLACE.search(one.title)
        if place:
            raise TextsInvalid(f"The document {name} has an open place {place[0]}.")
    numbers = [clause_numbers(one.text) for one in texts]
    if numbers[0] != numbers[1]:
        raise TextsInvalid(f"The languages of the document {name} have other clauses.")
    if len(set(numbers[0])) != len(numbers[0]):
        raise TextsInvalid(f"The document {name} has two clauses of one number.")
