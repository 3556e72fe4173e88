"""What the two demo partner sites share: a request that is opened, shown and asked about through ``/v1``."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from starlette.responses import Response

from eztong.domain.errors import NotFound
from eztong.ports.sandbox import PartnerCall
from eztong.sandbox.exchange_view import curl_of, document_of, shown_exchange
from eztong.sandbox.visit import Visit

ID: Final = re.compile(r"req_[0-9A-HJKMNP-TV-Z]{26}")
KEY_BYTES: Final = 16
_FINAL: Final = frozenset({"finished", "timeout"})
PROBLEMS: Final = frozenset(
    {
        "code_malformed",
        "code_check_digit",
        "code_forged",
        "code_unknown",
        "code_expired",
        "code_already_used",
        "desk_locked",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A demo partner's site."""

    partner: str
    path: str
    scene: str
    wants: tuple[str, ...]
    grant_days: int = 0
    desk: str | None = None
    reference: str | None = None

    def body(self) -> dict[str, object]:
        """Return what a request for this site's purpose looks like."""
        body: dict[str, object] = {"scene": self.scene, "wants": list(self.wants), "grant_days": self.grant_days}
        return body | {k: v for k, v in (("desk", self.desk), ("reference", self.reference)) if v is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRequest:
    """A request as the site knows it."""

    exchange: PartnerCall
    state: str
    is_final: bool
    url: str
    match_number: str
    qr: str
    verification: Mapping[str, Any] | None

    @property
    def outcome(self) -> str:
        """The outcome in one word; nobody's answer in time is ``expired``."""
        if self.verification is None:
            return "expired"
        return str(self.verification["outcome"])

    @property
    def claims(self) -> Mapping[str, Any]:
        """What was told."""
        return claims_of(self.verification)


def open_request(visit: Visit, site: Site) -> PartnerCall:
    """Open a request as the site's partner."""
    key = visit.services.entropy.token(KEY_BYTES).hex()
    return visit.door.api.post(site.partner, "/v1/requests", site.body(), idempotency_key=key)


def opening_call(visit: Visit, site: Site) -> str:
    """Return the call that opens such a request, as a command; its Idempotency-Key is the partner's own affair."""
    call = PartnerCall(
        method="POST",
        path="/v1/requests",
        sent=json.dumps(site.body(), ensure_ascii=False),
        idempotency_key=None,
        status=HTTPStatus.CREATED,
        received="",
    )
    return curl_of(call, base_url=visit.services.deployment.public_url)


def read_asked(visit: Visit, site: Site) -> SiteRequest:
    """Ask how the request of the page's address stands.

    Raises:
        NotFound: the address names no request of this site.
    """
    request_id = visit.request.path_params["request_id"]
    if not ID.fullmatch(request_id):
        raise NotFound
    exchange = visit.door.api.get(site.partner, f"/v1/requests/{request_id}")
    answer = document_of(exchange)
    if exchange.status != HTTPStatus.OK or "state" not in answer:
        raise NotFound
    return SiteRequest(
        exchange=exchange,
        state=str(answer["state"]),
        is_final=answer["state"] in _FINAL,
        url=str(answer["url"]),
        match_number=f"{int(answer['match_number']):02d}",
        qr="data:image/svg+xml;base64," + base64.b64encode(str(answer["qr_svg"]).encode()).decode(),
        verification=answer.get("verification"),
    )


def waiting_page(visit: Visit, site: Site, asked: SiteRequest, *, name: str) -> Response:
    """Show QR, link and match number until somebody has answered; ``name`` is the site's in keys of sentences."""
    return visit.page(
        "site_waiting.html",
        asked=asked,
        calls=wire(visit, asked.exchange),
        site=name,
        opened_with=opening_call(visit, site),
    )


def request_path(site: Site, opened: PartnerCall) -> str | None:
    """Return the page of a request that was just opened, or None if it was refused."""
    request_id = str(document_of(opened).get("id", ""))
    is_open = opened.status == HTTPStatus.CREATED and ID.fullmatch(request_id)
    return f"{site.path}/requests/{request_id}" if is_open else None


def claims_of(verification: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Return the claims of a verification's result."""
    found = ((verification or {}).get("result") or {}).get("claims")
    return found if isinstance(found, Mapping) else {}


def problem_key(exchange: PartnerCall) -> str:
    """Return the key of the words for a refused call."""
    code = document_of(exchange).get("code")
    return f"site.problem_{code if code in PROBLEMS else 'other'}"


def wire(visit: Visit, *exchanges: PartnerCall) -> list[object]:
    """Write exchanges out for the column that shows them."""
    base_url = visit.services.deployment.public_url
    return [shown_exchange(exchange, base_url=base_url) for exchange in exchanges]
