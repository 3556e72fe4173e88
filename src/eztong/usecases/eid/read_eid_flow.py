"""Read an eid flow: where it stands, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from eztong.domain.canonical_json import parse_document
from eztong.domain.eid.eid_flow import (
    RESULT_LIFE,
    EidCode,
    EidFlow,
    EidTokenExpired,
    EidTokenUnknown,
    FlowSettings,
    converged_code,
)
from eztong.domain.identifiers import PartnerId
from eztong.domain.identity.citizen_number import DocumentType
from eztong.domain.requests.request import Request, RequestState
from eztong.ports.keys import Keys
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.eid.open_eid_flow import open_confirmations, open_settings

_OPEN = (RequestState.INIT, RequestState.DOING)


@dataclass(frozen=True, slots=True, kw_only=True)
class EidResult:
    """All that the merchant may know of a flow.

    ``partner_code`` is empty unless it passed; ``confirmations`` are empty unless an intention was confirmed;
    ``document_type`` is there where the identity was released.
    """

    flow: EidFlow
    request: Request
    settings: FlowSettings
    code: EidCode
    partner_code: str
    confirmations: tuple[str, ...] = ()
    document_type: DocumentType | None = None

    @property
    def is_finished(self) -> bool:
        """Say whether the holder's answer is there."""
        return self.request.state is RequestState.FINISHED


def read_eid_status(eid_token: str, *, partner_id: PartnerId, stored: Repositories, now: datetime) -> RequestState:
    """Return the state as of ``now``, by one indexed read.

    Raises:
        EidTokenUnknown: none, or another account's.
        EidTokenExpired: older than three days.
    """
    standing = stored.eid_flows.standing(partner_id, eid_token)
    if standing is None:
        raise EidTokenUnknown
    if now >= standing.created_at + RESULT_LIFE:
        raise EidTokenExpired
    if standing.state in _OPEN and now >= standing.expires_at:
        return RequestState.TIMEOUT
    return standing.state


def read_eid_result(
    eid_token: str, *, partner_id: PartnerId, stored: Repositories, keys: Keys, now: datetime
) -> EidResult:
    """Return the flow with its ending; reading again gives the same for three days.

    Raises:
        EidTokenUnknown: none, or another account's.
        EidTokenExpired: older than three days.
    """
    flow = stored.eid_flows.get(partner_id, eid_token)
    request = None if flow is None else stored.requests.get(partner_id, flow.request_id)
    if flow is None or request is None:
        raise EidTokenUnknown
    if flow.is_over(now):
        raise EidTokenExpired
    return EidResult(
        flow=flow,
        request=request.as_of(now),
        settings=open_settings(flow, keys=keys),
        code=converged_code(flow, request, now=now),
        partner_code=_partner_code(request, stored=stored),
        confirmations=() if flow.ending is None else open_confirmations(flow.eid_token, flow.ending, keys=keys),
        document_type=_document_type(flow, request, stored=stored),
    )


def _document_type(flow: EidFlow, request: Request, *, stored: Repositories) -> DocumentType | None:
    if flow.ending is None or not flow.ending.user_info or request.holder_id is None:
        return None
    holder = stored.holders.get(request.holder_id)
    return None if holder is None else holder.document_type


def _partner_code(request: Request, *, stored: Repositories) -> str:
    if request.verification_id is None:
        return ""
    verification = stored.verifications.get(request.partner_id, request.verification_id)
    if verification is None or verification.result is None:
        return ""
    return str(parse_document(verification.result).get("partner_code", ""))
