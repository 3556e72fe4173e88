"""The brand in memory."""

from __future__ import annotations

from typing_extensions import override

from eztong.adapters.rarely_read import RarelyRead
from eztong.domain.branding.brand import Brand
from eztong.ports.branding.board import BrandBoard
from eztong.ports.clock import Clock
from eztong.ports.storage.store import Store
from eztong.usecases.branding.publish_branding import brand_in_force


class CachedBrand(BrandBoard):
    """The brand of one process."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """Read nothing yet."""
        self._kept = RarelyRead(
            store, clock, read=lambda stored: brand_in_force(stored=stored), first=Brand(), name="brand"
        )

    @override
    def look(self) -> Brand:
        return self._kept.look()
