"""The repository of versions of texts."""

from __future__ import annotations

from typing import Protocol

from eztong.domain.damage import Listed
from eztong.domain.message_texts.version import TextVersion


class TextVersionRepository(Protocol):
    """Versions of the texts of messages. What a version says is stored once and never changed."""

    def add(self, version: TextVersion) -> None:
        """Store a version."""
        ...

    def get(self, version_id: str) -> TextVersion | None:
        """Return the version."""
        ...

    def published(self) -> Listed[TextVersion]:
        """Return every version of every text that was published."""
        ...

    def of_text(self, text_id: str, *, limit: int) -> Listed[TextVersion]:
        """Return the newest versions of a text, the newest first, whatever became of them."""
        ...

    def move(self, before: TextVersion, after: TextVersion) -> bool:
        """Store what became of a version if it still stands as ``before``; return whether this call did it."""
        ...
