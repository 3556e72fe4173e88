"""A decision without signing in, by the number and secret that came by message: also where the account was ended."""

from __future__ import annotations

from starlette.responses import Response

from eztong.citizen.cases.page import ON_THE_PAGE, decision_page, send_appeal
from eztong.citizen.journey import own_tab
from eztong.citizen.visit import Visit
from eztong.domain.cases.case import CaseUnknown
from eztong.domain.errors import EztongError
from eztong.domain.feedback.ticket import TicketUnknown, parse_number, parse_secret
from eztong.pages.error_pages import sentence_of
from eztong.usecases.cases.find_decision import CaseProof, find_decided


def ask(visit: Visit) -> Response:
    """Ask for number and secret."""
    return _ask_page(visit)


def look(visit: Visit) -> Response:
    """Show the decision of the number and secret that were typed; with words, object to it first."""
    try:
        proof = CaseProof(
            number=parse_number(visit.form.get("number", "")),
            secret=parse_secret(visit.form.get("secret", "")),
            session_hash=visit.session_hash,
        )
        with visit.services.store.read() as stored:
            find_decided(proof, stored=stored, keys=visit.services.keys, now=visit.now)
    except (TicketUnknown, CaseUnknown):
        return _ask_page(visit, CaseUnknown())
    try:
        if "words" in visit.form:
            send_appeal(visit, proof)
    except ON_THE_PAGE as error:
        return decision_page(visit, proof, error)
    return decision_page(visit, proof)


def _ask_page(visit: Visit, error: EztongError | None = None) -> Response:
    return visit.form_page(
        "cases/by_number_ask.html",
        because=error,
        number=visit.form.get("number", ""),
        problem="" if error is None else sentence_of(error, visit),
        tab=own_tab(visit),
    )
