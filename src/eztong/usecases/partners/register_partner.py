"""Register a relying party, and approve and limit its scenes."""

from __future__ import annotations

from dataclasses import dataclass

from eztong.domain.errors import InputInvalid, NotFound, StateConflict
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.application_document import PARTNER_ID, SCENE_ID
from eztong.domain.partners.freshness import MOST_DAYS, Freshness
from eztong.domain.partners.partner import Partner, PartnerStage, PartnerState, Scene
from eztong.ports.act import Act
from eztong.usecases.operators.check_keeper import check_keeper
from eztong.usecases.partners.attest_partner import attest_partner
from eztong.usecases.partners.find_partner import find_partner


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPartner:
    """What the operator registers. ``sector_id`` fixes the partner codes; partners of one sector share them."""

    partner_id: PartnerId
    name: str
    name_en: str
    sector_id: str


def register_partner(act: Act, command: RegisterPartner) -> Partner:
    """Register a partner without an application, approved for the sandbox; it may ask nothing until it has a scene.

    1. Check that the id is well formed and free.
    2. Store the partner. With real people it gets answers only once it went live, which takes an application.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
        InputInvalid: the id is not small letters, digits and hyphens.
        StateConflict: the id is taken.
    """
    check_keeper(act)
    if PARTNER_ID.fullmatch(command.partner_id) is None:
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
        stage=PartnerStage.SANDBOX,
    )
    act.uow.partners.add(partner)
    attest_partner(act, partner.partner_id, ActKind.PARTNER_REGISTERED)
    return partner


def approve_scene(act: Act, partner_id: PartnerId, scene: Scene) -> None:
    """Approve a scene for a partner.

    1. Check that the partner is there and the scene's name well formed and free.
    2. Store the scene.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
        NotFound: no such partner.
        InputInvalid: the name is not small letters, digits and underscores.
        StateConflict: the partner has this scene already.
    """
    check_keeper(act)
    find_partner(partner_id, stored=act.uow)
    if SCENE_ID.fullmatch(scene.scene) is None:
        raise InputInvalid("A scene's id has 2 to 40 small letters, digits and underscores, and begins with a letter.")
    if act.uow.partners.scene(partner_id, scene.scene) is not None:
        raise StateConflict("The partner has this scene already.")
    act.uow.partners.add_scene(partner_id, scene)
    attest_partner(act, partner_id, ActKind.PARTNER_CHANGED, facts={"scene": scene.scene})


def limit_scene(act: Act, partner_id: PartnerId, scene: str, freshness: Freshness) -> None:
    """Change how old the authority's last word may be for a scene, from the next verification on (clause 4.1).

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
        NotFound: no such partner, or no such scene of it.
        InputInvalid: the limit is no number of days from 0 (none) to :data:`MOST_DAYS`.
    """
    check_keeper(act)
    find_partner(partner_id, stored=act.uow)
    if act.uow.partners.scene(partner_id, scene) is None:
        raise NotFound("The partner has no such scene.")
    if not 0 <= freshness.days <= MOST_DAYS:
        raise InputInvalid(f"A limit has 0 to {MOST_DAYS} days.")
    act.uow.partners.set_freshness(partner_id, scene, freshness)
    facts = {"scene": scene, "fresh_days": str(freshness.days), "when_old": freshness.when_old.value}
    attest_partner(act, partner_id, ActKind.PARTNER_CHANGED, facts=facts)
