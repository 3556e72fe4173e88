"""``/v1/status``: what is out of order, announced and over, for programs; no key is needed (clauses 2.12, 4.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from fastapi import APIRouter, Request, Response

from eztong.domain.canonical_json import render_time
from eztong.domain.incidents.incident import Bilingual, Incident, Phase
from eztong.partner_api import schemas
from eztong.partner_api.context import services_of
from eztong.ports.incident_board import Board
from eztong.ports.services import Services

router = APIRouter(tags=["Status"])


@router.get("/v1/status", summary="Read what is out of order or announced", response_model=schemas.ServiceStatus)
def status(request: Request) -> Response:
    """Tell what is open, announced and over, newest first. The same stands in words at `/status`.

    While something is open every answer under `/v1/` has the header `X-Eztong-Notice`, a list (RFC 9651) of incident
    ids with their kind. An outage never makes a result: what cannot be decided is answered as a problem with status
    503, never as `not_passed`.
    """
    return Response(render_status(services_of(request)), headers={"content-type": "application/json"})


def render_status(services: Services) -> bytes:
    """Return the document."""
    now, board = services.clock.now(), services.incidents.look()
    every = [*board.running, *board.past]
    current = _described(every, {Phase.OPEN}, board, now)
    document = {
        "at": render_time(now),
        "state": "incident" if current else "ok",
        "current": current,
        "announced": _described(every, {Phase.ANNOUNCED}, board, now),
        "past": _described(every, {Phase.ENDED, Phase.CALLED_OFF}, board, now),
    }
    return msgspec.json.encode(document)


def _described(every: Sequence[Incident], phases: set[Phase], board: Board, now: datetime) -> list[dict[str, Any]]:
    return [_incident(one, board, now) for one in every if one.phase(now) in phases]


def _incident(incident: Incident, board: Board, now: datetime) -> dict[str, Any]:
    return {
        "id": incident.incident_id,
        "kind": incident.kind.value,
        "phase": incident.phase(now).value,
        "affects": [one.value for one in incident.affects],
        "refuses": [one.value for one in incident.refuses],
        "starts_at": render_time(incident.starts_at),
        "until": _time(incident.until),
        "ended_at": _time(incident.end(now)),
        "effect": _texts(incident.effect),
        "workaround": _texts(incident.workaround),
        "updates": [
            {"at": render_time(one.at), "step": one.step.value, "text": _texts(one.words)}
            for one in board.updates.get(incident.incident_id, ())
        ],
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else render_time(moment)


def _texts(words: Bilingual | None) -> dict[str, str] | None:
    return None if words is None else {"zh-CN": words.zh, "en": words.en}
