"""What two operators do for relatives of a holder who died: a copy, a correction, an erasure (PIPL art. 49)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from eztong.domain.death.after_death import (
    KINDS,
    RelativesAsk,
    check_approved,
    check_asked,
    check_asked_about,
    check_decided_by_name,
    check_of_relatives,
    check_of_this_stop,
    check_one_holder,
    check_relatives_may_ask,
    wish_of,
)
from eztong.domain.errors import NotFound, StateConflict
from eztong.domain.events import EventKind
from eztong.domain.feedback.ticket import Ticket
from eztong.domain.holder import Holder
from eztong.domain.identity.real_name import RealName, parse_real_name
from eztong.domain.operators.look_up import AskedFor
from eztong.domain.operators.operator import Operator
from eztong.domain.operators.permission import Permission
from eztong.domain.operators.proposal import Proposal, ProposalKind, ProposalState
from eztong.domain.own_data.correction import Correction, CorrectionState, RefusedBecause, correction_of
from eztong.domain.own_data.sighting import StaffReads
from eztong.domain.restrictions.recheck import CHECKS_BY_STAFF, CHECKS_BY_TICKET
from eztong.ports.act import Act, Acting
from eztong.ports.services import Services
from eztong.usecases.death.keep_after_death import queue_erasure, signalled_at
from eztong.usecases.note_event import note_event
from eztong.usecases.operators.check_operator import check_about_another, check_operator
from eztong.usecases.operators.find_by_number import LookUp, find_by_number, index_of_number, look_up
from eztong.usecases.operators.propose import Propose, check_not_concerned, find_proposal, propose
from eztong.usecases.own_data.correct_name import Names, names_of, seal_correction
from eztong.usecases.own_data.export_data import collect_data
from eztong.usecases.own_data.note_reading import note_reading
from eztong.usecases.restrictions.recheck_identity import recheck_account
from eztong.usecases.spend_budget import spend
from eztong.usecases.vault import open_vault

"""Who answers relatives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeForRelatives:
    """What is to be done about the holder with this citizen number, by which ticket of relatives, and why.

    ``name`` is the right one, for a correction alone.
    """

    ticket_number: str
    number: str = field(repr=False)
    asked: RelativesAsk
    reason: str
    name: str = field(default="", repr=False)


def propose_for_relatives(command: ProposeForRelatives, *, by: Acting, services: Services) -> Proposal:
    """Propose it; another operator decides. Nothing is done, and nobody is told, until then.

    Raises:
        NumberInvalid: this can be nobody's number.
        NameInvalid: a correction is asked for, and this can be nobody's name.
        OperatorNeeded, OperatorRefused, RoleMissing, AboutOneself: whoever acts may not.
        NotFound: nobody with this number has an account; that it was looked for is on record.
        TooMany: the operator looked for too much in vain today.
        NotOfRelatives: the ticket is none of relatives, or was about somebody else.
        NotDeceased, ArrangedOtherwise: it may not be done for this holder.
        ReasonInvalid, StateConflict: no reason, or the same is proposed already.
    """
    name = parse_real_name(command.name) if command.asked is RelativesAsk.CORRECT else None
    ticket_number = command.ticket_number
    look = _look_for(
        AskedFor.RELATIVES, command.number, partial(_find_ticket, ticket_number=ticket_number), services=services
    )
    return look_up(look, partial(services.perform, by, _propose, command, look, name), by=by, services=services)


def check_for_relatives(ticket_number: str, number: str, *, by: Acting, services: Services) -> Holder:
    """Have the authority asked about the holder now; return the account as it stands then.

    1. The operator may, and somebody wrote a ticket about it that is open: relatives, or who was reported dead. It is
       counted for the ticket whether or not there is such an account.
    2. It is counted for the account, and stands in its history, before anything is asked.
    3. A pause and an authorisation that was withdrawn do not stop it: nothing of it passes to anybody.

    Raises:
        NumberInvalid, OperatorNeeded, OperatorRefused, RoleMissing, AboutOneself, NotFound: as for a proposal.
        NothingAsked, NotOfRelatives: there is no such ticket, it has ended, or was about somebody else.
        TooMany: staff had it asked too often today, or the operator looked for too much in vain.
        NothingToCheck: the account has ended, or is about to.
        AuthorityUnavailable: it could not be asked, or has no answer yet.
    """
    before = partial(_count_asked, ticket_number=ticket_number)
    look = _look_for(AskedFor.DECEASED_CHECK, number, before, services=services)
    permit = partial(services.perform, by, _permit_check, ticket_number, look)
    holder = look_up(look, permit, by=by, services=services)
    recheck_account(holder.holder_id, by=by, services=services)
    with services.store.read() as stored:
        return stored.holders.get(holder.holder_id) or holder


def settle_for_relatives(act: Act, proposal: Proposal) -> None:
    """Do what follows from the decision: an approved erasure is queued; a copy or correction may be made now.

    Raises:
        NotOfRelatives: the ticket has ended meanwhile, or has served for another holder; nothing was decided.
        NotDeceased, ArrangedOtherwise: the authority took its word back meanwhile; nothing was decided.
    """
    if proposal.state is not ProposalState.APPROVED:
        _refuse_name(act, proposal)
        return
    holder = _about(act, proposal)
    if proposal.kind is ProposalKind.RELATIVES_ERASURE:
        queue_erasure(act, holder.holder_id)


def copy_for_relatives(proposal_id: str, *, by: Acting, services: Services) -> Mapping[str, Any]:
    """Return the copy of all data that two operators approved; the account's history says so before it is made.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, AboutOneself: whoever acts may not.
        NotFound: no such proposal.
        NotApproved, NotDeceased, ArrangedOtherwise, NotOfRelatives: it may not be given.
    """
    holder = services.perform(by, _permit_copy, proposal_id)
    with services.store.snapshot() as stored:
        return collect_data(holder, stored=stored, keys=services.keys, now=services.clock.now())


def names_for_relatives(act: Act, proposal_id: str) -> Names:
    """Return the name as it is and as it is to be, for who decides; the account's history says so before.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, AboutOneself, NotFound, NotDeceased, ArrangedOtherwise,
        NotOfRelatives: as for a proposal.
        SameOperator, NotApproved: it is another's to decide, or is over.
    """
    proposal, operator = find_proposal(proposal_id, stored=act.uow), check_operator(act, Permission.RELATIVES_ANSWER)
    holder = _seen_by_another(act, operator, proposal)
    check_decided_by_name(proposal, operator, now=act.now)
    correction = _correction(act, holder, proposal)
    note_reading(act, StaffReads.DECEASED, [holder.holder_id])
    return names_of(correction, holder, keys=act.keys)


def correct_for_relatives(act: Act, proposal_id: str) -> Holder:
    """Let the name that two operators approved stand with the account from now on, once; partners hear nothing of it.

    The name that the authority matched stays beside it: it is asked by that one, and may take its word back.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, AboutOneself, NotFound, NotApproved, NotDeceased,
        ArrangedOtherwise, NotOfRelatives: as for a copy.
        StateConflict: it was done already, or the name is another by now than the one that was looked at.
    """
    proposal = find_proposal(proposal_id, stored=act.uow)
    holder = _approved(act, proposal, ProposalKind.RELATIVES_CORRECTION)
    correction = _correction(act, holder, proposal)
    name = open_vault(holder, keys=act.keys).open("sealed_name", holder.sealed_name or b"").decode()
    if name != names_of(correction, holder, keys=act.keys).old:
        raise StateConflict("The name is another by now. Propose the correction anew.")
    if not act.uow.corrections.settle(replace(correction, state=CorrectionState.APPLIED)):
        raise StateConflict("The name was corrected by this proposal already.")
    note_event(act, holder.holder_id, EventKind.NAME_CORRECTED, detail=f"proposal={proposal_id}")
    return holder


def _look_for(asked_for: AskedFor, number: str, before: Callable[[Act], object], *, services: Services) -> LookUp:
    return LookUp(
        index=index_of_number(number, services=services),
        asked_for=asked_for,
        permission=Permission.RELATIVES_ANSWER,
        missing="Nobody with this number has an account here.",
        before=before,
    )


def _find_ticket(act: Act, ticket_number: str) -> Ticket:
    return _of_another(act, check_of_relatives(act.uow.tickets.by_number(ticket_number)))


def _count_asked(act: Act, ticket_number: str) -> None:
    ticket = _of_another(act, check_asked(act.uow.tickets.by_number(ticket_number)))
    spend(act, CHECKS_BY_TICKET, ticket.ticket_id.encode())


def _of_another(act: Act, ticket: Ticket) -> Ticket:
    """Return a ticket, unless the operator wrote it: nobody decides what they asked for themselves."""
    check_about_another(
        check_operator(act, Permission.RELATIVES_ANSWER, ticket.number), ticket.holder_id, stored=act.uow
    )
    return ticket


def _propose(act: Act, command: ProposeForRelatives, look: LookUp, name: RealName | None) -> Proposal:
    holder = find_by_number(act, look)
    ticket = _find_ticket(act, command.ticket_number)
    _check_serves(act, ticket, holder)
    check_relatives_may_ask(holder, wish_of(holder))
    wanted = Propose(kind=KINDS[command.asked], subject=ticket.ticket_id, reason=command.reason, about=holder.holder_id)
    proposal = propose(act, wanted)
    if name is not None:
        correction = seal_correction(act, holder, correction_of(proposal.proposal_id), name)
        waiting = replace(correction, state=CorrectionState.PROPOSED, ticket_number=ticket.number)
        act.uow.corrections.add(waiting)
    return proposal


def _permit_check(act: Act, ticket_number: str, look: LookUp) -> Holder:
    holder = find_by_number(act, look)
    ticket = check_asked_about(check_asked(act.uow.tickets.by_number(ticket_number)), holder)
    _check_serves(act, ticket, holder)
    spend(act, CHECKS_BY_STAFF, holder.holder_id.encode())
    detail = f"what={StaffReads.DECEASED} asked_by={ticket.number}"
    note_event(act, holder.holder_id, EventKind.STAFF_READ, detail=detail)
    return holder


def _check_serves(act: Act, ticket: Ticket, holder: Holder) -> None:
    """Refuse a ticket that was about another holder before."""
    before = (one for kind in KINDS.values() for one in act.uow.proposals.of_subject(kind, ticket.ticket_id))
    check_one_holder(holder, before)


def _permit_copy(act: Act, proposal_id: str) -> Holder:
    holder = _approved(act, find_proposal(proposal_id, stored=act.uow), ProposalKind.RELATIVES_COPY)
    note_event(act, holder.holder_id, EventKind.GIVEN_TO_RELATIVES, detail=f"proposal={proposal_id}")
    return holder


def _approved(act: Act, proposal: Proposal, kind: ProposalKind) -> Holder:
    holder = _seen_by_another(act, check_operator(act, Permission.RELATIVES_ANSWER, proposal.proposal_id), proposal)
    check_approved(proposal, kind, now=act.now)
    return holder


def _seen_by_another(act: Act, operator: Operator, proposal: Proposal) -> Holder:
    """Return whom it is about, for an operator who neither is nor asked for them."""
    check_not_concerned(operator, proposal, stored=act.uow)
    return _about(act, proposal)


def _refuse_name(act: Act, proposal: Proposal) -> None:
    """Write down that a name which was only proposed is not put in."""
    holder = None if proposal.about is None else act.uow.holders.get(proposal.about)
    found = None if holder is None else _find_correction(act, holder, proposal)
    if found is not None:
        act.uow.corrections.settle(replace(found, state=CorrectionState.REFUSED, reason=RefusedBecause.NOT_AGREED))


def _correction(act: Act, holder: Holder, proposal: Proposal) -> Correction:
    found = _find_correction(act, holder, proposal)
    if found is None:
        raise NotFound("This proposal corrects no name.")
    return found


def _find_correction(act: Act, holder: Holder, proposal: Proposal) -> Correction | None:
    wanted = correction_of(proposal.proposal_id)
    return next((one for one in act.uow.corrections.list(holder.holder_id) if one.correction_id == wanted), None)


def _about(act: Act, proposal: Proposal) -> Holder:
    """Return whom it is about, after all was asked again that was asked when it was proposed."""
    ticket = check_of_relatives(act.uow.tickets.get(proposal.subject))
    holder = None if proposal.about is None else act.uow.holders.get(proposal.about)
    if holder is None:
        raise NotFound
    _check_serves(act, ticket, holder)
    check_relatives_may_ask(holder, wish_of(holder))
    check_of_this_stop(proposal, signalled_at(holder, stored=act.uow))
    return holder
