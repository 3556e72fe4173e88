"""The texts that replace the program's own, for every message, without a look into the store for each."""

from __future__ import annotations

from typing import Protocol

from eztong.domain.message_texts.version import PublishedTexts


class TextBoard(Protocol):
    """Reads the store at most once in a while, however many ask."""

    def look(self) -> PublishedTexts:
        """Return what was published, read anew if the last look is a few seconds old.

        A store that cannot be read leaves what was read last.
        """
        ...
