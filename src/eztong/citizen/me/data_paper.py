"""A holder's copy as a paper: every part with its heading, every row and value, in words where there are words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from eztong.citizen.words.copy_values import PartnerNames, detail_words, value_words
from eztong.citizen.words.paper_words import exact_moment, field_word, part_word, source_words
from eztong.domain.branding.brand import Brand
from eztong.domain.canonical_json import DocumentMalformed, parse_time
from eztong.domain.errors import EztongError
from eztong.domain.message_texts.version import PublishedTexts
from eztong.domain.notices import Topic
from eztong.domain.own_data.paper import Fact, Paper, Section
from eztong.i18n.notices import render_notice
from eztong.i18n.translator import Translator
from eztong.ports.services import Deployment

_PLAIN: Final = Brand()
_OWN_TEXTS: Final = PublishedTexts()
_NO_PARTS: Final = frozenset({"format", "at"})
# Documents of evidence: their bytes are what was signed, so they stand as they are.
_FORMAT: Final = "format"
_DUE: Final = frozenset({"at", "is_provisional"})


def data_paper(
    copy: Mapping[str, Any],
    *,
    words: Translator,
    deployment: Deployment,
    names: PartnerNames,
    brand: Brand = _PLAIN,
    texts: PublishedTexts = _OWN_TEXTS,
) -> Paper:
    """Return the paper of what :func:`~eztong.usecases.own_data.export_data.collect_data` returned."""
    taken = exact_moment(parse_time(copy["at"]), words=words)
    return Paper(
        title=words.text("copy.title"),
        language=words.language,
        source=source_words(deployment, words=words, brand=brand),
        lead=[words.text("copy.lead", at=taken)],
        sections=[
            _Part(part, words, names, texts).section(rows) for part, rows in copy.items() if part not in _NO_PARTS
        ],
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """Puts the rows of one part into words."""

    name: str
    words: Translator
    names: PartnerNames
    texts: PublishedTexts

    def section(self, rows: Sequence[Mapping[str, Any]]) -> Section:
        """Return the part with its heading, and an entry for each row."""
        entries = [list(self.facts(row)) for row in rows]
        note = "" if entries else self.words.text("copy.none")
        return Section(heading=part_word(self.name, words=self.words), note=note, entries=entries)

    def facts(self, row: Mapping[str, Any]) -> Iterator[Fact]:
        """Give what a row tells: a member without a value tells nothing."""
        for member, value in row.items():
            shown = self._told(member, row) or self._shown(member, value)
            if shown:
                yield Fact(field_word(member, words=self.words), shown)

    def _told(self, member: str, row: Mapping[str, Any]) -> str:
        """Return the words of a member that needs its row to be told; empty if it needs none."""
        value, partner = row[member], row.get("partner_id", "")
        if member == "params":
            return self._notice(row, value)
        tellers: Mapping[str, Callable[[], str]] = {
            "partner_id": lambda: self.names.partner(value),
            "scene": lambda: self.names.scene(partner, value),
            "desk": lambda: self.names.desk(partner, value),
            "detail": lambda: detail_words(value, words=self.words, names=self.names),
        }
        return tellers[member]() if value and member in tellers else ""

    def _notice(self, row: Mapping[str, Any], params: Mapping[str, str]) -> str:
        try:
            topic, at = Topic(row["topic"]), parse_time(row["at"])
            return render_notice(topic, params, language=self.words.language, texts=self.texts, at=at)
        except (ValueError, EztongError):
            # Written by another version: its params are told as they are.
            return ""

    def _shown(self, member: str, value: object) -> str:
        match value:
            case bool():
                return self.words.text("copy.yes" if value else "copy.no")
            case str():
                return self._text(member, value)
            case Mapping():
                return self._shown_row(value)
            case Iterable():
                return "\n".join(self._shown(member, one) for one in value)
            case _:
                return "" if value is None else str(value)

    def _text(self, member: str, value: str) -> str:
        try:
            return exact_moment(parse_time(value), words=self.words)
        except DocumentMalformed:
            return value_words(self.name, member, value, words=self.words)

    def _shown_row(self, value: Mapping[str, Any]) -> str:
        if _FORMAT in value:
            return json.dumps(value, ensure_ascii=False)
        if value.keys() == _DUE:
            day = self._shown("at", value["at"])
            return self.words.text("said.provisional", day=day) if value["is_provisional"] else day
        return "\n".join(f"{fact.label}: {fact.value}" for fact in self.facts(value))
