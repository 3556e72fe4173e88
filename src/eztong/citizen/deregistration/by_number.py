"""A deregistration by number and secret, without sign-in and after the account is gone (clause 2.13)."""

from __future__ import annotations

from starlette.responses import Response

from eztong.citizen.deregistration.partners import told_partners
from eztong.citizen.journey import own_tab
from eztong.citizen.limits import FEEDBACK, count
from eztong.citizen.visit import Visit
from eztong.citizen.words.end_words import standing
from eztong.citizen.words.readable_json import ReadableJson
from eztong.domain.deregistration.deregistration import DeregistrationOver
from eztong.domain.errors import EztongError, NotFound, TooMany
from eztong.domain.feedback.ticket import TicketUnknown, parse_number, parse_secret
from eztong.domain.guardianship.ward import is_kept_by_guardian
from eztong.pages.error_pages import sentence_of
from eztong.usecases.deregistration.read_deregistration import deregistration_receipt
from eztong.usecases.deregistration.read_partner_events import partner_news
from eztong.usecases.deregistration.undo_deregistration import undo_with_secret
from eztong.usecases.feedback.find_ticket import TicketProof, find_ticket


def ask(visit: Visit) -> Response:
    """Ask for number and secret."""
    return _ask_page(visit)


def look(visit: Visit) -> Response:
    """Show where the deregistration of number and secret stands."""
    try:
        count(FEEDBACK, visit)
        return _standing_page(visit, _proof(visit))
    except (TicketUnknown, TooMany) as error:
        return _ask_page(visit, error)


def undo(visit: Visit) -> Response:
    """Undo it, and show where it stands then."""
    try:
        proof = _proof(visit)
    except TicketUnknown as error:
        return _ask_page(visit, error)
    try:
        visit.act(undo_with_secret, proof)
    except TicketUnknown as error:
        return _ask_page(visit, error)
    except DeregistrationOver as error:
        return _standing_page(visit, proof, error)
    return _standing_page(visit, proof)


def receipt(visit: Visit) -> Response:
    """Hand out the receipt as a file that proves itself.

    Raises:
        NotFound: there is none yet.
    """
    try:
        with visit.services.store.read() as stored:
            file = deregistration_receipt(_proof(visit), stored=stored, keys=visit.services.keys, now=visit.now)
    except TicketUnknown as error:
        return _ask_page(visit, error)
    name = f"eztong-deregistration-{file['document']['ticket']}.json"
    return ReadableJson(file, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _proof(visit: Visit) -> TicketProof:
    return TicketProof(
        number=parse_number(visit.form.get("number", "")),
        secret=parse_secret(visit.form.get("secret", "")),
        session_hash=visit.session_hash,
    )


def _standing_page(visit: Visit, proof: TicketProof, error: EztongError | None = None) -> Response:
    with visit.services.store.read() as stored:
        ticket = find_ticket(proof, stored=stored, keys=visit.services.keys, now=visit.now)
        found = stored.deregistrations.of_ticket(ticket.ticket_id)
        if found is None:
            raise NotFound
        holder = stored.holders.get(found.holder_id)
        news = partner_news(found.deregistration_id, stored=stored)
    return visit.form_page(
        "deregistration/by_number.html",
        because=error,
        problem="" if error is None else sentence_of(error, visit),
        one=standing(visit, found, ticket),
        partners=told_partners(visit, news),
        is_kept=holder is not None and is_kept_by_guardian(holder),
        ticket=ticket.number,
        secret=proof.secret,
        tab=own_tab(visit),
    )


def _ask_page(visit: Visit, error: EztongError | None = None) -> Response:
    return visit.form_page(
        "deregistration/by_number_ask.html",
        because=error,
        number=visit.form.get("number", ""),
        problem="" if error is None else sentence_of(error, visit),
        tab=own_tab(visit),
    )
