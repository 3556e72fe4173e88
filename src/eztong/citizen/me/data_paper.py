"""A holder's copy as a paper: every part with its heading, every row and value, in words where there are words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from eztong.citizen.words.paper_words import exact_moment, field_word, part_word, source_words
from eztong.domain.canonical_json import DocumentMalformed, parse_time
from eztong.domain.own_data.paper import Fact, Paper, Section
from eztong.i18n.translator import Translator
from eztong.ports.services import Deployment

_NO_PARTS: Final = frozenset({"format", "at"})
# Documents of evidence: their bytes are what was signed, so they stand as they are.
_FORMAT: Final = "format"


def data_paper(copy: Mapping[str, Any], *, words: Translator, deployment: Deployment) -> Paper:
    """Return the paper of what :func:`~eztong.usecases.own_data.export_data.collect_data` returned."""
    taken = exact_moment(parse_time(copy["at"]), words=words)
    return Paper(
        title=words.text("copy.title"),
        language=words.language,
        source=source_words(deployment, words=words),
        lead=[words.text("copy.lead", at=taken)],
        sections=[_section(part, rows, words) for part, rows in copy.items() if part not in _NO_PARTS],
    )


def _section(part: str, rows: Sequence[Mapping[str, Any]], words: Translator) -> Section:
    entries = [list(_facts(row, words)) for row in rows]
    note = "" if entries else words.text("copy.none")
    return Section(heading=part_word(part, words=words), note=note, entries=entries)


def _facts(row: Mapping[str, Any], words: Translator) -> Iterator[Fact]:
    for name, value in row.items():
        shown = _shown(value, words)
        if shown:
            yield Fact(field_word(name, words=words), shown)


def _shown(value: object, words: Translator) -> str:
    match value:
        case None:
            return ""
        case bool():
            return words.text("copy.yes" if value else "copy.no")
        case str():
            moment = _moment(value)
            return value if moment is None else exact_moment(moment, words=words)
        case Mapping():
            return _shown_row(value, words)
        case Iterable():
            return "\n".join(_shown(one, words) for one in value)
        case _:
            return str(value)


def _shown_row(value: Mapping[str, Any], words: Translator) -> str:
    if _FORMAT in value:
        return json.dumps(value, ensure_ascii=False)
    return "\n".join(f"{fact.label}: {fact.value}" for fact in _facts(value, words))


def _moment(text: str) -> datetime | None:
    try:
        return parse_time(text)
    except DocumentMalformed:
        return None
