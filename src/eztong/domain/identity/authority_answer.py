"""What the identity authority says about a name and number (clause one of the agreement)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from typing_extensions import override

EID_MARK_BYTES = 36


class AuthorityVerdict(StrEnum):
    """The authority's word. Being unreachable is no verdict but ``AuthorityUnavailable``."""

    MATCHED = "matched"
    MISMATCH = "mismatch"
    NO_RECORD = "no_record"
    DECEASED = "deceased"
    NEEDS_HUMAN = "needs_human"
    PENDING = "pending"


class AuthoritySignal(StrEnum):
    """What the authority side adds for the policy to weigh."""

    REVIEW_ADVISED = "review_advised"
    DEVICE_RISK = "device_risk"


class RegistrationStatus(StrEnum):
    """How a registration stands at the authority."""

    ACTIVE = "active"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityAnswer:
    """A verified answer. ``eid_mark`` (36 bytes) and ``name_on_file`` come only with ``MATCHED``."""

    verdict: AuthorityVerdict
    reference: str
    detail_code: str
    eid_mark: bytes | None = None
    name_on_file: str | None = None
    note: str | None = None
    document_valid_until: date | None = None
    signals: frozenset[AuthoritySignal] = frozenset()

    @override
    def __repr__(self) -> str:
        """Hide name and mark."""
        return f"AuthorityAnswer({self.verdict}, {self.detail_code})"
