"""Merchants and account keys of the Tencent Cloud door.

A **merchant** (``MerchantId``) is what a partner opens E证通 flows as; it belongs to one partner and one of its scenes.
An **account key** (SecretId and SecretKey) is how the partner's servers sign; any of a partner's keys may use any of
its merchants and no other. A temporary key carries a token and an end (STS).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from typing_extensions import override

from eztong.domain.eid.identity_envelope import PointPrefix
from eztong.domain.identifiers import PartnerId

SECRET_ID_PREFIX: Final = "AKID"  # noqa: S105 - how public names begin
SECRET_ID_LENGTH: Final = 36
SECRET_KEY_LENGTH: Final = 32


class MerchantState(StrEnum):
    """A suspended merchant opens nothing; what it opened can still be read."""

    ACTIVE = "active"
    SUSPENDED = "suspended"


class UnfinishedAnswer(StrEnum):
    """What ``GetEidResult`` says of a flow that has not ended: the contract leaves it open, so merchants choose."""

    CODE = "code"
    """``Text.ErrCode`` 17 before the flow's time is over, 15 after."""

    EMPTY = "empty"
    """Every field of ``Text`` null."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MerchantOptions:
    """What clients of the contract differ in, and what this deployment allows the merchant.

    ``companions`` are the actions that answer about a person without that person's act (design rule 2): off unless the
    operator switches them on. ``guarded_release`` lets name and number go only where the flow named the person, or
    showed what it is about as an intention: a link that was relayed to somebody else then tells nothing (ADR 0032).
    """

    point_prefix: PointPrefix = PointPrefix.UNCOMPRESSED
    unfinished: UnfinishedAnswer = UnfinishedAnswer.CODE
    companions: bool = False
    guarded_release: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Merchant:
    """A merchant. ``certified_key`` is the approved SM2 key (DER SubjectPublicKeyInfo) that identity is sealed to."""

    merchant_id: str
    partner_id: PartnerId
    scene: str
    name: str
    state: MerchantState
    options: MerchantOptions
    created_at: datetime
    certified_key: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountKey:
    """A key pair. The secret is sealed, not hashed: the contract's signatures are keyed with it.

    ``token_hash`` and ``expires_at`` are there exactly for temporary keys.
    """

    secret_id: str
    partner_id: PartnerId
    label: str
    sealed_secret: bytes
    created_at: datetime
    token_hash: bytes | None = None
    expires_at: datetime | None = None
    revoked_at: datetime | None = None

    def is_live(self, now: datetime) -> bool:
        """Say whether signatures by this key count."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    @override
    def __repr__(self) -> str:
        """Hide everything but the public name."""
        return f"AccountKey({self.secret_id})"
