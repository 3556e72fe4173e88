"""Sentences by key, from the gettext catalogues beside this module.

A language is a folder with one file for each door, or a folder with one for each of its subjects, one for what the
doors share, and one for what the checks of the deployment find. The files are read as they are (``.po``), once per
process: there is nothing to compile. A key is dotted and names the place (``start.title``); parameters stand in braces.
A missing key or parameter is a programmer's mistake and is raised, never shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal, TypeGuard

from babel.messages.pofile import read_po

from eztong.i18n.filling import fill

Language = Literal["zh-CN", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("zh-CN", "en")
DEFAULT_LANGUAGE: Final[Language] = "zh-CN"
_FOLDER: Final = Path(__file__).parent / "catalogues"


def is_language(text: str | None) -> TypeGuard[Language]:
    """Say whether there is a catalogue for exactly this language tag."""
    return text in LANGUAGES


@lru_cache
def load_catalogue(language: Language) -> Mapping[str, str]:
    """Return every sentence of a language by its key.

    Raises:
        ValueError: two files say the same key (programmer's mistake).
    """
    found: dict[str, str] = {}
    for path in sorted((_FOLDER / language.replace("-", "_")).rglob("*.po")):
        sentences = _read(path, language)
        twice = found.keys() & sentences.keys()
        if twice:
            raise ValueError(f"{path.name} says again: {', '.join(sorted(twice))}")
        found |= sentences
    return found


def _read(path: Path, language: Language) -> dict[str, str]:
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language.replace("-", "_"), abort_invalid=True)
    sentences = ((message.id, message.string) for message in catalogue)
    return {key: text for key, text in sentences if isinstance(key, str) and isinstance(text, str) and key}


_CHINESE_STOPS: Final = ("。", "！", "？", "；", "：", "，", "）")


class Translator:
    """Gives the sentences of one language."""

    def __init__(self, language: Language) -> None:
        self.language: Final = language
        self._sentences = load_catalogue(language)

    def has(self, key: str) -> bool:
        """Say whether there is a sentence for ``key``."""
        return key in self._sentences

    def text(self, key: str, **params: object) -> str:
        """Return the sentence for ``key`` with its parameters filled in.

        Raises:
            KeyError: no such key, or a parameter is missing (programmer's mistake).
        """
        return fill(self._sentences[key], params, language=self.language)

    def joined(self, *sentences: str) -> str:
        """Return sentences as one text, without the empty ones: nothing stands between them after a Chinese stop."""
        said = ""
        for sentence in filter(None, sentences):
            said += f" {sentence}" if said and not said.endswith(_CHINESE_STOPS) else sentence
        return said
