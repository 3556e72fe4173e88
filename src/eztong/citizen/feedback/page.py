"""Feedback: write to the service, with an account or without, and get a number (P-6, 2.13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.responses import Response

from eztong.citizen.browser.asker import asker_of
from eztong.citizen.feedback.opening_talks import open_as_talk, talk_fields
from eztong.citizen.feedback.ticket_words import TicketWords, ticket_words
from eztong.citizen.journey import own_tab
from eztong.citizen.limits import FEEDBACK, count
from eztong.citizen.visit import Visit
from eztong.domain.errors import DeviceNotBound, EztongError, HolderNotActive, InputInvalid, SessionMissing, TooMany
from eztong.domain.feedback.ticket import (
    MAX_WORDS,
    FormSent,
    Ticket,
    TicketKind,
    TicketUnknown,
    grouped_secret,
    parse_kind,
    parse_secret,
    parse_words,
    spell_secret,
)
from eztong.domain.identifiers import HolderId
from eztong.domain.talks.talk import FormerRuns, FormerUnknown
from eztong.pages.error_pages import sentence_of
from eztong.usecases.feedback.open_ticket import OpenTicket, open_ticket

_SECRET_BYTES = 10
_ON_THE_PAGE = (InputInvalid, TooMany, FormerRuns, FormerUnknown, FormSent)
OWN_WAY = "/me/deregister"
"""Where an account is ended by its holder alone."""


def show(visit: Visit) -> Response:
    """Show the form, and to a holder the tickets of the account."""
    return _form(visit, {"kind": visit.request.query_params.get("kind", "")})


def send(visit: Visit) -> Response:
    """Open the ticket, and show number and secret: the secret is shown this once."""
    try:
        secret = _secret(visit.form.get("secret", ""), visit)
        command = OpenTicket(
            session_hash=visit.session_hash,
            network=asker_of(visit).network,
            kind=parse_kind(visit.form.get("kind", "")),
            words=parse_words(visit.form.get("words", "")),
            secret=secret,
        )
        if command.kind is TicketKind.DEREGISTRATION and _own_account(visit):
            # In the account itself it takes no staff, and no waiting for an answer.
            return visit.redirect(OWN_WAY)
        count(FEEDBACK, visit)
        ticket = _open(visit, command)
    except _ON_THE_PAGE as error:
        return _form(visit, visit.form, error)
    shown = ticket_words(visit, ticket)
    return visit.page("feedback/page_opened.html", ticket=shown, secret=grouped_secret(secret), tab=own_tab(visit))


def _open(visit: Visit, command: OpenTicket) -> Ticket:
    if command.kind is TicketKind.TALKS:
        return open_as_talk(visit, command)
    return visit.act(open_ticket, command, calendar=visit.services.deployment.calendar)


def _form(visit: Visit, typed: Mapping[str, str], error: EztongError | None = None) -> Response:
    # Drawn with the form, so that a form that is sent twice opens one ticket. What was sent goes by another one.
    drawn = "" if isinstance(error, FormSent) else typed.get("secret", "")
    secret, kind = _secret(drawn, visit), typed.get("kind", "")
    return visit.form_page(
        "feedback/page.html",
        because=error,
        kinds=[kind.value for kind in TicketKind],
        kind=kind,
        talk=talk_fields(visit, typed) if kind == TicketKind.TALKS.value else None,
        words=typed.get("words", ""),
        most=MAX_WORDS,
        secret=secret,
        problem="" if error is None else sentence_of(error, visit),
        own=_own(visit),
        tab=own_tab(visit),
    )


def _secret(typed: str, visit: Visit) -> str:
    """Return the secret of the form, or another one where that is none."""
    try:
        return parse_secret(typed)
    except TicketUnknown:
        return spell_secret(visit.services.entropy.token(_SECRET_BYTES))


def _own(visit: Visit) -> Sequence[TicketWords]:
    holder_id = _own_account(visit)
    if holder_id is None:
        return []
    with visit.services.store.read() as stored:
        return [ticket_words(visit, ticket) for ticket in stored.tickets.list(holder_id)]


def _own_account(visit: Visit) -> HolderId | None:
    """Return the account whose device this browser is."""
    try:
        with visit.services.store.read() as stored:
            return visit.bound(stored).holder.holder_id
    except (SessionMissing, HolderNotActive, DeviceNotBound):
        return None
