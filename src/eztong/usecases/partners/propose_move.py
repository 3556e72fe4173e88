"""What takes two operators with a partner: let it go live, lift its suspension, close it (design rule 8, ADR 0080)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from eztong.domain.desks.staff import StaffState
from eztong.domain.errors import StateConflict
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.identifiers import PartnerId
from eztong.domain.operators.proposal import Proposal, ProposalKind, ProposalState
from eztong.domain.partners.life_cycle import PartnerMove, moved
from eztong.domain.partners.partner import Partner
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.operators.propose import Propose, propose
from eztong.usecases.partners.attest_partner import attest_partner
from eztong.usecases.partners.close_partner import close_partner
from eztong.usecases.partners.find_partner import find_partner
from eztong.usecases.partners.suspend_partner import store_move

MOVES: Final = {
    ProposalKind.PARTNER_LIVE: PartnerMove.GO_LIVE,
    ProposalKind.PARTNER_RESUMED: PartnerMove.RESUME,
    ProposalKind.PARTNER_CLOSED: PartnerMove.CLOSE,
}
"""What each kind of proposal does."""

_ATTESTED: Final = {PartnerMove.GO_LIVE: ActKind.PARTNER_LIVE, PartnerMove.RESUME: ActKind.PARTNER_RESUMED}


class PartnerNotReady(StateConflict):
    """Something that a live partner needs is missing; the words say what."""

    code = "partner_not_ready"
    advice = "Hand in an application for it: each scene needs its purpose and its impact assessment (PIPL 55, 56)."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeMove:
    """What an operator wants done with a partner, and why. ``kind`` is one of :data:`MOVES`."""

    partner_id: PartnerId
    kind: ProposalKind
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AffectedByPartner:
    """Whom and what it concerns if a partner is closed, suspended or let in, counted."""

    holders: int
    """Accounts that the partner knows by a partner code, or that allow it something."""
    grants: int
    """Grants that are live."""
    requests: int
    """Requests that wait for a holder."""
    keys: int
    """API keys and key pairs that work."""
    staff: int
    """Accounts of its desks' staff that may sign in."""


def propose_move(act: Act, command: ProposeMove) -> Proposal:
    """Propose it; nothing is done before another operator approves it.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, ReasonInvalid: whoever acts may not, or gave no reason.
        NotFound: no such partner.
        PartnerStateConflict: it does not lead from where the partner stands.
        PartnerNotReady: it would go live without an assessment of each scene.
        StateConflict: the same is proposed already.
    """
    asked = Propose(kind=command.kind, subject=command.partner_id, reason=command.reason)
    proposal = propose(act, asked)
    partner = find_partner(command.partner_id, stored=act.uow)
    _checked(partner, MOVES[command.kind], stored=act.uow)
    return proposal


def settle_move(act: Act, proposal: Proposal) -> None:
    """Do what two operators decided; a rejected or withdrawn proposal does nothing.

    Raises:
        NotFound: the partner is gone.
        PartnerStateConflict, PartnerNotReady: what had to be so to propose it is not so any more.
    """
    if proposal.state is not ProposalState.APPROVED:
        return
    partner = find_partner(PartnerId(proposal.subject), stored=act.uow)
    move = MOVES[proposal.kind]
    after = _checked(partner, move, stored=act.uow)
    if move is PartnerMove.CLOSE:
        close_partner(act, partner, after)
        return
    store_move(act, partner, after)
    attest_partner(act, partner.partner_id, _ATTESTED[move], facts={"proposal": proposal.proposal_id})


def count_affected(partner_id: PartnerId, *, stored: Repositories, now: datetime) -> AffectedByPartner:
    """Count whom and what it concerns; for a page or command, before it is proposed or decided.

    Raises:
        NotFound: no such partner.
    """
    find_partner(partner_id, stored=stored)
    api_keys = [key for key in stored.partners.keys(partner_id) if key.is_live(now)]
    pairs = [key for key in stored.merchants.keys(partner_id) if key.is_live(now)]
    return AffectedByPartner(
        holders=stored.grants.count_known(partner_id),
        grants=stored.grants.count_live(partner_id, now=now),
        requests=stored.requests.count_open(partner_id, now=now),
        keys=len(api_keys) + len(pairs),
        staff=sum(one.state is StaffState.ACTIVE for one in stored.staff.list(partner_id)),
    )


def _checked(partner: Partner, move: PartnerMove, *, stored: Repositories) -> Partner:
    after = moved(partner, move)
    if move is PartnerMove.GO_LIVE:
        _check_ready(partner, stored=stored)
    return after


def _check_ready(partner: Partner, *, stored: Repositories) -> None:
    scenes = stored.partners.scenes(partner.partner_id)
    bare = [scene.scene for scene in scenes.those if scene.application_id is None]
    if scenes.is_empty:
        raise PartnerNotReady("It has no scene.")
    if bare or scenes.unreadable:
        raise PartnerNotReady(f"Scenes without an impact assessment: {', '.join(bare) or scenes.unreadable}.")
