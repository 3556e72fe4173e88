"""Partners: relying parties with scenes, desks and keys; :mod:`~eztong.domain.partners.life_cycle` moves them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import msgspec

from eztong.domain.claims import PERSON_ALONE, Claim
from eztong.domain.errors import (
    ClaimNotAllowed,
    KeyRevoked,
    PartnerSuspended,
    ScopeMissing,
)
from eztong.domain.holder import Assurance
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.freshness import Freshness
from eztong.domain.partners.quota import Quota

USE_NOTED_EVERY: Final = timedelta(hours=1)
"""How often that a key is used is written down: a write for each call would make each call slower."""


class PartnerState(StrEnum):
    """Where the partner stands; only ``approved`` gets answers."""

    APPLIED = "applied"
    APPROVED = "approved"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class PartnerStage(StrEnum):
    """For whom the partner was approved; in a sandbox, which has invented people only, either gets answers."""

    SANDBOX = "sandbox"
    LIVE = "live"


class PartnerNotLive(PartnerSuspended):
    """The partner was approved for the sandbox, and this service has real people."""

    code = "partner_not_live"
    advice = "Try your work against the operator's sandbox; two operators let the partner go live."


class KeyExpired(KeyRevoked):
    """The bearer key was made with an end, and that has come."""

    code = "key_expired"
    advice = "The key ended by itself on the day that it was made for. Use its successor; the operator issues one."


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
    application_id: str | None = None
    """The application that holds its purpose and its impact assessment; None: approved without one."""

    freshness: Freshness | None = None
    """How old the authority's word may be; None until the service has given it its default, and then no limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """A relying party. ``sector_id`` is registered, never taken from a request: it fixes the partner codes.

    ``networks`` and ``redirects`` are from where it may call and where its flows may return to; empty is no limit.
    ``per_minute`` takes the place of the service's own limits of calls. ``wants_factor``: the partner wants an
    authenticator app of the staff of its desks.
    """

    partner_id: PartnerId
    name: str
    name_en: str
    sector_id: str
    state: PartnerState
    created_at: datetime
    stage: PartnerStage = PartnerStage.LIVE
    networks: tuple[str, ...] = ()
    redirects: tuple[str, ...] = ()
    per_minute: int | None = None
    wants_factor: bool = False
    quota: Quota | None = None
    quota_until: datetime | None = None
    """Until when verifications are refused, since the quota is used up."""


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
    prefix: str = ""
    """How the key begins, by which its owner knows it; empty for one that was made before this was kept."""

    used_at: datetime | None = None
    """When it was used last, to the hour."""

    def is_live(self, now: datetime) -> bool:
        """Say whether calls with this key count."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    def is_use_worth_noting(self, now: datetime) -> bool:
        """Say whether that it is used has to be written down again."""
        return self.used_at is None or now >= self.used_at + USE_NOTED_EVERY


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
        KeyRevoked: revoked.
        KeyExpired: past its end.
        PartnerSuspended: the partner is not ``approved``.
    """
    if key.revoked_at is not None:
        raise KeyRevoked
    if key.expires_at is not None and now >= key.expires_at:
        raise KeyExpired
    if partner.state is not PartnerState.APPROVED:
        raise PartnerSuspended
    return Caller(partner, key)


def check_wants(scene: Scene, wants: frozenset[Claim]) -> None:
    """Refuse claims that the scene was not approved for.

    Raises:
        ClaimNotAllowed: naming the claims.
    """
    beyond = wants - scene.claims - PERSON_ALONE
    if beyond:
        raise ClaimNotAllowed(f"The scene {scene.scene} may not ask for: {', '.join(sorted(beyond))}.")
