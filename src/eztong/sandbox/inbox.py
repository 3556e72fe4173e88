"""The sandbox's message inbox: what would have gone to phones. It does not exist in live mode.

Scripts get the same as JSON (``Accept: application/json`` or ``?format=json``). Clearing takes no form token, so that
scripts can; a browser that another site drives says so in ``Sec-Fetch-Site`` and is refused.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from eztong.domain.canonical_json import render_time
from eztong.domain.errors import NotPermitted
from eztong.gm.errors import GmError
from eztong.http.correlation import request_id
from eztong.http.problems import problem_of
from eztong.i18n.moments import moment_words
from eztong.ports.act import HOLDER, Act
from eztong.ports.services import Services
from eztong.sandbox.visit import INBOX, Visit

PATH: Final = INBOX
LIMIT: Final = 50
_OWN_SITES: Final = frozenset({"same-origin", "none"})


def show(visit: Visit) -> Response:
    """Show the newest messages first; ``phone`` keeps those to numbers that contain these digits."""
    messages = _messages(visit.services)
    if _wants_json(visit.request):
        return JSONResponse([_plain(message) for message in messages])
    phone = "".join(char for char in visit.request.query_params.get("phone", "") if char.isdecimal())
    shown = [
        message | {"when": moment_words(message["at"], now=visit.now, words=visit.words)}
        for message in messages
        if phone in message["phone"]
    ]
    return visit.page("inbox.html", messages=shown, phone=phone, all_messages=len(messages))


class Clearing:
    """Throws the messages away."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def clear(self, request: Request) -> Response:
        """Empty the inbox, unless another site makes the browser ask."""
        if request.headers.get("sec-fetch-site", "none") not in _OWN_SITES:
            problem = problem_of(NotPermitted("Clear the inbox from its own page."))
            return Response(
                problem.body(request_id=request_id(request.scope)), problem.status, headers=problem.headers()
            )
        self._services.perform(HOLDER, _clear)
        return JSONResponse([]) if _wants_json(request) else RedirectResponse(PATH, 303)


def _clear(act: Act) -> None:
    act.uow.inbox.clear()


def _messages(services: Services) -> list[dict[str, Any]]:
    with services.store.read() as stored:
        newest = stored.inbox.newest(limit=LIMIT)
    opened = (_open(services, message_id, sealed, at) for message_id, sealed, at in newest)
    return [message for message in opened if message is not None]


def _open(services: Services, message_id: str, sealed: bytes, at: datetime) -> dict[str, Any] | None:
    try:
        fields = json.loads(services.keys.open(sealed, place=("inbox", message_id, "sealed")))
    except GmError:
        # Sealed under a key that is gone: an old message nobody needs; the others are still to be shown.
        return None
    return {
        "message_id": message_id,
        "phone": fields["phone"],
        "text": fields["text"],
        "topic": fields["topic"],
        "otp": fields.get("otp"),
        "at": at,
    }


def _wants_json(request: Request) -> bool:
    accept = request.headers.get("accept", "")
    return request.query_params.get("format") == "json" or accept.startswith("application/json")


def _plain(message: dict[str, Any]) -> dict[str, Any]:
    plain = {name: value for name, value in message.items() if value is not None}
    return plain | {"at": render_time(message["at"])}
