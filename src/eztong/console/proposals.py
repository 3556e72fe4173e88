"""What takes two operators: the list, and the second one's decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from starlette.responses import Response

from eztong.console.keys import change as keys
from eztong.console.visit import Visit
from eztong.domain.errors import EztongError, InputInvalid, NotFound
from eztong.domain.identifiers import PartnerId
from eztong.domain.keys.rotation import parse_change
from eztong.domain.operators.incomplete import ChoiceMissing
from eztong.domain.operators.permission import Permission
from eztong.domain.operators.proposal import BY_TICKET, DESTROYS, PROPOSES, Proposal, ProposalKind, ProposalState
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.operators.propose import find_proposal
from eztong.usecases.partners.propose_move import count_affected
from eztong.usecases.proposals.decide_proposal import (
    DecideProposal,
    WithdrawProposal,
    decide_proposal,
    withdraw_proposal,
)

HOME: Final = "/console/proposals"
SHOWN: Final = 50
OF_PARTNERS: Final = frozenset({ProposalKind.PARTNER_LIVE, ProposalKind.PARTNER_RESUMED, ProposalKind.PARTNER_CLOSED})
"""Kinds whose subject is a partner."""

PLACES: Final[Mapping[ProposalKind, str]] = {
    **dict.fromkeys(OF_PARTNERS, "/console/partners"),
    ProposalKind.CASE_MEASURE: "/console/cases",
    ProposalKind.BRANDING: "/console/branding",
}
"""Where pages stand whose address ends with the subject."""

ENDS: Final = ("approve", "reject", "withdraw")


def show(visit: Visit) -> Response:
    """List the proposals that wait, what ends first at the top, and those that ended, newest first and page by page."""
    before = visit.request.query_params.get("before")
    with visit.services.store.read() as stored:
        newest = stored.proposals.list(before=before, limit=SHOWN + 1)
        opened: Sequence[Proposal] = stored.proposals.open(limit=SHOWN).those if before is None else []
        names = _names(visit, [*opened, *newest.those], stored)
    shown = newest.those[:SHOWN]
    return visit.form_page(
        "proposals.html",
        waiting=_rows(visit, opened, names, ended=False),
        ended=_rows(visit, shown, names, ended=True),
        is_first=before is None,
        older=shown[-1].proposal_id if len(newest.those) > SHOWN else "",
        unreadable=newest.unreadable,
    )


def show_one(visit: Visit) -> Response:
    """Show one proposal, and what whoever is signed in may do with it."""
    return _page(visit, _found(visit))


def end(visit: Visit) -> Response:
    """Approve, reject or withdraw it, with the reason that goes on record.

    Raises:
        ChoiceMissing: none of the three.
    """
    how, reason = visit.form.get("end", ""), visit.form.get("reason", "")
    proposal_id = str(visit.request.path_params["proposal_id"])
    if how not in ENDS:
        raise ChoiceMissing
    if how == "approve":
        _check_typed(visit, _found(visit))
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


def _check_typed(visit: Visit, proposal: Proposal) -> None:
    if proposal.kind in DESTROYS and visit.form.get("typed", "").strip() != proposal.typed_word:
        raise InputInvalid("What was typed is not what the proposal is about: nothing was done.")


def _found(visit: Visit) -> Proposal:
    with visit.services.store.read() as stored:
        return find_proposal(str(visit.request.path_params["proposal_id"]), stored=stored)


def _is_alone(visit: Visit) -> bool:
    """Say whether an emergency of whoever is signed in is open: they may decide what they proposed."""
    with visit.services.store.read() as stored:
        waiting = stored.break_glasses.unreviewed(limit=SHOWN).those
    return any(one.operator == visit.on_duty.operator.name and one.is_open(now=visit.now) for one in waiting)


def _rows(
    visit: Visit, found: Sequence[Proposal], names: Mapping[str, str], *, ended: bool
) -> list[tuple[Proposal, ProposalState, str]]:
    rows = [(one, one.state_at(visit.now), names.get(one.subject, "")) for one in found]
    return [row for row in rows if (row[1] is not ProposalState.OPEN) is ended]


def _names(visit: Visit, found: Sequence[Proposal], stored: Repositories) -> dict[str, str]:
    """Return the names of the partners that proposals are about, in the page's language."""
    names: dict[str, str] = {}
    for subject in {one.subject for one in found if one.kind in OF_PARTNERS}:
        partner = stored.partners.get(PartnerId(subject))
        if partner is not None:
            names[subject] = partner.name_en if visit.words.language == "en" else partner.name
    return names


def _place(proposal: Proposal, stored: Repositories) -> str:
    """Return the page of what is proposed about; empty where there is none."""
    if proposal.kind in PLACES:
        return f"{PLACES[proposal.kind]}/{proposal.subject}"
    if proposal.kind is ProposalKind.KEY_CEREMONY:
        return _place_of_keys(proposal)
    if proposal.kind in BY_TICKET:
        ticket = stored.tickets.get(proposal.subject)
        return "" if ticket is None else f"/console/tickets/{ticket.number}"
    return _place_of_version(proposal, stored)


def _place_of_version(proposal: Proposal, stored: Repositories) -> str:
    subject = proposal.subject
    match proposal.kind:
        case ProposalKind.RETENTION_LONGER | ProposalKind.RETENTION_SHORTER:
            return f"/console/policy/retention?version={subject}"
        case ProposalKind.AGREEMENT_SET | ProposalKind.AGREEMENT_SET_OFF if (
            found := stored.agreement_sets.get(subject)
        ) is not None:
            return f"/console/agreements/{found.number}"
        case ProposalKind.POLICY if (version := stored.policy_versions.get(subject)) is not None:
            return f"/console/policy/versions/{version.policy.version}"
        case ProposalKind.MESSAGE_TEXT if (text := stored.text_versions.get(subject)) is not None:
            return f"/console/texts/{text.text_id}?version={subject}"
        case _:
            return ""


def _place_of_keys(proposal: Proposal) -> str:
    """Return where it stands what a change of keys would do while it waits, and afterwards what was done."""
    change = parse_change(proposal.subject)
    if change is None or proposal.ended is not None:
        return keys.HOME
    return f"{keys.CHANGE}?what={change.purpose or keys.RESEAL}"


def _effect(proposal: Proposal) -> str:
    """Return which words say what an approval does."""
    change = parse_change(proposal.subject) if proposal.kind is ProposalKind.KEY_CEREMONY else None
    return f"effect.{proposal.kind}" if change is None else f"key_effect.{change.purpose or keys.RESEAL}"


def _page(visit: Visit, proposal: Proposal, *, error: EztongError | None = None) -> Response:
    is_own = proposal.by == visit.on_duty.operator.name
    is_open = proposal.state_at(visit.now) is ProposalState.OPEN
    alone = _is_alone(visit)
    may_decide = visit.may(Permission.PROPOSALS_DECIDE) and visit.may(PROPOSES[proposal.kind])
    with visit.services.store.read() as stored:
        names, place = _names(visit, [proposal], stored), _place(proposal, stored)
        affected = None
        if names and is_open:
            affected = count_affected(PartnerId(proposal.subject), stored=stored, now=visit.now)
    return visit.form_page(
        "proposals_one.html",
        because=error,
        proposal=proposal,
        name=names.get(proposal.subject, ""),
        place=place,
        effect=_effect(proposal),
        affected=affected,
        state=proposal.state_at(visit.now),
        may_decide=is_open and may_decide and (alone or not is_own),
        is_alone=alone and is_own,
        may_withdraw=is_open and is_own,
        is_own=is_own,
        destroys=proposal.kind in DESTROYS,
        reason=visit.form.get("reason", ""),
    )
