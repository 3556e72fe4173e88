"""The receipt of an answered request: what was told, to whom, until when; withdraw, and the way on."""

from __future__ import annotations

from starlette.responses import Response

from eztong.citizen.requests.eid_return import eid_receipt, refresh_header
from eztong.citizen.requests.page import ShownRequest, names
from eztong.citizen.visit import Visit
from eztong.citizen.words.told_words import told_words
from eztong.domain.codes.verification import Verification
from eztong.domain.errors import NotFound, RequestFinished
from eztong.domain.feedback.ticket import grouped
from eztong.domain.grants import Grant, GrantState
from eztong.domain.identifiers import HolderId, RequestId
from eztong.i18n.moments import date_words, moment_words
from eztong.ports.storage.repositories import Repositories


def receipt_page(visit: Visit, asked: ShownRequest, holder_id: HolderId, stored: Repositories) -> Response:
    """Show the receipt to the holder who answered.

    Raises:
        RequestFinished: somebody else answered.
    """
    request = asked.request
    if request.holder_id != holder_id or request.verification_id is None:
        raise RequestFinished
    verification = stored.verifications.get(request.partner_id, request.verification_id)
    if verification is None:
        raise NotFound
    eid = eid_receipt(visit, request)
    grant = _grant(holder_id, request.request_id, stored=stored)
    report = stored.reports.about(holder_id, verification.verification_id)
    ticket = None if report is None else stored.tickets.get(report.ticket_id)
    response = visit.form_page(
        "requests/receipt.html",
        back=eid.back,
        released=eid.released,
        verification=verification,
        told=told_words(visit, verification, holder_id, stored=stored),
        reason=_reason(visit, verification),
        at=moment_words(verification.created_at, now=visit.now, words=visit.words),
        on=date_words(verification.created_at, words=visit.words),
        grant=grant if grant is not None and _is_live(visit, grant) else None,
        until=_until(visit, grant),
        ticket=ticket,
        number="" if ticket is None else grouped(ticket.number),
        due="" if ticket is None else date_words(ticket.due.at, words=visit.words),
        **names(visit, asked),
    )
    # Whoever reported the request is not led to whoever asked.
    if eid.back is not None and ticket is None:
        response.headers["Refresh"] = refresh_header(eid.back)
    return response


def _grant(holder_id: HolderId, request_id: RequestId, *, stored: Repositories) -> Grant | None:
    grants = stored.grants.of_holder(holder_id)
    return next((grant for grant in grants if grant.request_id == request_id), None)


def _is_live(visit: Visit, grant: Grant) -> bool:
    return grant.state is GrantState.GRANTED and visit.now < grant.expires_at


def _until(visit: Visit, grant: Grant | None) -> str:
    if grant is None or grant.expires_at == grant.granted_at:
        return visit.words.text("receipt.only_once")
    if grant.state is GrantState.WITHDRAWN:
        return visit.words.text("receipt.withdrawn")
    return moment_words(grant.expires_at, now=visit.now, words=visit.words)


def _reason(visit: Visit, verification: Verification) -> str:
    key = f"error.{verification.reason}"
    contact = visit.services.deployment.operator_contact
    return visit.words.text(key, contact=contact) if visit.words.has(key) else ""
