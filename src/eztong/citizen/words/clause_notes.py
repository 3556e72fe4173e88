"""Marks on clauses in words: what does not apply, since when and why (clause 5.5)."""

from __future__ import annotations

from collections.abc import Iterable

from eztong.citizen.words.agreement_text import Notes
from eztong.domain.agreement_sets.clause_mark import ClauseMark
from eztong.i18n.moments import date_words
from eztong.i18n.translator import Translator


def clause_notes(marks: Iterable[ClauseMark], *, words: Translator) -> Notes:
    """Return what is said at each marked clause, in the language of the page."""
    return tuple((mark.clause, _note(mark, words=words)) for mark in marks if mark.is_shown)


def _note(mark: ClauseMark, *, words: Translator) -> str:
    said = {"since": date_words(mark.since, words=words), "reason": mark.reason.in_language(words.language)}
    if mark.lifted_at is not None:
        return words.text("clause_mark.lifted", until=date_words(mark.lifted_at, words=words), **said)
    return words.text(f"clause_mark.{mark.effect}", **said)
