"""``/v1/events`` and ``/v1/erasure-requests``: that a partner code ended, and what became of its data (2.13)."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Path, Query, Request, Response

from eztong.domain.deregistration.partner_event import ErasureReply, EventId, PartnerEvent
from eztong.domain.partners.partner import Scope
from eztong.domain.working_days import WorkCalendar
from eztong.http.committing import commit
from eztong.http.limits import REQUESTS, own_limit
from eztong.partner_api import schemas
from eztong.partner_api.answers import JSON_HEADERS
from eztong.partner_api.context import (
    IDEMPOTENCY_HEADER,
    ReadingCaller,
    authenticate,
    authorization_of,
    client_of,
    idempotency_of,
    services_of,
)
from eztong.partner_api.problem_responses import json_body, problems
from eztong.partner_api.verifications import MAX_PAGE, PAGE
from eztong.ports.act import PARTNER
from eztong.usecases.deregistration.answer_erasure import AnswerErasure, answer_erasure
from eztong.usecases.deregistration.read_partner_events import EventPage, read_partner_events

router = APIRouter(tags=["Events"])
EVENT_PATTERN = r"^evt_[0-9A-HJKMNP-TV-Z]{26}$"
ERASURE_PATTERN = r"^era_[0-9A-HJKMNP-TV-Z]{26}$"


@router.get(
    "/v1/events",
    summary="Read what happened to your partner codes",
    response_model=schemas.PartnerEventPage,
    responses=problems(401, 403, 410, 422, 429, 503),
)
def list_events(
    request: Request,
    caller: ReadingCaller,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = PAGE,
    after: Annotated[str | None, Query(pattern=EVENT_PATTERN, description="`next_after` of your last call")] = None,
) -> Response:
    """Read the events behind `after`, oldest first; without it, all that are kept. Ask once an hour.

    A partner code that ended is refused at once; you hear why within 24 hours, at a moment of your own. Handle an event
    that you have seen as the same event: after a restore of the service you may be told of a code again. Events are
    kept for 90 days; an `after` that is no longer kept is answered 410, and you read again without it.
    """
    services = services_of(request)
    with services.store.read() as stored:
        page = read_partner_events(
            caller.partner.partner_id,
            after=None if after is None else EventId(after),
            limit=limit,
            stored=stored,
            now=services.clock.now(),
        )
    return Response(render_events(page, calendar=services.deployment.calendar), headers=JSON_HEADERS)


@router.post(
    "/v1/erasure-requests/{erasure_id}/answer",
    summary="Answer an erasure request",
    response_model=None,
    openapi_extra=json_body(schemas.ErasureAnswerBody),
    responses={
        200: {"model": schemas.ErasureRequest, "description": "Your answer, as the holder can read it."},
        **problems(401, 403, 404, 409, 413, 422, 429, 503),
    },
)
async def answer_request(
    request: Request,
    erasure_id: Annotated[str, Path(pattern=ERASURE_PATTERN, examples=["era_01KF0000000000000000000000"])],
) -> Response:
    """Say that you erased what you had about the partner code, or which law obliges you to keep it until when.

    The first answer stands; the same answer again is answered alike. The holder can read it, with your name. It takes a
    key with the scope `erasures:write`.
    """
    services = services_of(request)
    caller = authenticate(authorization_of(request), client=client_of(request), services=services)
    caller.require(Scope.ERASURE)
    services.limiter.hit(own_limit(REQUESTS, caller.partner), caller.partner.partner_id)
    raw = await request.body()
    body = schemas.ErasureAnswerBody.model_validate_json(raw)
    command = AnswerErasure(
        caller=caller,
        erasure_id=erasure_id,
        answer=ErasureReply(answer=body.answer, law=body.law, until=body.until),
        idempotency=idempotency_of(
            request.headers.get(IDEMPOTENCY_HEADER),
            body=erasure_id.encode() + b"\x00" + raw,
            operation="erasures.answer",
            keys=services.keys,
        ),
    )
    answered = (await commit(services.store, services.job(PARTNER, answer_erasure, command))).value
    rendered = _erasure(answered, calendar=services.deployment.calendar)
    return Response(msgspec.json.encode(rendered), headers=JSON_HEADERS)


def render_events(page: EventPage, *, calendar: WorkCalendar) -> bytes:
    """Return the JSON of a page of events."""
    return msgspec.json.encode(
        {
            "data": [_event(event, calendar=calendar) for event in page.events],
            "next_after": page.next_after,
            "has_more": page.has_more,
        }
    )


def _event(event: PartnerEvent, *, calendar: WorkCalendar) -> dict[str, Any]:
    return {
        "id": event.event_id,
        "type": event.kind.value,
        "day": event.day,
        "partner_code": event.partner_code,
        "erasure_request": _erasure(event, calendar=calendar),
    }


def _erasure(event: PartnerEvent, *, calendar: WorkCalendar) -> dict[str, Any]:
    answered = event.answered
    return {
        "id": event.erasure_id,
        "answer_by": event.answer_by(calendar),
        "answer": None if answered is None else answered.answer.value,
        "law": None if answered is None else answered.law,
        "until": None if answered is None else answered.until,
    }
