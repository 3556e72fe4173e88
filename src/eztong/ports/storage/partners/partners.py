"""The repository of partners: who may ask what, with which key, at which desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from eztong.domain.damage import Listed
from eztong.domain.desks.desk import Desk
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.freshness import Freshness
from eztong.domain.partners.partner import ApiKey, Partner, PartnerState, Scene


class RememberedKey(msgspec.Struct, frozen=True):
    """A key with its partner as a round read it, and the version of partners and keys at that time."""

    partner: Partner
    key: ApiKey
    version: int


class PartnerRepository(Protocol):
    """Partners, their scenes, desks and keys."""

    @property
    def version(self) -> int:
        """Return a number that rises whenever a partner or key may have changed; for a unit of work."""
        ...

    def add(self, partner: Partner) -> None:
        """Store a new partner."""
        ...

    def get(self, partner_id: PartnerId) -> Partner | None:
        """Return the partner."""
        ...

    def list(self) -> Listed[Partner]:
        """Return all partners by id; a damaged one keeps no other back."""
        ...

    def set_state(self, partner_id: PartnerId, state: PartnerState) -> None:
        """Move the partner to ``state``."""
        ...

    def move(self, partner: Partner, *, expected: PartnerState) -> bool:
        """Store state and stage if the stored state is still ``expected``; return whether it was."""
        ...

    def update(self, partner: Partner) -> None:
        """Store names, sector, networks, addresses to return to and rate."""
        ...

    def set_factor(self, partner_id: PartnerId, *, is_wanted: bool) -> None:
        """Store whether the partner wants an authenticator app of the staff of its desks."""
        ...

    def set_quota(self, partner: Partner) -> None:
        """Store the partner's quota, and until when it refuses."""
        ...

    def add_scene(self, partner_id: PartnerId, scene: Scene) -> None:
        """Approve a scene for the partner."""
        ...

    def update_scene(self, partner_id: PartnerId, scene: Scene) -> None:
        """Store what the scene says now."""
        ...

    def set_freshness(self, partner_id: PartnerId, scene: str, freshness: Freshness) -> None:
        """Store how old a confirmation may be for the scene."""
        ...

    def scene(self, partner_id: PartnerId, scene: str) -> Scene | None:
        """Return one approved scene."""
        ...

    def scenes(self, partner_id: PartnerId) -> Listed[Scene]:
        """Return the approved scenes by name; a damaged one keeps no other back."""
        ...

    def add_desk(self, partner_id: PartnerId, desk: str, name: str) -> None:
        """Register a desk."""
        ...

    def has_desk(self, partner_id: PartnerId, desk: str) -> bool:
        """Say whether the desk is registered and open."""
        ...

    def desks(self, partner_id: PartnerId) -> Sequence[tuple[str, str]]:
        """Return id and name of each desk, also of those that were ended."""
        ...

    def all_desks(self, partner_id: PartnerId) -> Sequence[Desk]:
        """Return each desk by id, open or ended."""
        ...

    def set_desk(self, partner_id: PartnerId, desk: Desk) -> None:
        """Store whether the desk was ended, and when."""
        ...

    def add_key(self, key: ApiKey, *, key_hash: bytes) -> None:
        """Store a key under its keyed hash."""
        ...

    def key_with_partner(self, key_hash: bytes) -> tuple[Partner, ApiKey] | None:
        """Return the key with this keyed hash and its partner, whatever their states."""
        ...

    def keys(self, partner_id: PartnerId) -> Sequence[ApiKey]:
        """Return the partner's keys, oldest first."""
        ...

    def end_key(self, partner_id: PartnerId, key_id: str, *, at: datetime) -> bool:
        """Let a key end at ``at`` that is not revoked and would work longer; return whether there is one."""
        ...

    def revoke_key(self, partner_id: PartnerId, key_id: str, *, now: datetime) -> bool:
        """Revoke a live key; return whether it was live."""
        ...

    def note_key_used(self, partner_id: PartnerId, key_id: str, *, now: datetime) -> bool:
        """Write down that a key is used, if that was not done within the hour; return whether this call did it."""
        ...

    def revoke_keys(self, partner_id: PartnerId, *, now: datetime) -> int:
        """Revoke every key of the partner that is not revoked; return how many."""
        ...
