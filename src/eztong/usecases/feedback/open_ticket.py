"""Open a feedback ticket: anybody may, with an account or without (P-6, 2.13)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from eztong.domain.budget import Budget
from eztong.domain.errors import DeviceNotBound, HolderNotActive, SessionMissing
from eztong.domain.events import EventKind
from eztong.domain.feedback.ticket import (
    AT_STAKE,
    LAST_WAYS,
    MAX_OPEN,
    NUMBER_DIGITS,
    Author,
    FormSent,
    Ticket,
    TicketKind,
    TicketState,
    TicketsWaiting,
)
from eztong.domain.holder import Holder
from eztong.domain.identifiers import HolderId
from eztong.domain.notices import Topic
from eztong.domain.working_days import ANSWER_WITHIN, WorkCalendar
from eztong.ports.act import Act
from eztong.usecases.access.find_session import find_bound
from eztong.usecases.feedback.find_ticket import hash_secret
from eztong.usecases.feedback.sealed_words import add_words, open_words
from eztong.usecases.naming import new_id
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_holder
from eztong.usecases.spend_budget import spend, take
from eztong.usecases.vault import new_vault

OF_STRANGERS: Final = Budget("tickets_of_strangers", 500, timedelta(days=1))
"""Tickets without an account: what a flood from many networks may store, and somebody must read."""

OF_NETWORK: Final = Budget("tickets_of_network", 50, timedelta(days=1))
"""Those of one network: no single one uses up what everybody shares."""

RESERVE_OF_NETWORK: Final = Budget("last_ways_of_network", 3, timedelta(days=1))
"""Number appeals and reports that a network has for itself, whatever everybody has used up."""

TALKS_OF_STRANGERS: Final = Budget("talks_of_strangers", 100, timedelta(days=1))
"""Talks without an account: neither are they shut by a flood of questions, nor questions by a flood of them."""

TALKS_OF_NETWORK: Final = Budget("talks_of_network", 3, timedelta(days=1))
"""Talks that a network has for itself, whatever everybody has used up."""

_DRAWS: Final = 5
"""Tries to draw a number that is free: with a million tickets one is taken once in ten thousand draws."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTicket:
    """Somebody writes from ``network``.

    ``secret`` was drawn for the form, so that a form that is sent twice opens one ticket. It proves no more here.
    """

    session_hash: bytes
    network: str
    kind: TicketKind
    words: str = field(repr=False)
    secret: str = field(repr=False)


def open_ticket(act: Act, command: OpenTicket, *, calendar: WorkCalendar) -> Ticket:
    """Store what somebody wrote, with number and day of answer.

    1. The same form, sent again, brings the same ticket again, and does nothing else: more words, another kind or
       another ticket have acts of their own, which ask what this one does not.
    2. Whoever is signed in to an account asks as its holder; an account has so many open tickets at most. Everybody
       without one shares a day's budget, and each network has a few of the last ways for itself; talks have their own.
    3. The words are sealed with the account's key, or else with a key of the ticket's own.
    4. The account's history says that a ticket was opened; of one that puts the account at stake its holder is told.

    Raises:
        FormSent: this form was sent before, with something else in it.
        TicketsWaiting: the account has as many open tickets as it may.
        TooMany: people without an account have written too much today.
    """
    secret_hash = hash_secret(command.secret, keys=act.keys)
    known = act.uow.tickets.by_secret(secret_hash)
    if known is not None:
        return _again(act, known, command)
    holder = _asker(act, command.session_hash)
    if holder is None:
        _spend(act, command)
    elif _waiting(act, holder.holder_id) >= MAX_OPEN:
        raise TicketsWaiting
    ticket = add_ticket(
        act, command.kind, None if holder is None else holder.holder_id, calendar=calendar, secret_hash=secret_hash
    )
    add_words(act, ticket, command.words, author=Author.ASKER)
    if holder is not None:
        note_event(act, holder.holder_id, EventKind.TICKET_OPENED, detail=f"ticket={ticket.number} kind={ticket.kind}")
        if ticket.kind in AT_STAKE:
            tell_holder(act, holder, Topic.TICKET_AT_STAKE, {"number": ticket.number, "kind": ticket.kind.value})
    return ticket


def add_ticket(
    act: Act,
    kind: TicketKind,
    holder_id: HolderId | None,
    *,
    calendar: WorkCalendar,
    secret_hash: bytes | None = None,
) -> Ticket:
    """Store a ticket under a number that is free; its period begins now.

    Raises:
        FormSent: the secret is another ticket's.
    """
    if secret_hash is not None and act.uow.tickets.by_secret(secret_hash) is not None:
        raise FormSent
    ticket_id = new_id(act, "tkt")
    # Without an account there is no key yet that could seal what is written.
    key = new_vault(ticket_id, keys=act.keys, entropy=act.entropy)[1] if holder_id is None else None
    ticket = Ticket(
        ticket_id=ticket_id,
        number="",
        kind=kind,
        state=TicketState.OPEN,
        holder_id=holder_id,
        created_at=act.now,
        asked_at=act.now,
        due=calendar.due_after(act.now, ANSWER_WITHIN),
        secret_hash=secret_hash,
        data_key=key,
    )
    for _ in range(_DRAWS):
        ticket = replace(ticket, number=_draw_number(act))
        if act.uow.tickets.add(ticket):
            return ticket
    raise RuntimeError("no number of a ticket is free")


def _spend(act: Act, command: OpenTicket) -> None:
    network = command.network.encode()
    are_talks = command.kind is TicketKind.TALKS
    if command.kind not in LAST_WAYS:
        spend(act, OF_NETWORK, network)
    elif take(act, TALKS_OF_NETWORK if are_talks else RESERVE_OF_NETWORK, network):
        return
    spend(act, TALKS_OF_STRANGERS if are_talks else OF_STRANGERS)


def _asker(act: Act, session_hash: bytes) -> Holder | None:
    """Return the holder whose device this is; anybody else asks as nobody, somebody who only registers, too."""
    try:
        return find_bound(session_hash, stored=act.uow, now=act.now).holder
    except (SessionMissing, HolderNotActive, DeviceNotBound):
        return None


def _waiting(act: Act, holder_id: HolderId) -> int:
    # Reports are no tickets that their holder wrote: whoever provokes them must not use these up.
    return sum(ticket.waits and ticket.secret_hash is not None for ticket in act.uow.tickets.list(holder_id))


def _again(act: Act, known: Ticket, command: OpenTicket) -> Ticket:
    first = next(iter(open_words(known, stored=act.uow, keys=act.keys)), None)
    if known.kind is not command.kind or first is None or first.text != command.words:
        raise FormSent
    return known


def _draw_number(act: Act) -> str:
    # No number begins with 0: those are of tickets that an upgrade made.
    first = 10 ** (NUMBER_DIGITS - 1)
    return str(first + act.entropy.below(9 * first))
