"""The sandbox's message inbox: what would have gone to phones. It does not exist in live mode.

Scripts get the same as JSON (``Accept: application/json`` or ``?format=json``). Clearing takes no form token, so that
scripts can; a browser that another site drives says so in ``Sec-Fetch-Site`` and is refused.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from eztong.domain.canonical_json import render_time
from eztong.domain.errors import NotPermitted
from eztong.gm.errors import GmError
from eztong.http.cookies import ELDER_COOKIE, LANGUAGE_COOKIE, Cookies
from eztong.http.correlation import request_id
from eztong.http.problems import problem_of
from eztong.http.static import Assets
from eztong.http.templates import make_environment
from eztong.i18n.choice import choose_language
from eztong.i18n.moments import clock_words, date_words, moment_words
from eztong.i18n.translator import Translator
from eztong.ports.services import Services

PATH: Final = "/sandbox/inbox"
LIMIT: Final = 50
_TEMPLATES: Final = Path(__file__).parent / "templates"
_OWN_SITES: Final = frozenset({"same-origin", "none"})


def routes(services: Services) -> list[Route]:
    """Return the inbox's routes.

    Raises:
        NotPermitted: the deployment is live.
    """
    if not services.deployment.is_sandbox:
        raise NotPermitted("The inbox shows message codes: it exists in the sandbox only.")
    inbox = _Inbox(services)
    return [Route(PATH, inbox.show), Route(f"{PATH}/clear", inbox.clear, methods=["POST"])]


class _Inbox:
    """The two pages over one set of services."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._cookies = Cookies(services.deployment.is_secure)
        self._templates: Environment = make_environment(_TEMPLATES, assets=Assets())

    def show(self, request: Request) -> Response:
        """Show the newest messages first."""
        messages = self._messages()
        if _wants_json(request):
            return JSONResponse([_plain(message) for message in messages])
        return self._page(request, messages)

    def clear(self, request: Request) -> Response:
        """Throw the messages away."""
        if request.headers.get("sec-fetch-site", "none") not in _OWN_SITES:
            problem = problem_of(NotPermitted("Clear the inbox from its own page."))
            return Response(
                problem.body(request_id=request_id(request.scope)), problem.status, headers=problem.headers()
            )
        self._services.store.write(lambda uow: uow.inbox.clear())
        return JSONResponse([]) if _wants_json(request) else RedirectResponse(PATH, 303)

    def _messages(self) -> list[dict[str, Any]]:
        with self._services.store.read() as stored:
            newest = stored.inbox.newest(limit=LIMIT)
        opened = (self._open(message_id, sealed, at) for message_id, sealed, at in newest)
        return [message for message in opened if message is not None]

    def _open(self, message_id: str, sealed: bytes, at: datetime) -> dict[str, Any] | None:
        try:
            fields = json.loads(self._services.keys.open(sealed, place=("inbox", message_id, "sealed")))
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

    def _page(self, request: Request, messages: list[dict[str, Any]]) -> Response:
        query, cookies = request.query_params, request.cookies
        words = Translator(
            choose_language(request.headers.get("accept-language"), cookies.get(LANGUAGE_COOKIE), query.get("lang"))
        )
        elder = query.get("elder", cookies.get(ELDER_COOKIE)) == "1"
        now, deployment = self._services.clock.now(), self._services.deployment
        shown = [message | {"when": moment_words(message["at"], now=now, words=words)} for message in messages]
        html = self._templates.get_template("inbox.html").render(
            t=words.text,
            language=words.language,
            elder=elder,
            here=PATH,
            tab=None,
            sandbox_date=f"{date_words(now, words=words)} {clock_words(now)[:5]}",
            operator_name=deployment.operator_name,
            operator_contact=deployment.operator_contact,
            messages=shown,
        )
        response = HTMLResponse(html)
        self._cookies.keep_choices(request, response, language=words.language, elder=elder)
        return response


def _wants_json(request: Request) -> bool:
    accept = request.headers.get("accept", "")
    return request.query_params.get("format") == "json" or accept.startswith("application/json")


def _plain(message: dict[str, Any]) -> dict[str, Any]:
    plain = {name: value for name, value in message.items() if value is not None}
    return plain | {"at": render_time(message["at"])}
