"""One ticket: for its account by session, for everybody else by number and secret; and to add to it."""

from __future__ import annotations

from starlette.responses import Response

from eztong.citizen.feedback.talk import ON_THE_PAGE, act_in_talk, show_talk
from eztong.citizen.feedback.ticket_words import ticket_words
from eztong.citizen.journey import own_tab
from eztong.citizen.limits import FEEDBACK, count
from eztong.citizen.visit import Visit
from eztong.domain.errors import EztongError
from eztong.domain.feedback.ticket import (
    MAX_WORDS,
    Author,
    TicketKind,
    TicketUnknown,
    parse_number,
    parse_secret,
    parse_words,
)
from eztong.i18n.moments import moment_words
from eztong.pages.error_pages import sentence_of
from eztong.usecases.feedback.add_to_ticket import AddToTicket, add_to_ticket
from eztong.usecases.feedback.find_ticket import TicketProof, find_ticket
from eztong.usecases.feedback.sealed_words import open_words


def show(visit: Visit) -> Response:
    """Show a ticket of the signed-in account.

    Raises:
        SessionMissing, TicketUnknown: it is none of it.
    """
    return _ticket_page(visit, _of_account(visit))


def add(visit: Visit) -> Response:
    """Add to a ticket of the signed-in account, or do what the button of its talks says.

    Raises:
        Locked: it is final; the page is shown again after unlocking.
    """
    proof = _of_account(visit)
    try:
        _add(visit, proof)
    except ON_THE_PAGE as error:
        return _ticket_page(visit, proof, error)
    return visit.redirect(visit.request.url.path)


def ask(visit: Visit) -> Response:
    """Ask for number and secret."""
    return _ask_page(visit)


def look(visit: Visit) -> Response:
    """Show the ticket of the number and secret that were typed; with words or a button, do what they say first."""
    try:
        proof = TicketProof(
            number=parse_number(visit.form.get("number", "")),
            secret=parse_secret(visit.form.get("secret", "")),
            session_hash=visit.session_hash,
        )
        with visit.services.store.read() as stored:
            find_ticket(proof, stored=stored, keys=visit.services.keys, now=visit.now)
    except TicketUnknown as error:
        return _ask_page(visit, error)
    try:
        if visit.form.keys() & {"words", "act"}:
            _add(visit, proof)
    except ON_THE_PAGE as error:
        return _ticket_page(visit, proof, error)
    return _ticket_page(visit, proof)


def _of_account(visit: Visit) -> TicketProof:
    number = parse_number(visit.request.path_params["number"])
    return TicketProof(number=number, secret=None, session_hash=visit.session_hash)


def _add(visit: Visit, proof: TicketProof) -> None:
    if "act" in visit.form:
        act_in_talk(visit, proof)
        return
    command = AddToTicket(proof=proof, words=parse_words(visit.form.get("words", "")))
    count(FEEDBACK, visit)
    visit.act(add_to_ticket, command, calendar=visit.services.deployment.calendar)


def _ask_page(visit: Visit, error: EztongError | None = None) -> Response:
    return visit.form_page(
        "feedback/ticket_ask.html",
        because=error,
        number=visit.form.get("number", ""),
        problem="" if error is None else sentence_of(error, visit),
        tab=own_tab(visit),
    )


def _ticket_page(visit: Visit, proof: TicketProof, error: EztongError | None = None) -> Response:
    with visit.services.store.read() as stored:
        ticket = find_ticket(proof, stored=stored, keys=visit.services.keys, now=visit.now)
        said = open_words(ticket, stored=stored, keys=visit.services.keys)
        is_leaving = stored.deregistrations.of_ticket(ticket.ticket_id) is not None
    if ticket.kind is TicketKind.TALKS:
        return show_talk(visit, proof, error)
    return visit.form_page(
        "feedback/ticket.html",
        because=error,
        ticket=ticket_words(visit, ticket),
        said=[
            (one.author is Author.STAFF, moment_words(one.at, now=visit.now, words=visit.words), one.text)
            for one in said
        ],
        secret=proof.secret,
        is_leaving=is_leaving,
        words=visit.form.get("words", "") if error is not None else "",
        most=MAX_WORDS,
        problem="" if error is None else sentence_of(error, visit),
        tab=own_tab(visit),
    )
