"""Requests of the hotel, and LI's answers to them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from eztong.domain.claims import Claim
from eztong.domain.grants import Grant
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.partner import PartnerState
from eztong.domain.requests.request import (
    Request,
)
from eztong.usecases.codes.conclude_verification import Answered
from eztong.usecases.idempotency import IdempotencyKey
from eztong.usecases.requests.answer_request import AnswerRequest, answer_request
from eztong.usecases.requests.open_request import (
    OpenRequest,
    open_request,
    read_request,
)
from tests.unit.usecases.stage import LI, Stage

WANTS = frozenset({Claim.IS_PERSON, Claim.AGE_OVER_18})
REST = timedelta(days=7)


def asked(stage: Stage, *, days: int = 30, key: IdempotencyKey | None = None) -> OpenRequest:
    return OpenRequest(
        caller=stage.caller(),
        scene="hotel_check_in",
        desk="front-1",
        wants=WANTS,
        grant_days=days,
        reference="order 7",
        idempotency=key,
    )


def ask(stage: Stage, *, days: int = 30) -> Request:
    return stage.act(open_request, asked(stage, days=days))


def now_of(stage: Stage, request: Request) -> Request:
    return stage.act(read_request, request.request_id, caller=stage.caller())


def approving(request: Request, **changed: object) -> AnswerRequest:
    named: dict[str, Any] = dict(changed)
    command = AnswerRequest(
        request=request,
        session_hash=LI.session,
        approve=True,
        allowed=WANTS,
        match_number=request.match_number,
        environment="sandbox",
    )
    return replace(command, **named)


def declining(request: Request) -> AnswerRequest:
    return replace(approving(request), approve=False, allowed=frozenset(), match_number=None)


def answer(stage: Stage, command: AnswerRequest) -> Answered:
    return stage.act(answer_request, command)


def grants(stage: Stage) -> list[Grant]:
    return list(stage.read(lambda stored: stored.grants.of_holder(stage.holder_id())))


def suspend(stage: Stage) -> None:
    stage.write(lambda uow: uow.partners.set_state(PartnerId("hotel"), PartnerState.SUSPENDED))
