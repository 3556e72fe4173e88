"""End the account (clause 2.13): what will happen, the proof that it is the holder, one press, and 72 hours to undo."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from starlette.responses import Response

from eztong.citizen.visit import Visit
from eztong.citizen.words.end_words import standing
from eztong.domain.access.unlock import is_unlocked
from eztong.domain.deregistration.deregistration import COOLING, DeregistrationOver, EffectsNotUnderstood
from eztong.domain.errors import EztongError
from eztong.domain.feedback.ticket import TicketUnknown, grouped_secret, parse_secret, spell_secret
from eztong.domain.identifiers import HolderId
from eztong.domain.working_days import ANSWER_WITHIN
from eztong.i18n.moments import moment_words
from eztong.pages.error_pages import sentence_of
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.contact.cooling import contact_cools_until
from eztong.usecases.deregistration.ask_deregistration import AskDeregistration, ask_deregistration
from eztong.usecases.deregistration.read_deregistration import open_items
from eztong.usecases.deregistration.undo_deregistration import undo_from_session

PAGE = "/me/deregister"
_SECRET_BYTES = 10
CAME_OVER: Final = "came_over"
"""The account went over to whoever uses it, a short while ago."""
CHANGING: Final = "changing"
"""Its phone is being changed."""
CHANGED: Final = "changed"
"""Its phone was changed a short while ago."""


def show(visit: Visit) -> Response:
    """Say what will happen and what is open; where it was asked for already, where that stands."""
    return _form(visit)


def ask(visit: Visit) -> Response:
    """Begin the cooling, and show number and secret: the secret is shown this once.

    Raises:
        Locked: unlock first; this page is shown again after it.
    """
    secret = _secret(visit)
    command = AskDeregistration(
        session_hash=visit.session_hash, secret=secret, understood=visit.form.get("understood") == "yes"
    )
    try:
        asked = visit.act(ask_deregistration, command, calendar=visit.services.deployment.calendar)
    except EffectsNotUnderstood as error:
        return _form(visit, error)
    if not asked.is_new:
        return visit.redirect(PAGE)
    shown = standing(visit, asked.deregistration, asked.ticket)
    return visit.page("deregistration/page_asked.html", one=shown, secret=grouped_secret(secret), tab="me")


def undo(visit: Visit) -> Response:
    """Undo it: the account is as it was before.

    Raises:
        Locked: unlock first.
        DeregistrationOver: it cannot be undone any more.
    """
    visit.act(undo_from_session, visit.session_hash)
    return visit.redirect("/me")


def _form(visit: Visit, error: EztongError | None = None) -> Response:
    with visit.services.store.read() as stored:
        signed_in = visit.bound(stored)
        holder = signed_in.holder
        running = stored.deregistrations.running(holder.holder_id)
        ticket = None if running is None else stored.tickets.get(running.ticket_id)
        items = open_items(holder, stored=stored, now=visit.now)
        cools_until = contact_cools_until(holder.holder_id, stored=stored, now=visit.now)
        why_not_yet = _why_not_yet(holder.holder_id, cools_until, stored=stored)
    unlocked = is_unlocked(signed_in.session.unlocked_until, now=visit.now)
    if running is not None and ticket is not None:
        shown = standing(visit, running, ticket)
        return visit.form_page("deregistration/page_standing.html", one=shown, unlocked=unlocked, tab="me")
    if holder.is_leaving:
        raise DeregistrationOver
    return visit.form_page(
        "deregistration/page.html",
        because=error,
        problem="" if error is None else sentence_of(error, visit),
        items=items,
        unlocked=unlocked,
        why_not_yet=why_not_yet,
        settles=None if cools_until is None else moment_words(cools_until, now=visit.now, words=visit.words),
        secret=_secret(visit),
        hours=COOLING.days * 24,
        days=ANSWER_WITHIN,
        tab="me",
    )


def _why_not_yet(holder_id: HolderId, cools_until: datetime | None, *, stored: Repositories) -> str:
    """Return what the wait comes from, which leads to its words; nothing where there is none."""
    if cools_until is None:
        return ""
    if any(one.settles_at == cools_until for one in stored.guardianships.of_ward(holder_id)):
        return CAME_OVER
    newest = stored.phone_changes.newest(holder_id)
    return CHANGING if newest is not None and newest.is_waiting() else CHANGED


def _secret(visit: Visit) -> str:
    """Return the secret of the form, so that one that is sent twice asks once, or another where that is none."""
    try:
        return parse_secret(visit.form.get("secret", ""))
    except TicketUnknown:
        return spell_secret(visit.services.entropy.token(_SECRET_BYTES))
