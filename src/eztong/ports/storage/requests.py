"""The port of partner-started requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from eztong.domain.identifiers import HolderId, PartnerId, RequestId
from eztong.domain.requests.cool_down import EarlierAnswer
from eztong.domain.requests.request import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A request that its holder refused before. ``declines_at`` is empty once the holder took it up after all."""

    partner_id: PartnerId
    request_id: RequestId
    holder_id: HolderId
    declines_at: datetime | None


class RequestRepository(Protocol):
    """Partner-started requests."""

    def add(self, request: Request, *, token_hash: bytes) -> None:
        """Store a new request under the keyed hash of its link's token."""
        ...

    def get(self, partner_id: PartnerId, request_id: RequestId) -> Request | None:
        """Return a request of this partner."""
        ...

    def by_token(self, token_hash: bytes) -> Request | None:
        """Return the request behind a link."""
        ...

    def find(self, request_id: RequestId) -> Request | None:
        """Return a request of whatever partner; for the sandbox's test helpers only."""
        ...

    def list(self, partner_id: PartnerId, *, before: str | None, limit: int) -> Sequence[Request]:
        """Return the partner's requests, newest first, below the id ``before``."""
        ...

    def advance(self, request: Request, *, expected: Sequence[str]) -> bool:
        """Store the request's new state if its stored state is one of ``expected``; return whether it was."""
        ...

    def count_open(self, partner_id: PartnerId, *, now: datetime) -> int:
        """Return how many requests of the partner wait for a holder."""
        ...

    def end_of_partner(self, partner_id: PartnerId, *, now: datetime) -> int:
        """Let the time of every request of the partner be over that waits for a holder; return how many."""
        ...

    def answers(
        self, holder_id: HolderId, partner_id: PartnerId, scene: str, *, since: datetime
    ) -> Sequence[EarlierAnswer]:
        """Return how the account answered the partner's requests in the scene since ``since``, newest first."""
        ...

    def set_aside(self, aside: SetAside) -> bool:
        """Set an open request aside by one conditional UPDATE, unless it was before; return whether this call did."""
        ...

    def set_aside_of(self, request_id: RequestId) -> SetAside | None:
        """Return for whom the request was set aside."""
        ...

    def take_up(self, request_id: RequestId, holder_id: HolderId) -> bool:
        """Take up an open request that waits to be declined for this account; return whether this call did it."""
        ...

    def begin_declining(self, aside: SetAside, *, now: datetime) -> bool:
        """Claim a due request by one conditional UPDATE; return whether this call did it."""
        ...
