"""Where an organisation's application stands, by its receipt; what was asked is answered there, or it is withdrawn."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from eztong.domain.errors import EztongError, InputInvalid, StateConflict, TooMany
from eztong.domain.feedback.ticket import grouped_secret
from eztong.domain.partners.application import ApplicantState, ReceiptUnknown
from eztong.domain.partners.application_document import read_application
from eztong.http.limits import hit_network
from eztong.partner_portal.apply import FORMS_BY_ADDRESS
from eztong.partner_portal.apply_form import document_of, fields_of, form_parts, scenes_of
from eztong.partner_portal.visit import Visit
from eztong.ports.limiter import Limit
from eztong.usecases.partners.apply_in_public import (
    AnswerInPublic,
    answer_in_public,
    find_by_receipt,
    parse_receipt,
    withdraw_in_public,
)

LOOKS_BY_ADDRESS: Final = Limit("partner_receipts", 120, 900)
"""Looks of one network at what receipts open, the wrong ones included."""

_WAITING: Final = frozenset({ApplicantState.APPLIED, ApplicantState.SUPPLEMENT_NEEDED})


def ask(visit: Visit) -> Response:
    """Ask for the receipt."""
    return _ask(visit)


def look(visit: Visit) -> Response:
    """Show what the receipt opens; with a button of that page, do what it says first."""
    try:
        hit_network(visit.services.limiter, LOOKS_BY_ADDRESS, visit.address)
        receipt = parse_receipt(visit.form.get("receipt", ""))
        with visit.services.store.read() as stored:
            find_by_receipt(receipt, stored=stored, keys=visit.services.keys)
    except (ReceiptUnknown, TooMany) as error:
        return _ask(visit, error)
    act = visit.form.get("act", "")
    try:
        if act == "answer":
            _answer(visit, receipt)
        elif act == "withdraw":
            visit.services.perform(visit.at, withdraw_in_public, receipt)
    except (InputInvalid, TooMany, StateConflict) as error:
        return _page(visit, receipt, error=error)
    return _page(visit, receipt, was_done=act in {"answer", "withdraw"})


def _answer(visit: Visit, receipt: str) -> None:
    services = visit.services
    hit_network(services.limiter, FORMS_BY_ADDRESS, visit.address)
    with services.store.read() as stored:
        before = find_by_receipt(receipt, stored=stored, keys=services.keys)
    handed_in = read_application(document_of(visit.form, before.partner_id))
    command = AnswerInPublic(handed_in=handed_in, receipt=receipt, answer=visit.form.get("answer", ""))
    services.perform(visit.at, answer_in_public, command)


def _ask(visit: Visit, error: EztongError | None = None) -> Response:
    return visit.form_page("apply_state_ask.html", because=error)


def _page(visit: Visit, receipt: str, *, error: EztongError | None = None, was_done: bool = False) -> Response:
    with visit.services.store.read() as stored:
        application = find_by_receipt(receipt, stored=stored, keys=visit.services.keys)
        steps = stored.partner_applications.steps(application.application_id)
    is_typed = "scenes" in visit.form and not was_done
    typed = visit.form if is_typed else fields_of(application)
    return visit.form_page(
        "apply_state.html",
        because=error,
        application=application,
        steps=steps,
        receipt=receipt,
        shown_receipt=grouped_secret(receipt),
        was_done=was_done,
        waits=application.state in _WAITING,
        is_asked=application.state is ApplicantState.SUPPLEMENT_NEEDED,
        answer=visit.form.get("answer", "") if is_typed else "",
        **form_parts(visit, typed, count=scenes_of(typed), error=error),
    )
