"""The repository of eid flows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from eztong.domain.eid.eid_flow import EidFlow
from eztong.domain.identifiers import PartnerId, RequestId
from eztong.domain.requests.request import RequestState


class FlowStanding(NamedTuple):
    """What polling needs, and no more."""

    state: RequestState
    created_at: datetime
    expires_at: datetime


class EidFlowRepository(Protocol):
    """Flows of the Tencent Cloud door, each beside its request."""

    def add(self, flow: EidFlow) -> None:
        """Store a new flow."""
        ...

    def get(self, partner_id: PartnerId, eid_token: str) -> EidFlow | None:
        """Return a flow of this partner."""
        ...

    def standing(self, partner_id: PartnerId, eid_token: str) -> FlowStanding | None:
        """Return where the flow stands by one indexed read; the state is as stored."""
        ...

    def of_request(self, request_id: RequestId) -> EidFlow | None:
        """Return the flow of a request, or None for a request of another door."""
        ...

    def find(self, eid_token: str) -> EidFlow | None:
        """Return a flow of whatever partner; for the sandbox's test helpers only."""
        ...

    def save(self, flow: EidFlow) -> None:
        """Store the flow's tries and ending."""
        ...

    def opened_between(
        self,
        partner_id: PartnerId,
        *,
        since: datetime,
        until: datetime,
        merchant_id: str | None,
        skip: int,
        limit: int,
    ) -> Sequence[EidFlow]:
        """Return flows opened in a span of time, of one merchant or of all, in order, after the first ``skip``."""
        ...
