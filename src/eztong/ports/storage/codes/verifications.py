"""The port of verifications."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Protocol

from eztong.domain.codes.verification import Outcome, Verification
from eztong.domain.damage import Listed
from eztong.domain.identifiers import HolderId, PartnerId, VerificationId


class Disclosure(NamedTuple):
    """A verification that told a partner something of the person."""

    verification: Verification
    gave_identity: bool
    """Name and number went to it as well, sealed for its key: an E证通 flow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedVerifications:
    """Which of a partner's verifications are looked for; what is empty is not asked."""

    outcome: str = ""
    scene: str = ""
    desk: str = ""


class VerificationRepository(Protocol):
    """Verifications of partners, and what holders see of them."""

    def add(self, verification: Verification) -> None:
        """Store a verification; it never changes afterwards."""
        ...

    def get(self, partner_id: PartnerId, verification_id: VerificationId) -> Verification | None:
        """Return a verification of this partner."""
        ...

    def list(self, partner_id: PartnerId, *, before: str | None, limit: int) -> Sequence[Verification]:
        """Return the newest first, starting below the id ``before``."""
        ...

    def search(
        self, partner_id: PartnerId, asked: AskedVerifications, *, before: str, since: str, limit: int
    ) -> Listed[Verification]:
        """Return what matches, newest first: ids below ``before`` and not below ``since``."""
        ...

    def count_by_day(self, partner_id: PartnerId, *, since: str) -> Sequence[tuple[date, Outcome, int]]:
        """Return how many there were on each day of China and with each outcome, of ids not below ``since``."""
        ...

    def for_holder(self, holder_id: HolderId, *, before: str | None, limit: int) -> Sequence[Verification]:
        """Return the account's verifications, newest first, below the id ``before``."""
        ...

    def disclosing(self, holder_id: HolderId, *, before: str | None, limit: int) -> Sequence[Disclosure]:
        """Return those of :meth:`for_holder` that told more than that there is a person."""
        ...

    def one_of_holder(self, holder_id: HolderId, verification_id: VerificationId) -> Verification | None:
        """Return a verification of this account."""
        ...

    def partners_met(self, holder_id: HolderId) -> Mapping[PartnerId, datetime]:
        """Return who ever verified the account or tried one of its codes, and when last."""
        ...

    def partners_told(self, holder_id: HolderId) -> Sequence[PartnerId]:
        """Return who was ever told a partner code of the account, in the order of their ids, as far as rows say who."""
        ...
