"""Applications of a bank, and what operators do with them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from eztong.domain.canonical_json import render_canonical
from eztong.domain.operators.proposal import Proposal, ProposalKind
from eztong.domain.partners.application import HandedIn, PartnerApplication, ReviewItem
from eztong.domain.partners.application_document import PARTNER_APPLICATION_FORMAT, parse_application
from eztong.ports.act import Acting
from eztong.usecases.partners.apply_as_partner import apply_as_partner
from eztong.usecases.partners.propose_move import ProposeMove, propose_move
from eztong.usecases.partners.review_partner import ReviewPartner, approve_partner
from eztong.usecases.proposals.decide_proposal import DecideProposal, decide_proposal
from tests.unit.usecases.deregistration.leaving import CALENDAR
from tests.unit.usecases.stage import Stage

EVERYTHING = frozenset(ReviewItem)
ASSESSED = {
    "lawful_legitimate_necessary": "法律要求开户前核对本人身份。",
    "impact_on_rights_and_risk": "只得到是否本人，风险是编码泄露。",
    "protective_measures": "加密存放，销户后删除。",
}


def document(**changed: object) -> dict[str, Any]:
    """Return an application as an organisation writes it."""
    scene = {
        "scene": "open_account",
        "title": "开户",
        "title_en": "Open an account",
        "purpose": "开立账户前核对本人",
        "purpose_en": "to make sure that it is you who opens an account",
        "floor": "high",
        "claims": ["age_over_18"],
        "assessment": ASSESSED,
    }
    return {
        "format": PARTNER_APPLICATION_FORMAT,
        "partner": "bank",
        "name": "示例银行",
        "name_en": "Demo Bank",
        "credit_code": "91350100M000100Y43",
        "sector": "bank",
        "contact": {"person": "王芳", "email": "wang.fang@bank.example"},
        "scenes": [scene],
        "networks": ["192.0.2.0/24"],
        "redirects": ["https://bank.example/back"],
    } | changed


def handed_in(**changed: object) -> HandedIn:
    """Return an application that was read."""
    return parse_application(render_canonical(document(**changed)))


def applied(stage: Stage, by: Acting, **changed: object) -> PartnerApplication:
    """Hand one in."""
    return stage.act(apply_as_partner, handed_in(**changed), by=by)


def reviewed(application: PartnerApplication, *, items: frozenset[ReviewItem] = EVERYTHING) -> ReviewPartner:
    """Return a reviewer's word."""
    return ReviewPartner(application_id=application.application_id, items=items, reason="looked up")


def approved(stage: Stage, by: Acting, **changed: object) -> PartnerApplication:
    """Hand one in and approve it."""
    command = reviewed(applied(stage, by, **changed))
    return stage.act(approve_partner, command, recheck_months=12, by=by)


def proposed(stage: Stage, by: Acting, kind: ProposalKind, *, partner: str = "bank") -> Proposal:
    """Propose what takes two."""
    command = ProposeMove(partner_id=handed_in(partner=partner).partner_id, kind=kind, reason="contract")
    return stage.act(propose_move, command, by=by)


def decided(stage: Stage, proposal: Proposal, by: Acting, *, approve: bool = True) -> Proposal:
    """Decide it as another operator."""
    command = DecideProposal(proposal_id=proposal.proposal_id, approve=approve, reason="checked")
    return stage.act(decide_proposal, command, by=by, calendar=CALENDAR)


def without(name: str) -> dict[str, Any]:
    """Return an application's assessment without one heading."""
    return {heading: words for heading, words in ASSESSED.items() if heading != name}


def with_assessment(assessment: dict[str, Any]) -> HandedIn:
    """Return what an application with this assessment is read as."""
    [scene] = document()["scenes"]
    return handed_in(scenes=[scene | {"assessment": assessment}])


def again(handed: HandedIn, **changed: Any) -> HandedIn:  # noqa: ANN401 - fields of what is wanted
    """Return the application with something else wanted."""
    return replace(handed, wanted=replace(handed.wanted, **changed))
