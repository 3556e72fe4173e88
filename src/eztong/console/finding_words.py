"""What a check of the service found, in the language of whoever reads it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from eztong.domain.operators.posture import FindingSentence, MetError
from eztong.i18n.translator import Translator

_OF_ACTS: Final = frozenset(
    {"internal", "input_invalid", "not_found", "not_permitted", "state_conflict", "unavailable"}
)
"""Codes whose sentences speak of what the reader did: nobody did anything here."""


def finding_words(sentences: Sequence[FindingSentence], *, words: Translator, contact: str) -> str:
    """Return what a check says; ``contact`` is the operator's, which sentences of errors may name."""
    return words.joined(*(_sentence(one, words, contact) for one in sentences))


def _sentence(said: FindingSentence, words: Translator, contact: str) -> str:
    params = {
        name: _error(value, words, contact) if isinstance(value, MetError) else value
        for name, value in said.params.items()
    }
    return words.text(said.key, **params)


def _error(met: MetError, words: Translator, contact: str) -> str:
    """Return the words of an error: its own, which are English, or those of the catalogue for it, or else its code."""
    if words.language == "en":
        return met.detail
    keys = () if met.code in _OF_ACTS else (f"console.error.{met.code}", f"error.{met.code}")
    key = next(filter(words.has, keys), None)
    told = met.code if key is None else words.text(key, contact=contact, wait="", until="")
    return f"{', '.join(met.settings)}: {told}" if met.settings else told
