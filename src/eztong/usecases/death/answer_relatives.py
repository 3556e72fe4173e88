"""What two operators do for relatives of a holder who died: a copy, a correction, an erasure (PIPL art. 49)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from eztong.domain.death.after_death import (
    KINDS,
    RelativesAsk,
    check_approved,
    check_of_relatives,
    check_relatives_may_ask,
)
from eztong.domain.errors import NotFound
from eztong.domain.events import EventKind
from eztong.domain.holder import Holder
from eztong.domain.identity.real_name import parse_real_name
from eztong.domain.operators.operator import OperatorRole
from eztong.domain.operators.proposal import Proposal, ProposalKind, ProposalState
from eztong.domain.restrictions.recheck import RecheckFinding
from eztong.ports.act import Act, Acting
from eztong.ports.services import Services
from eztong.usecases.death.keep_after_death import queue_erasure, wish_of
from eztong.usecases.note_event import note_event
from eztong.usecases.operators.check_operator import check_about_another, check_operator
from eztong.usecases.operators.find_by_number import find_by_number, index_of_number
from eztong.usecases.operators.propose import Propose, find_proposal, propose
from eztong.usecases.own_data.correct_name import put_name
from eztong.usecases.own_data.export_data import collect_data
from eztong.usecases.restrictions.recheck_identity import recheck_account
from eztong.usecases.vault import open_vault

ROLES: Final = (OperatorRole.CASES, OperatorRole.LEGAL)
"""Who answers relatives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeForRelatives:
    """What is to be done about the holder with this citizen number, by which ticket of relatives, and why."""

    ticket_number: str
    number: str = field(repr=False)
    asked: RelativesAsk
    reason: str


def propose_for_relatives(command: ProposeForRelatives, *, by: Acting, services: Services) -> Proposal:
    """Propose it; another operator decides. Nothing is done, and nobody is told, until then.

    Raises:
        NumberInvalid: this can be nobody's number.
        OperatorNeeded, OperatorRefused, RoleMissing, AboutOneself: whoever acts may not.
        NotFound: nobody with this number has an account.
        NotOfRelatives: the ticket is none of relatives.
        NotDeceased, ArrangedOtherwise: it may not be done for this holder.
        ReasonInvalid, StateConflict: no reason, or the same is proposed already.
    """
    return services.perform(by, _propose, command, index_of_number(command.number, services=services))


def check_for_relatives(number: str, *, by: Acting, services: Services) -> tuple[Holder, RecheckFinding]:
    """Have the authority asked about the holder now; return the account as it stands then, and what was found.

    Raises:
        NumberInvalid, OperatorNeeded, OperatorRefused, RoleMissing, AboutOneself, NotFound: as for a proposal.
        NothingToCheck: the account has ended, or is about to.
        AuthorityUnavailable: it could not be asked, or has no answer yet.
    """
    holder = services.perform(by, find_for_staff, index_of_number(number, services=services))
    finding = recheck_account(holder.holder_id, by=by, services=services)
    with services.store.read() as stored:
        found = stored.holders.get(holder.holder_id)
    return found or holder, finding


def settle_for_relatives(act: Act, proposal: Proposal) -> None:
    """Do what follows from the decision: an approved erasure is queued; a copy or correction may be made now.

    Raises:
        NotDeceased, ArrangedOtherwise: the authority took its word back meanwhile; nothing was decided.
    """
    if proposal.state is not ProposalState.APPROVED:
        return
    holder = _about(act, proposal)
    if proposal.kind is ProposalKind.RELATIVES_ERASURE:
        queue_erasure(act, holder.holder_id)


def copy_for_relatives(proposal_id: str, *, by: Acting, services: Services) -> Mapping[str, Any]:
    """Return the copy of all data that two operators approved; the account's history says so before it is made.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, AboutOneself: whoever acts may not.
        NotFound: no such proposal.
        NotApproved, NotDeceased, ArrangedOtherwise: it may not be given.
    """
    holder = services.perform(by, _permit_copy, proposal_id)
    with services.store.snapshot() as stored:
        return collect_data(holder, stored=stored, keys=services.keys, now=services.clock.now())


def correct_for_relatives(act: Act, proposal_id: str, name: str) -> Holder:
    """Replace the name, as two operators approved; partners hear nothing of it.

    Raises:
        NameInvalid: it can be nobody's name.
        OperatorNeeded, OperatorRefused, RoleMissing, AboutOneself, NotFound, NotApproved, NotDeceased,
        ArrangedOtherwise: as for a copy.
        StateConflict: the account changed meanwhile.
    """
    parsed = parse_real_name(name)
    holder = _approved(act, proposal_id, ProposalKind.RELATIVES_CORRECTION)
    put_name(act, holder, parsed, open_vault(holder, keys=act.keys))
    note_event(act, holder.holder_id, EventKind.NAME_CORRECTED, detail=f"proposal={proposal_id}")
    return holder


def find_for_staff(act: Act, index: bytes) -> Holder:
    """Return the account of a number, for an operator who may ask.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, AboutOneself: whoever acts may not.
        NotFound: nobody with this number has an account.
    """
    missing = "Nobody with this number has an account here."
    return find_by_number(act, index, *ROLES, missing=missing)


def _propose(act: Act, command: ProposeForRelatives, index: bytes) -> Proposal:
    holder = find_for_staff(act, index)
    ticket = check_of_relatives(act.uow.tickets.by_number(command.ticket_number))
    # Nobody decides what they asked for themselves.
    check_about_another(check_operator(act, *ROLES), ticket.holder_id, stored=act.uow)
    check_relatives_may_ask(holder, wish_of(holder))
    wanted = Propose(kind=KINDS[command.asked], subject=ticket.ticket_id, reason=command.reason, about=holder.holder_id)
    return propose(act, wanted)


def _permit_copy(act: Act, proposal_id: str) -> Holder:
    holder = _approved(act, proposal_id, ProposalKind.RELATIVES_COPY)
    note_event(act, holder.holder_id, EventKind.GIVEN_TO_RELATIVES, detail=f"proposal={proposal_id}")
    return holder


def _approved(act: Act, proposal_id: str, kind: ProposalKind) -> Holder:
    operator = check_operator(act, *ROLES)
    proposal = find_proposal(proposal_id, stored=act.uow)
    ticket = act.uow.tickets.get(proposal.subject)
    for one in (proposal.about, None if ticket is None else ticket.holder_id):
        check_about_another(operator, one, stored=act.uow)
    check_approved(proposal, kind, now=act.now)
    return _about(act, proposal)


def _about(act: Act, proposal: Proposal) -> Holder:
    holder = None if proposal.about is None else act.uow.holders.get(proposal.about)
    if holder is None:
        raise NotFound
    check_relatives_may_ask(holder, wish_of(holder))
    return holder
