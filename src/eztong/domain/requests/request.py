"""Requests: a partner-started flow that waits for the holder. ``init -> doing -> finished | timeout``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from eztong.domain.claims import Claim
from eztong.domain.errors import RequestFinished, StateConflict
from eztong.domain.identifiers import HolderId, PartnerId, RequestId, VerificationId

REQUEST_LIFE = timedelta(seconds=600)
MAX_GRANT_DAYS = 180
MATCH_NUMBER_WRONG: Final = "match_number_wrong"
"""Why a request ended as declined, for the holder alone: the number picked was not the partner's."""


class RequestState(StrEnum):
    """Where the flow stands; the last two are final."""

    INIT = "init"
    DOING = "doing"
    FINISHED = "finished"
    TIMEOUT = "timeout"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a partner asks, of whom it does not know, until when."""

    request_id: RequestId
    partner_id: PartnerId
    scene: str
    desk: str | None
    claims: frozenset[Claim]
    grant_days: int
    match_number: int
    state: RequestState
    created_at: datetime
    expires_at: datetime
    reference: str | None = None
    holder_id: HolderId | None = None
    verification_id: VerificationId | None = None

    def as_of(self, now: datetime) -> Request:
        """Return the request with its state as time has made it."""
        open_still = self.state in (RequestState.INIT, RequestState.DOING)
        return replace(self, state=RequestState.TIMEOUT) if open_still and now >= self.expires_at else self

    def opened(self, *, now: datetime) -> Request:
        """Return the request after the holder opened it; opening again changes nothing.

        Raises:
            RequestFinished: it has an answer, or its time is over.
        """
        self.check_open(now=now)
        return replace(self, state=RequestState.DOING)

    def finished(self, *, now: datetime, holder_id: HolderId | None, verification_id: VerificationId) -> Request:
        """Return the request with its answer.

        Raises:
            RequestFinished: it has an answer, or its time is over.
        """
        self.check_open(now=now)
        return replace(self, state=RequestState.FINISHED, holder_id=holder_id, verification_id=verification_id)

    def check_open(self, *, now: datetime) -> None:
        """Refuse a request that can no longer be answered.

        Raises:
            RequestFinished: it has an answer, or its time is over.
        """
        if self.as_of(now).state in (RequestState.FINISHED, RequestState.TIMEOUT):
            raise RequestFinished


class RequestExpired(RequestFinished):
    """The request's time ran out without an answer."""

    code = "request_expired"
    advice = "Ask the partner to open a new request."


class AskerNotApproved(RequestFinished):
    """The partner that asks is suspended or closed: it gets no answer."""

    code = "asker_not_approved"
    advice = "Nothing was told. Ask the partner how to go on."


class PartnerSwitchedOff(StateConflict):
    """The holder switched this partner off."""

    code = "partner_switched_off"
    advice = "Switch the partner on again on the page of permissions, or decline."
