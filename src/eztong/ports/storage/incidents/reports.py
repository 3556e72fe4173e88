"""The repository of reports of incidents to the authorities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from eztong.domain.damage import Listed
from eztong.domain.incidents.reporting import IncidentReport, IncidentReportStep


class IncidentReportRepository(Protocol):
    """Reports with what was done with them."""

    def add(self, report: IncidentReport) -> None:
        """Store a report."""
        ...

    def get(self, report_id: str) -> IncidentReport | None:
        """Return a report."""
        ...

    def open(self) -> Listed[IncidentReport]:
        """Return those that are not closed, the oldest first; one that cannot be read is counted."""
        ...

    def closed(self, *, limit: int) -> Listed[IncidentReport]:
        """Return the newest of those that are closed, the newest first; one that cannot be read is counted."""
        ...

    def change(self, report: IncidentReport) -> bool:
        """Store a report whose ``changes`` is one more than stored; return False if somebody else changed it."""
        ...

    def add_step(self, step: IncidentReportStep) -> None:
        """Store what was done."""
        ...

    def steps(self, report_id: str) -> Sequence[IncidentReportStep]:
        """Return what was done with a report, oldest first."""
        ...
