"""Register a relying party, approve and limit its scenes, and suspend or resume it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from eztong.domain.errors import InputInvalid, NotFound, StateConflict
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.freshness import MOST_DAYS, Freshness
from eztong.domain.partners.partner import Partner, PartnerState, Scene
from eztong.ports.act import Act
from eztong.usecases.partners.find_partner import find_partner

_ID: Final = re.compile(r"[a-z][a-z0-9-]{1,39}")
_SCENE: Final = re.compile(r"[a-z][a-z0-9_]{1,39}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPartner:
    """What the operator registers. ``sector_id`` fixes the partner codes; partners of one sector share them."""

    partner_id: PartnerId
    name: str
    name_en: str
    sector_id: str


def register_partner(act: Act, command: RegisterPartner) -> Partner:
    """Register and approve a partner; it may ask nothing until a scene is approved for it.

    1. Check that the id is well formed and free.
    2. Store the partner.

    Raises:
        InputInvalid: the id is not small letters, digits and hyphens.
        StateConflict: the id is taken.
    """
    if _ID.fullmatch(command.partner_id) is None:
        raise InputInvalid("A partner's id has 2 to 40 small letters, digits and hyphens, and begins with a letter.")
    if act.uow.partners.get(command.partner_id) is not None:
        raise StateConflict("There is a partner with this id already.")
    partner = Partner(
        partner_id=command.partner_id,
        name=command.name,
        name_en=command.name_en,
        sector_id=command.sector_id,
        state=PartnerState.APPROVED,
        created_at=act.now,
    )
    act.uow.partners.add(partner)
    return partner


def approve_scene(act: Act, partner_id: PartnerId, scene: Scene) -> None:
    """Approve a scene for a partner.

    1. Check that the partner is there and the scene's name well formed and free.
    2. Store the scene.

    Raises:
        NotFound: no such partner.
        InputInvalid: the name is not small letters, digits and underscores.
        StateConflict: the partner has this scene already.
    """
    find_partner(partner_id, stored=act.uow)
    if _SCENE.fullmatch(scene.scene) is None:
        raise InputInvalid("A scene's id has 2 to 40 small letters, digits and underscores, and begins with a letter.")
    if act.uow.partners.scene(partner_id, scene.scene) is not None:
        raise StateConflict("The partner has this scene already.")
    act.uow.partners.add_scene(partner_id, scene)


def limit_scene(act: Act, partner_id: PartnerId, scene: str, freshness: Freshness) -> None:
    """Change how old the authority's last word may be for a scene, from the next verification on (clause 4.1).

    Raises:
        NotFound: no such partner, or no such scene of it.
        InputInvalid: the limit is no number of days from 0 (none) to :data:`MOST_DAYS`.
    """
    find_partner(partner_id, stored=act.uow)
    if act.uow.partners.scene(partner_id, scene) is None:
        raise NotFound("The partner has no such scene.")
    if not 0 <= freshness.days <= MOST_DAYS:
        raise InputInvalid(f"A limit has 0 to {MOST_DAYS} days.")
    act.uow.partners.set_freshness(partner_id, scene, freshness)


def move_partner(act: Act, partner_id: PartnerId, state: PartnerState) -> None:
    """Suspend an approved partner, or resume a suspended one; every door follows at once.

    1. Find the partner and check that it stands on the other side.
    2. Store the state.

    Raises:
        NotFound: no such partner.
        StateConflict: it is not in the state that this leads from.
    """
    partner = find_partner(partner_id, stored=act.uow)
    if {partner.state, state} != {PartnerState.APPROVED, PartnerState.SUSPENDED}:
        raise StateConflict(f"The partner is {partner.state.value}.")
    act.uow.partners.set_state(partner_id, state)
