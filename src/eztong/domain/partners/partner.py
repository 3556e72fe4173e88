"""Partners: relying parties with scenes, desks and keys. ``applied -> approved <-> suspended -> closed``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import msgspec

from eztong.domain.claims import Claim
from eztong.domain.errors import (
    ClaimNotAllowed,
    KeyRevoked,
    PartnerSuspended,
    ScopeMissing,
)
from eztong.domain.holder import Assurance
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.freshness import Freshness


class PartnerState(StrEnum):
    """Where the partner stands; only ``approved`` gets answers."""

    APPLIED = "applied"
    APPROVED = "approved"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class Scope(StrEnum):
    """What an API key may do."""

    VERIFY = "verifications:write"
    READ = "verifications:read"
    REQUEST = "requests:write"
    ERASURE = "erasures:write"
    """Answer requests to erase what the partner has about somebody who left."""
    WEBHOOKS = "webhooks:write"
    """Manage where the partner's servers hear of events, and look at what they were told."""
    SANDBOX = "sandbox:write"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What the partner does, with the assurance it needs and the claims it may ask."""

    scene: str
    title: str
    title_en: str
    purpose: str
    purpose_en: str
    floor: Assurance
    claims: frozenset[Claim]
    freshness: Freshness | None = None
    """How old the authority's word may be; None until the service has given it its default, and then no limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """A relying party. ``sector_id`` is registered, never taken from a request: it fixes the partner codes."""

    partner_id: PartnerId
    name: str
    name_en: str
    sector_id: str
    state: PartnerState
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """An API key as the service keeps it: its keyed hash is the look-up key, the secret was shown once."""

    key_id: str
    partner_id: PartnerId
    label: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None


class Caller(msgspec.Struct, frozen=True):
    """A partner that proved itself with a live key."""

    partner: Partner
    key: ApiKey

    def require(self, scope: Scope) -> None:
        """Refuse a key without ``scope``.

        Raises:
            ScopeMissing: naming the scope.
        """
        if scope not in self.key.scopes:
            raise ScopeMissing(f"This call needs a key with the scope {scope}.")


def check_caller(partner: Partner, key: ApiKey, *, now: datetime) -> Caller:
    """Return the caller if key and partner are both live.

    Raises:
        KeyRevoked: revoked, or past its end.
        PartnerSuspended: the partner is not ``approved``.
    """
    if key.revoked_at is not None or (key.expires_at is not None and now >= key.expires_at):
        raise KeyRevoked
    if partner.state is not PartnerState.APPROVED:
        raise PartnerSuspended
    return Caller(partner, key)


def check_wants(scene: Scene, wants: frozenset[Claim]) -> None:
    """Refuse claims that the scene was not approved for.

    Raises:
        ClaimNotAllowed: naming the claims.
    """
    beyond = wants - scene.claims - {Claim.IS_PERSON}
    if beyond:
        raise ClaimNotAllowed(f"The scene {scene.scene} may not ask for: {', '.join(sorted(beyond))}.")
