"""What takes two operators: the list, and the second one's decision."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from eztong.console.visit import Visit
from eztong.domain.errors import EztongError, InputInvalid, NotFound
from eztong.domain.operators.permission import Permission
from eztong.domain.operators.proposal import PROPOSES, Proposal, ProposalKind, ProposalState
from eztong.usecases.operators.propose import find_proposal
from eztong.usecases.proposals.decide_proposal import (
    DecideProposal,
    WithdrawProposal,
    decide_proposal,
    withdraw_proposal,
)

HOME: Final = "/console/proposals"
SHOWN: Final = 100
ENDS: Final = ("approve", "reject", "withdraw")


def show(visit: Visit) -> Response:
    """List the newest proposals, those that wait first."""
    with visit.services.store.read() as stored:
        found = stored.proposals.list(limit=SHOWN)
    waiting = [one for one in found.those if one.state_at(visit.now) is ProposalState.OPEN]
    ended = [one for one in found.those if one.state_at(visit.now) is not ProposalState.OPEN]
    return visit.form_page("proposals.html", waiting=waiting, ended=ended, unreadable=found.unreadable)


def show_one(visit: Visit) -> Response:
    """Show one proposal, and what whoever is signed in may do with it."""
    return _page(visit, _found(visit))


def end(visit: Visit) -> Response:
    """Approve, reject or withdraw it, with the reason that goes on record.

    Raises:
        InputInvalid: none of the three.
    """
    how, reason = visit.form.get("end", ""), visit.form.get("reason", "")
    proposal_id = str(visit.request.path_params["proposal_id"])
    if how not in ENDS:
        raise InputInvalid("Choose what becomes of the proposal.")
    try:
        visit.audited(lambda: _end(visit, proposal_id, how, reason), subject=proposal_id)
    except NotFound:
        raise
    except EztongError as error:
        return _page(visit, _found(visit), error=error)
    return visit.redirect_done(f"{HOME}/{proposal_id}")


def _end(visit: Visit, proposal_id: str, how: str, reason: str) -> Proposal:
    services = visit.services
    calendar = services.deployment.calendar
    if how == "withdraw":
        withdrawn = WithdrawProposal(proposal_id=proposal_id, reason=reason)
        return services.perform(visit.acting, withdraw_proposal, withdrawn, calendar=calendar)
    decided = DecideProposal(proposal_id=proposal_id, approve=how == "approve", reason=reason)
    return services.perform(visit.acting, decide_proposal, decided, calendar=calendar)


def _found(visit: Visit) -> Proposal:
    with visit.services.store.read() as stored:
        return find_proposal(str(visit.request.path_params["proposal_id"]), stored=stored)


def _page(visit: Visit, proposal: Proposal, *, error: EztongError | None = None) -> Response:
    is_own = proposal.by == visit.on_duty.operator.name
    is_open = proposal.state_at(visit.now) is ProposalState.OPEN
    may_decide = visit.may(Permission.PROPOSALS_DECIDE) and visit.may(PROPOSES[proposal.kind])
    return visit.form_page(
        "proposals_one.html",
        because=error,
        proposal=proposal,
        state=proposal.state_at(visit.now),
        may_decide=is_open and may_decide and not is_own,
        may_withdraw=is_open and is_own,
        is_own=is_own,
        subject_page=_subject_page(visit, proposal),
        reason=visit.form.get("reason", ""),
    )


def _subject_page(visit: Visit, proposal: Proposal) -> str:
    """Return the page of what is proposed; empty where there is none."""
    if proposal.kind is ProposalKind.CASE_MEASURE:
        return f"/console/cases/{proposal.subject}"
    if proposal.kind is ProposalKind.AGREEMENT_SET:
        with visit.services.store.read() as stored:
            found = stored.agreement_sets.get(proposal.subject)
        return "" if found is None else f"/console/agreements/{found.number}"
    if proposal.kind is ProposalKind.POLICY:
        with visit.services.store.read() as stored:
            version = stored.policy_versions.get(proposal.subject)
        return "" if version is None else f"/console/policy/versions/{version.policy.version}"
    return ""
