"""Count how many accounts accepted what, and what that means for them now (clause 5.6): no account is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from eztong.domain.agreements import AgreementKind, CountingVersions
from eztong.domain.holder import WITH_ACCOUNT
from eztong.ports.storage.repositories import Repositories


class AcceptedAs(StrEnum):
    """What an acceptance means now."""

    CURRENT = "current"
    """Of the version in force."""
    CARRIES = "carries"
    """Of an earlier version that still is a consent: the change since asked for nothing, or its grace runs."""
    AGAIN = "again"
    """Of a version that is no consent any more: the next use asks."""
    WITHDRAWN = "withdrawn"
    NEVER = "never"
    """The account accepted none of this document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedVersion:
    """A version and how many accounts accepted it last; ``version`` is empty of those that accepted none."""

    kind: AgreementKind
    version: str
    standing: AcceptedAs
    accounts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptanceStatistics:
    """How many accounts there are, and by which version each of them acts."""

    accounts: int
    versions: Sequence[AcceptedVersion]

    def count(self, kind: AgreementKind, *standings: AcceptedAs) -> int:
        """Return how many accounts stand so with a document."""
        return sum(one.accounts for one in self.versions if one.kind is kind and one.standing in standings)


def count_accounts(*, stored: Repositories) -> int:
    """Return how many accounts there are."""
    counts = stored.holders.counts()
    return sum(counts.get(state.value, 0) for state in WITH_ACCOUNT)


def count_acceptances(*, stored: Repositories) -> AcceptanceStatistics:
    """Return by which versions accounts act. Every account is looked at: with millions it takes seconds."""
    accounts = count_accounts(stored=stored)
    counting = stored.agreements.versions_that_count()
    newest = {kind: _in_force(kind, stored=stored) for kind in AgreementKind}
    found = [
        AcceptedVersion(
            kind=one.kind,
            version=one.version,
            standing=AcceptedAs.WITHDRAWN if one.is_withdrawn else _standing(one.kind, one.version, newest, counting),
            accounts=one.accounts,
        )
        for one in stored.agreements.acceptance_counts()
    ]
    for kind in AgreementKind:
        left = accounts - sum(one.accounts for one in found if one.kind is kind)
        if left > 0:
            found.append(AcceptedVersion(kind=kind, version="", standing=AcceptedAs.NEVER, accounts=left))
    kinds, standings = list(AgreementKind), list(AcceptedAs)
    found.sort(key=lambda one: (kinds.index(one.kind), standings.index(one.standing), one.version))
    return AcceptanceStatistics(accounts=accounts, versions=found)


def _in_force(kind: AgreementKind, *, stored: Repositories) -> str:
    text = stored.agreements.in_force(kind, "zh-CN")
    return "" if text is None else text.version


def _standing(
    kind: AgreementKind, version: str, newest: dict[AgreementKind, str], counting: CountingVersions
) -> AcceptedAs:
    if version not in counting[kind]:
        return AcceptedAs.AGAIN
    return AcceptedAs.CURRENT if version == newest[kind] else AcceptedAs.CARRIES
