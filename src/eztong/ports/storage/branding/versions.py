"""The repository of the brand's versions."""

from __future__ import annotations

from typing import Protocol

from eztong.domain.branding.version import BrandVersion
from eztong.domain.damage import Listed


class BrandVersionRepository(Protocol):
    """Versions of the brand. What a version says is stored once and never changed."""

    def add(self, version: BrandVersion) -> None:
        """Store a version."""
        ...

    def get(self, version_id: str) -> BrandVersion | None:
        """Return the version."""
        ...

    def in_force(self) -> BrandVersion | None:
        """Return the version that was published last; None while none was.

        Raises:
            RowDamaged: it cannot be read.
        """
        ...

    def list(self, *, limit: int) -> Listed[BrandVersion]:
        """Return the newest versions, the newest first, whatever became of them."""
        ...

    def move(self, before: BrandVersion, after: BrandVersion) -> bool:
        """Store what became of a version if it still stands as ``before``; return whether this call did it."""
        ...
