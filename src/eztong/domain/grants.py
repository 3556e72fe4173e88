"""Grants: holder x partner x scene x claims x period. ``granted -> withdrawn | lapsed``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from eztong.domain.claims import Claim
from eztong.domain.identifiers import GrantId, HolderId, PartnerId, RequestId


class GrantState(StrEnum):
    """A live grant is ``granted`` and before its end."""

    GRANTED = "granted"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What the holder allowed one partner in one scene, until when."""

    grant_id: GrantId
    holder_id: HolderId
    partner_id: PartnerId
    scene: str
    claims: frozenset[Claim]
    purpose: str
    state: GrantState
    granted_at: datetime
    expires_at: datetime
    request_id: RequestId | None = None
    withdrawn_at: datetime | None = None


def granted_claims(grants: list[Grant], *, now: datetime) -> frozenset[Claim]:
    """Return the union of the claims of all live grants."""
    live = [g.claims for g in grants if g.state is GrantState.GRANTED and now < g.expires_at]
    return frozenset().union(*live)
