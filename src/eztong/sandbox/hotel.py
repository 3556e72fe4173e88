"""``/sandbox/hotel``: a hotel's check-in that verifies guests through ``/v1``, by their code or on their phone."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from starlette.responses import Response

from eztong.gm.sm3 import sm3
from eztong.sandbox.exchange_view import document_of
from eztong.sandbox.site import (
    KEY_BYTES,
    Site,
    claims_of,
    open_request,
    problem_key,
    read_asked,
    request_path,
    waiting_page,
    wire,
)
from eztong.sandbox.visit import HOTEL, Visit

SITE: Final = Site(
    partner="hotel",
    path=HOTEL,
    scene="hotel_check_in",
    wants=("is_person", "masked_name", "age_over_18"),
    # For this stay: a code shown at the counter tells the same again tomorrow, until the guest withdraws.
    grant_days=1,
    desk="front-1",
    reference="booking-0115",
)


def show(visit: Visit) -> Response:
    """Show the booking and the two ways to check the guest."""
    return _counter(visit)


def check_code(visit: Visit) -> Response:
    """Verify the code that the guest shows. The page may be sent again: the key makes the answer the same."""
    code = visit.form.get("code", "").strip()
    once = visit.form.get("once", "")
    body = {"code": code, "scene": SITE.scene, "desk": SITE.desk, "wants": list(SITE.wants)}
    key = sm3(f"{once}\x00{code}".encode()).hex()[: 2 * KEY_BYTES]
    exchange = visit.door.api.post(SITE.partner, "/v1/verifications", body, idempotency_key=key)
    calls = wire(visit, exchange)
    if exchange.status != HTTPStatus.OK:
        return _counter(visit, calls=calls, problem=problem_key(exchange))
    verification = document_of(exchange)
    return visit.page("hotel_result.html", calls=calls, **_told(str(verification["outcome"]), verification))


def ask(visit: Visit) -> Response:
    """Open a request for the guest's phone."""
    opened = open_request(visit, SITE)
    path = request_path(SITE, opened)
    if path is None:
        return _counter(visit, calls=wire(visit, opened), problem=problem_key(opened))
    return visit.redirect(path)


def show_request(visit: Visit) -> Response:
    """Show QR, link and match number until the guest has answered, then the answer."""
    asked = read_asked(visit, SITE)
    if not asked.is_final:
        return waiting_page(visit, SITE, asked, name="hotel")
    calls = wire(visit, asked.exchange)
    return visit.page("hotel_result.html", calls=calls, **_told(asked.outcome, asked.verification))


def _counter(visit: Visit, *, calls: list[object] | None = None, problem: str | None = None) -> Response:
    once = visit.services.entropy.token(KEY_BYTES).hex()
    return visit.form_page("hotel.html", once=once, calls=calls or [], problem=problem, reference=SITE.reference)


def _told(outcome: str, verification: Mapping[str, Any] | None) -> dict[str, Any]:
    claims = claims_of(verification)
    return {
        "outcome": outcome,
        "name": claims.get("masked_name"),
        "adult": claims.get("age_over_18"),
        "number": (verification or {}).get("id"),
        "since": ((verification or {}).get("result") or {}).get("unconfirmed_since"),
    }
