"""The repository of holders' reports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from eztong.domain.feedback.report import Report
from eztong.domain.identifiers import HolderId


class ReportRepository(Protocol):
    """Reports of uses that were not the holder's."""

    def add(self, report: Report) -> None:
        """Store a report; a second one about the same record of the account is an error."""
        ...

    def about(self, holder_id: HolderId, record_id: str) -> Report | None:
        """Return the account's report about a record."""
        ...

    def list(self, holder_id: HolderId) -> Sequence[Report]:
        """Return the account's reports, newest first."""
        ...
