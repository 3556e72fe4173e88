"""The repository of versions of the periods."""

from __future__ import annotations

from typing import Protocol

from eztong.domain.damage import Listed
from eztong.domain.retention.version import RetentionVersion


class RetentionVersionRepository(Protocol):
    """Versions of the periods. What a version says is stored once and never changed."""

    def add(self, version: RetentionVersion) -> None:
        """Store a version."""
        ...

    def get(self, version_id: str) -> RetentionVersion | None:
        """Return the version."""
        ...

    def list(self, *, limit: int) -> Listed[RetentionVersion]:
        """Return the newest versions, the newest first, whatever became of them."""
        ...

    def published(self) -> Listed[RetentionVersion]:
        """Return every version that was published."""
        ...

    def move(self, before: RetentionVersion, after: RetentionVersion) -> bool:
        """Store what became of a version if it still stands as ``before``; return whether this call did it."""
        ...
