"""The page on which an organisation asks to become a partner, without an account (clause 2.3; PIPL 55 and 56).

It tells nobody who is a partner: nothing that is typed is compared with partners, and the id of a partner that may
come of it is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

from eztong.domain.addresses.network import network_of
from eztong.domain.errors import EztongError, InputInvalid, StateConflict, TooMany
from eztong.domain.feedback.ticket import FormSent, grouped_secret
from eztong.domain.partners.application import ReceiptUnknown
from eztong.domain.partners.application_document import read_application
from eztong.http.limits import hit_network
from eztong.partner_portal.apply_form import document_of, form_parts, scenes_of
from eztong.partner_portal.visit import Visit
from eztong.ports.limiter import Limit
from eztong.usecases.partners.apply_in_public import (
    ApplyInPublic,
    apply_in_public,
    draw_receipt,
    parse_receipt,
    partner_of_receipt,
)

FORMS_BY_ADDRESS: Final = Limit("partner_application_forms", 120, 3600)
"""Forms that one network sends in an hour, those that lack something included."""


def show(visit: Visit) -> Response:
    """Show the empty form."""
    return _form(visit, visit.form)


def send(visit: Visit) -> Response:
    """Hand the application in and show its receipt, this once; or show the form with one scene more or less."""
    if visit.form.get("act", "") in {"scene", "less"}:
        return _form(visit, visit.form)
    services, receipt = visit.services, _receipt(visit.form, visit)
    try:
        hit_network(services.limiter, FORMS_BY_ADDRESS, visit.address)
        handed_in = read_application(document_of(visit.form, partner_of_receipt(receipt, keys=services.keys)))
        command = ApplyInPublic(handed_in=handed_in, receipt=receipt, network=network_of(visit.address).widest)
        services.perform(visit.at, apply_in_public, command)
    except (InputInvalid, TooMany, StateConflict) as error:
        return _form(visit, visit.form, error)
    return visit.page("apply_sent.html", receipt=grouped_secret(receipt))


def _form(visit: Visit, typed: Mapping[str, str], error: EztongError | None = None) -> Response:
    # Drawn with the form, so that a form that is sent twice is one application. What was sent goes by another one.
    receipt = _receipt({} if isinstance(error, FormSent) else typed, visit)
    parts = form_parts(visit, typed, count=scenes_of(typed), error=error)
    return visit.form_page("apply.html", because=error, receipt=receipt, **parts)


def _receipt(typed: Mapping[str, str], visit: Visit) -> str:
    try:
        return parse_receipt(typed.get("receipt", ""))
    except ReceiptUnknown:
        return draw_receipt(entropy=visit.services.entropy)
