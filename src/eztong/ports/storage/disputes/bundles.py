"""The repository of what was handed out as evidence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from eztong.domain.disputes.dispute import Bundle, BundleKey
from eztong.domain.identifiers import HolderId


class BundleRepository(Protocol):
    """Manifests of bundles, by record and side."""

    def add(self, bundle: Bundle) -> None:
        """Store what was made as evidence."""
        ...

    def newest(self, key: BundleKey) -> Bundle | None:
        """Return the newest bundle of a record for one side."""
        ...

    def of_holder(self, holder_id: HolderId) -> Sequence[Bundle]:
        """Return what was made about the account's records for whomever, newest first."""
        ...

    def note_download(self, bundle: Bundle, *, now: datetime) -> None:
        """Note that a bundle is handed out; an earlier moment never replaces a later one."""
        ...
