"""The brand in force, for every page and message, without a look into the store for each."""

from __future__ import annotations

from typing import Protocol

from eztong.domain.branding.brand import Brand


class BrandBoard(Protocol):
    """Reads the store at most once in a while, however many ask."""

    def look(self) -> Brand:
        """Return the brand in force, read anew if the last look is a few seconds old.

        A store that cannot be read leaves what was read last.
        """
        ...
