"""The texts of messages in memory."""

from __future__ import annotations

from typing_extensions import override

from eztong.adapters.rarely_read import RarelyRead
from eztong.domain.message_texts.version import PublishedTexts
from eztong.ports.clock import Clock
from eztong.ports.message_texts.board import TextBoard
from eztong.ports.storage.store import Store
from eztong.usecases.message_texts.publish_text import texts_in_force


class CachedTexts(TextBoard):
    """The texts of one process."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """Read nothing yet."""
        self._kept = RarelyRead(
            store, clock, read=lambda stored: texts_in_force(stored=stored), first=PublishedTexts(), name="texts"
        )

    @override
    def look(self) -> PublishedTexts:
        return self._kept.look()
