"""After a holder's death: the account stands still, is kept for a while, and relatives may ask (PIPL art. 49).

The authority's word is the signal, and nobody else's: it freezes the account on every door. It may be wrong, so
nothing is erased at once, and the same word lifts it again. What the holder arranged before goes before what relatives
ask.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from eztong.domain.errors import InputInvalid, NotPermitted, StateConflict
from eztong.domain.feedback.ticket import Ticket, TicketKind
from eztong.domain.holder import FreezeCause, Holder, HolderState, Stopped
from eztong.domain.operators.operator import Operator, SameOperator
from eztong.domain.operators.proposal import Proposal, ProposalKind, ProposalState

KEPT_BY_DEFAULT: Final = timedelta(days=1095)
"""How long an account is kept after the signal unless the operator's setting says otherwise."""

GRACE: Final = timedelta(days=60)
"""How long it is kept whatever the holder arranged: the authority is asked again in it, since its word may be wrong."""

TAKEN_WITHIN: Final = timedelta(days=7)
"""How long what two operators approved for relatives can be carried out."""


class Wish(StrEnum):
    """What the holder wants after the own death. Without one, relatives may ask."""

    RELATIVES = "relatives"
    ERASE = "erase"


class RelativesAsk(StrEnum):
    """What relatives can ask for."""

    COPY = "copy"
    CORRECT = "correct"
    ERASE = "erase"


KINDS: Final = {
    RelativesAsk.COPY: ProposalKind.RELATIVES_COPY,
    RelativesAsk.CORRECT: ProposalKind.RELATIVES_CORRECTION,
    RelativesAsk.ERASE: ProposalKind.RELATIVES_ERASURE,
}
"""The proposal by which each is decided: by two operators."""


class NotDeceased(StateConflict):
    """The authority has not said that the holder died, or has taken it back."""

    code = "not_deceased"
    advice = "Have the authority asked with eztong deceased check. Without its word nothing is done for relatives."


class ArrangedOtherwise(NotPermitted):
    """The holder arranged before the death that everything is deleted and nobody is given anything."""

    code = "arranged_otherwise"
    advice = "Tell the relatives that the holder decided so. The account is erased by itself."


class NotOfRelatives(InputInvalid):
    """The ticket is not one that a relative of a deceased holder wrote, has ended, or is about another holder."""

    code = "not_of_relatives"
    advice = "Give the number of an open ticket of the kind relative; eztong feedback list shows them."


class NothingAsked(InputInvalid):
    """Nobody wrote this ticket, or it has ended: the authority is asked about nobody for no reason."""

    code = "nothing_asked"
    advice = "Give the number of the open ticket in which somebody asks; eztong feedback list shows them."


class NotApproved(StateConflict):
    """Two operators have not approved this, or longer ago than it may be carried out."""

    code = "not_approved"
    advice = "Propose it with eztong deceased propose, and let another operator approve it."


def parse_wish(text: str) -> Wish:
    """Return what was chosen.

    Raises:
        InputInvalid: nothing that can be.
    """
    try:
        return Wish(text)
    except ValueError as error:
        raise InputInvalid from error


def wish_of(holder: Holder) -> Wish:
    """Return what the holder arranged; whoever arranged nothing leaves it to the relatives, as the law has it."""
    return Wish.RELATIVES if holder.after_death is None else Wish(holder.after_death)


def stored_as(wish: Wish) -> str | None:
    """Return how an account holds a wish: nothing is stored of what holds anyway."""
    return None if wish is Wish.RELATIVES else wish.value


def without_death(holder: Holder) -> Holder:
    """Return the account without the stop that a death made, under whatever else stops it.

    Raises:
        StateConflict: no death stopped it.
    """
    if not holder.is_deceased:
        raise StateConflict("No death stopped the account.")
    if holder.state is HolderState.FROZEN and holder.freeze_cause is FreezeCause.DEATH:
        return holder.restored()
    kept = [one for one in holder.stopped if one != Stopped(HolderState.FROZEN, FreezeCause.DEATH)]
    return holder.with_stops(kept)


def erased_at(signalled_at: datetime, wish: Wish, *, kept: timedelta) -> datetime:
    """Return when the account is erased by itself: after ``kept``, or sooner where its holder wanted that."""
    return signalled_at + (min(GRACE, kept) if wish is Wish.ERASE else kept)


def check_relatives_may_ask(holder: Holder, wish: Wish) -> None:
    """Refuse what is asked about somebody who has not died, or did not want it.

    Raises:
        NotDeceased: the account was not stopped by a death, or is being erased.
        ArrangedOtherwise: the holder wanted everything deleted.
    """
    if not holder.is_deceased or holder.is_leaving:
        raise NotDeceased
    if wish is Wish.ERASE:
        raise ArrangedOtherwise


def check_of_relatives(ticket: Ticket | None) -> Ticket:
    """Return the ticket by which relatives ask.

    Raises:
        NotOfRelatives: none, another kind, or it has ended.
    """
    if ticket is None or ticket.kind is not TicketKind.RELATIVE:
        raise NotOfRelatives
    if ticket.closed_at is not None:
        raise NotOfRelatives("This ticket has ended: nothing is done by it any more, whatever was proposed before.")
    return ticket


def check_asked(ticket: Ticket | None) -> Ticket:
    """Return the ticket, of whatever kind, for whose sake the authority is asked about somebody.

    Raises:
        NothingAsked: none, or it has ended.
    """
    if ticket is None or ticket.closed_at is not None:
        raise NothingAsked
    return ticket


def check_asked_about(ticket: Ticket, holder: Holder) -> Ticket:
    """Return the ticket by which the authority is asked about this holder.

    Raises:
        NothingAsked: the holder of another account wrote it, and not as a relative.
    """
    if ticket.kind is not TicketKind.RELATIVE and ticket.holder_id not in {None, holder.holder_id}:
        raise NothingAsked("The holder of another account wrote this ticket.")
    return ticket


def check_one_holder(holder: Holder, before: Iterable[Proposal]) -> None:
    """Refuse that one ticket serves for several people: what relatives showed, they showed about one.

    Args:
        holder: Whom it is used for now.
        before: What was proposed by the same ticket.

    Raises:
        NotOfRelatives: it was used for somebody else.
    """
    if any(proposal.about != holder.holder_id for proposal in before):
        raise NotOfRelatives("This ticket is about another holder; each takes a ticket of their own.")


def check_decided_by_name(proposal: Proposal, operator: Operator, *, now: datetime) -> None:
    """Refuse to show the names of a correction to anybody but who decides it or carries it out.

    Raises:
        SameOperator: who proposed it typed the name, and has no need of the other.
        NotApproved: it is neither open nor approved within :data:`TAKEN_WITHIN`.
    """
    if proposal.state_at(now) is not ProposalState.OPEN:
        check_approved(proposal, ProposalKind.RELATIVES_CORRECTION, now=now)
    elif operator.name == proposal.by:
        raise SameOperator("Who proposed it does not decide it; another operator looks at the names.")


def check_of_this_stop(proposal: Proposal, signalled_at: datetime) -> None:
    """Refuse what was proposed before the authority said that the holder died, as it says now.

    Raises:
        NotDeceased: it took its word back meanwhile, and gave it anew.
    """
    if proposal.at < signalled_at:
        raise NotDeceased("The authority took its word back after this was proposed. Propose it anew.")


def check_approved(proposal: Proposal, kind: ProposalKind, *, now: datetime) -> None:
    """Refuse to carry out what was not approved, or too long ago.

    Raises:
        NotApproved: it was not, of this kind, within :data:`TAKEN_WITHIN`.
    """
    ended = proposal.ended
    is_approved = proposal.kind is kind and proposal.state is ProposalState.APPROVED
    if not is_approved or ended is None or now >= ended.at + TAKEN_WITHIN:
        raise NotApproved
