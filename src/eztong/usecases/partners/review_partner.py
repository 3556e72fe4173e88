"""Decide on what an organisation asks for: approve it for the sandbox, refuse it, or ask for more (clause 2.3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from eztong.domain.errors import StateConflict
from eztong.domain.operators.operator import Operator, check_another
from eztong.domain.operators.proposal import ProposalKind, ProposalState, parse_reason
from eztong.domain.operators.seen import check_seen
from eztong.domain.partners.application import (
    ApplicantStepKind,
    PartnerApplication,
    ReviewItem,
    WantedScene,
    check_checklist,
    stepped,
)
from eztong.domain.partners.freshness import default_freshness
from eztong.domain.partners.life_cycle import PartnerMove, PartnerStateConflict, moved
from eztong.domain.partners.partner import PartnerStage, PartnerState, Scene
from eztong.ports.act import Act
from eztong.usecases.operators.check_keeper import check_keeper
from eztong.usecases.partners.apply_as_partner import (
    find_partner_application,
    move_application,
    new_partner,
    note_step,
    sector_id_of,
)

_HANDED_IN = frozenset({ApplicantStepKind.APPLIED, ApplicantStepKind.SUPPLEMENTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPartner:
    """A reviewer's word. ``items`` are what was looked at and right, or for a refusal or question what is not.

    ``seen_at`` is when the application was seen as it is decided; None: just now.
    """

    application_id: str
    items: frozenset[ReviewItem]
    reason: str
    seen_at: datetime | None = None


def approve_partner(act: Act, command: ReviewPartner, *, recheck_months: int) -> PartnerApplication:
    """Approve an application: from now on the partner gets answers in the sandbox, in the scenes that it asked for.

    1. Every item of the checklist was looked at, as the organisation asks now.
    2. A new partner gets the name, sector, networks and addresses of the application; if its organisation applied at
       the public door, it becomes a partner only now. One that is there keeps its sector, as its partner codes come
       from it.
    3. Of a partner that is live, or may be in a moment, somebody else approves than who handed it in.
    4. Each scene is approved with its purpose and the application that holds its assessment; ``recheck_months`` gives
       it its limit of freshness.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
        SameOperator, SecretKnown: the partner is live, and whoever handed it in approves it.
        ReasonInvalid: no reason.
        NotFound: no such application.
        ChecklistOpen: an item is missing.
        PartnerApplicationEnded: it does not wait for a review.
        ChangedSinceSeen: something was done with it since it was seen.
        PartnerStateConflict: the partner was closed meanwhile.
        StateConflict: somebody proposed that the partner goes live as it is.
    """
    keeper = check_keeper(act, command.application_id)
    why = parse_reason(command.reason)
    before = find_partner_application(command.application_id, stored=act.uow)
    after = stepped(before, ApplicantStepKind.APPROVED, now=act.now)
    _check_seen(act, command)
    check_checklist(command.items)
    _check_live(act, before, keeper)
    move_application(act, before, after)
    _let_in(act, after)
    for wanted in after.wanted.scenes:
        _approve_scene(act, after, wanted, recheck_months=recheck_months)
    note_step(act, after, ApplicantStepKind.APPROVED, items=command.items, reason=why)
    return after


def refuse_partner(act: Act, command: ReviewPartner) -> PartnerApplication:
    """Refuse an application; the organisation may hand in another one.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
        ReasonInvalid: no reason.
        NotFound: no such application.
        PartnerApplicationEnded: it ended.
        ChangedSinceSeen: something was done with it since it was seen.
    """
    return _decided(act, command, ApplicantStepKind.REFUSED)


def ask_partner(act: Act, command: ReviewPartner) -> PartnerApplication:
    """Ask for more; the application waits for the organisation.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
        ReasonInvalid: it is not said what is asked for.
        NotFound: no such application.
        PartnerApplicationEnded: it does not wait for a review.
        ChangedSinceSeen: something was done with it since it was seen.
    """
    return _decided(act, command, ApplicantStepKind.ASKED)


def _decided(act: Act, command: ReviewPartner, kind: ApplicantStepKind) -> PartnerApplication:
    check_keeper(act, command.application_id)
    why = parse_reason(command.reason)
    before = find_partner_application(command.application_id, stored=act.uow)
    after = stepped(before, kind, now=act.now)
    _check_seen(act, command)
    move_application(act, before, after)
    note_step(act, after, kind, items=command.items, reason=why)
    return after


def _check_seen(act: Act, command: ReviewPartner) -> None:
    steps = act.uow.partner_applications.steps(command.application_id)
    check_seen((step.at for step in steps), seen_at=command.seen_at)


def _check_live(act: Act, application: PartnerApplication, keeper: Operator | None) -> None:
    """Refuse what would widen what two operators decided by the word of one."""
    partner = act.uow.partners.get(application.partner_id)
    if partner is None:
        return
    for proposal in act.uow.proposals.of_subject(ProposalKind.PARTNER_LIVE, partner.partner_id):
        if proposal.state_at(act.now) is ProposalState.OPEN:
            raise StateConflict("It is proposed that this partner goes live as it is. Decide that first.")
    if partner.stage is not PartnerStage.LIVE or keeper is None:
        return
    for step in act.uow.partner_applications.steps(application.application_id):
        if step.operator is not None and step.kind in _HANDED_IN:
            check_another(keeper, act.uow.operators.get(step.operator), named=step.operator, now=act.now)


def _let_in(act: Act, application: PartnerApplication) -> None:
    wanted = application.wanted
    partner = act.uow.partners.get(application.partner_id)
    if partner is None:
        partner = new_partner(act, application.partner_id, wanted)
        act.uow.partners.add(partner)
    if partner.state is PartnerState.CLOSED:
        raise PartnerStateConflict("The partner is closed.")
    if partner.state is PartnerState.APPLIED:
        approved = moved(partner, PartnerMove.APPROVE)
        if not act.uow.partners.move(approved, expected=partner.state):
            raise PartnerStateConflict("The partner moved at the same moment.")
        partner = replace(approved, sector_id=sector_id_of(wanted.sector))
    named = replace(
        partner,
        name=wanted.name,
        name_en=wanted.name_en,
        # A list that limits is never opened to everybody by asking for nothing.
        networks=wanted.networks or partner.networks,
        redirects=wanted.redirects or partner.redirects,
    )
    act.uow.partners.update(named)


def _approve_scene(act: Act, application: PartnerApplication, wanted: WantedScene, *, recheck_months: int) -> None:
    before = act.uow.partners.scene(application.partner_id, wanted.scene)
    freshness = None if before is None else before.freshness
    scene = Scene(
        scene=wanted.scene,
        title=wanted.title,
        title_en=wanted.title_en,
        purpose=wanted.purpose,
        purpose_en=wanted.purpose_en,
        floor=wanted.floor,
        claims=wanted.claims,
        application_id=application.application_id,
        freshness=freshness or default_freshness(wanted.floor, months=recheck_months),
    )
    if before is None:
        act.uow.partners.add_scene(application.partner_id, scene)
    else:
        act.uow.partners.update_scene(application.partner_id, scene)
