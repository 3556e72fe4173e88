"""The repositories of what whoever runs the service decides about it, and of how much it does."""

from __future__ import annotations

from typing import Protocol

from eztong.ports.storage.branding.versions import BrandVersionRepository
from eztong.ports.storage.message_texts.versions import TextVersionRepository
from eztong.ports.storage.retention.versions import RetentionVersionRepository
from eztong.ports.storage.traffic.counts import TrafficRepository


class OperationRepositories(Protocol):
    """One view of the store, as :class:`~eztong.ports.storage.repositories.Repositories` says."""

    @property
    def brand_versions(self) -> BrandVersionRepository:
        """Versions of the brand."""
        ...

    @property
    def text_versions(self) -> TextVersionRepository:
        """Versions of the texts of messages."""
        ...

    @property
    def retention_versions(self) -> RetentionVersionRepository:
        """Versions of how long things are kept."""
        ...

    @property
    def traffic(self) -> TrafficRepository:
        """Counts that charts are drawn from."""
        ...
