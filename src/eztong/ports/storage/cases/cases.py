"""The repository of cases about misuse of accounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from eztong.domain.cases.case import Case, CaseEvidence, CaseStep
from eztong.domain.damage import Listed
from eztong.domain.identifiers import HolderId


class CaseRepository(Protocol):
    """Cases, with every step that was taken in them, and what they hold as evidence."""

    def add(self, case: Case) -> bool:
        """Store a case; return False, and store nothing, if its number is taken."""
        ...

    def get(self, case_id: str) -> Case | None:
        """Return a case."""
        ...

    def of_holder(self, holder_id: HolderId) -> Sequence[Case]:
        """Return the cases about an account, newest first."""
        ...

    def by_number(self, number: str) -> Case | None:
        """Return the case of a number."""
        ...

    def waiting(self, *, after: tuple[int, str] | None = None, limit: int) -> Listed[Case]:
        """Return cases that wait for staff, what is due first at the top.

        ``after`` is the last one's due moment in milliseconds, and its id, of the page before.
        """
        ...

    def move(self, seen: Case, moved: Case) -> bool:
        """Change a case to ``moved`` if its state and proposal are those that were seen; return whether they were."""
        ...

    def end_secrets(self, holder_id: HolderId) -> None:
        """End the secrets that open decisions about an account."""
        ...

    def add_step(self, step: CaseStep) -> None:
        """Store a step."""
        ...

    def steps(self, case_id: str) -> Sequence[CaseStep]:
        """Return the steps of a case, oldest first."""
        ...

    def add_evidence(self, item: CaseEvidence) -> bool:
        """Store what a case holds; return False, and store nothing, if it holds it already."""
        ...

    def evidence(self, case_id: str) -> Sequence[CaseEvidence]:
        """Return what a case holds, in the order of ids."""
        ...
