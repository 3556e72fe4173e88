"""What one operator offers to somebody whom nobody can name waits for another one (design rule 8, ADR 0073).

Whoever is an operator can sign out and ask as nobody: then nobody could say that the matter is their own.
"""

from __future__ import annotations

from dataclasses import replace

from eztong.domain.errors import StateConflict
from eztong.domain.feedback.ticket import Ticket
from eztong.domain.operators.proposal import Proposal, ProposalKind, ProposalState
from eztong.domain.talks.talk import NothingDrafted, Talk, TalkUnknown
from eztong.domain.working_days import WorkCalendar
from eztong.ports.act import Act
from eztong.ports.keys import Keys
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.feedback.sealed_words import open_draft, seal_draft
from eztong.usecases.operators.propose import Propose, propose
from eztong.usecases.talks.put_proposal import check_room, put_proposal


def draft_proposal(act: Act, ticket: Ticket, talk: Talk, words: str) -> Proposal:
    """Keep the words, unseen by whoever asked, until another operator has approved them.

    Raises:
        TalkEnded, ProposalsFull: there is no room for one.
        StateConflict: another one waits, or the talks moved meanwhile.
    """
    check_room(act, talk)
    why = f"The words are read with: eztong talks draft {ticket.number} --operator NAME"
    waits = propose(act, Propose(kind=ProposalKind.SETTLEMENT, subject=ticket.ticket_id, reason=why))
    if not act.uow.talks.move(talk, replace(talk, draft=seal_draft(act, ticket, words))):
        raise StateConflict
    return waits


def settle_draft(act: Act, proposal: Proposal, calendar: WorkCalendar) -> None:
    """Offer what was approved, as the words of the operator who wrote them; forget what was not.

    Raises:
        TalkUnknown, NothingDrafted, TalkEnded, ProposalsFull: there is nothing that could be offered any more.
        StateConflict: the talks moved meanwhile.
    """
    ticket, talk = act.uow.tickets.get(proposal.subject), act.uow.talks.get(proposal.subject)
    if proposal.state is not ProposalState.APPROVED:
        if talk is not None:
            act.uow.talks.move(talk, replace(talk, draft=None))
        return
    if ticket is None or talk is None:
        raise TalkUnknown
    words = read_draft(ticket, talk, stored=act.uow, keys=act.keys)
    put_proposal(act, ticket, talk, words, operator=proposal.by, calendar=calendar)


def read_draft(ticket: Ticket, talk: Talk, *, stored: Repositories, keys: Keys) -> str:
    """Return the words that wait for another operator.

    Raises:
        NothingDrafted: none do.
    """
    if talk.draft is None:
        raise NothingDrafted
    return open_draft(ticket, talk.draft, stored=stored, keys=keys)
