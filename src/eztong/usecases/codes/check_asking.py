"""Check that a partner may ask what it asks, where it asks it."""

from __future__ import annotations

from eztong.domain.claims import Claim
from eztong.domain.errors import DeskUnknown, SceneNotAllowed
from eztong.domain.partners.partner import Caller, Scene, check_wants
from eztong.ports.storage.repositories import Repositories


def check_asking(
    caller: Caller, *, scene: str, desk: str | None, wants: frozenset[Claim], stored: Repositories
) -> Scene:
    """Return the partner's scene if it, the desk and the claims are all allowed.

    Raises:
        SceneNotAllowed, DeskUnknown, ClaimNotAllowed: what is not.
    """
    partner_id = caller.partner.partner_id
    found = stored.partners.scene(partner_id, scene)
    if found is None:
        raise SceneNotAllowed
    if desk is not None and not stored.partners.has_desk(partner_id, desk):
        raise DeskUnknown
    check_wants(found, wants)
    return found
