"""The door before any router or middleware: it takes its own requests and hands everything else on.

It has limits, status and headers of its own: always 200, a content type without charset, bodies up to 10 MB.
Lines and metrics name the action, never a parameter.
"""

from __future__ import annotations

import inspect
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from eztong.domain.errors import TooMany
from eztong.http.exchange import Exchanges
from eztong.http.failures import CLIENT_GONE
from eztong.http.headers import WITHOUT_CAMERA, security_headers
from eztong.http.metrics import OTHER
from eztong.ports.clock import Clock
from eztong.ports.limiter import Limit
from eztong.ports.services import Services
from eztong.tencentcloud.actions.action import Action, Actions
from eztong.tencentcloud.actions.all_actions import ANSWERED, KNOWN, VERSION
from eztong.tencentcloud.transport.accounts import Accounts
from eztong.tencentcloud.transport.call import Answer, Call
from eztong.tencentcloud.transport.check import Checker, SignedCall, language_of
from eztong.tencentcloud.transport.errors import Language, TencentError, translated
from eztong.tencentcloud.transport.params import check_params, read_form
from eztong.tencentcloud.transport.refusals import refusal
from eztong.tencentcloud.transport.request import MOST_QUERY, ClientGone, Head, head_of, read_body, whose
from eztong.tencentcloud.transport.room import Room

_METHODS: Final = frozenset({"GET", "POST"})
_TRACE: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_V1_NAMES: Final = re.compile(rb"(?:^|&)(?:Action|Signature|SecretId)=")
_OK: Final = 200
_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Learnt:
    """What is learnt about a request on the way, for its answer and its log line."""

    request_id: str
    language: Language
    action: str = OTHER


class TencentDoor:
    """Answers calls of API 3.0. ``own_host`` is a host name at which there is nothing else."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        services: Services,
        exchanges: Exchanges,
        own_host: str | None = None,
        signing_clocks: Sequence[Clock] = (),
        actions: Actions = ANSWERED,
        room: Room | None = None,
    ) -> None:
        """Wrap the whole application; without ``signing_clocks`` the service's own judges signatures."""
        self._app = app
        self._services = services
        self._exchanges = exchanges
        self._own_host = own_host
        self._actions = actions
        self._room = room or Room()
        self._limits = {name: Limit(f"tencentcloud.{name}", action.per_second, 1) for name, action in actions.items()}
        aliases = [own_host, urlsplit(services.deployment.public_url).netloc]
        self._checker = Checker(
            Accounts(services),
            clock=services.clock,
            signing_clocks=signing_clocks or (services.clock,),
            aliases=[name for name in aliases if name],
        )
        fixed = security_headers(https=services.deployment.is_secure)
        self._headers = [(b"content-type", b"application/json"), *fixed, WITHOUT_CAMERA]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        match whose(scope, own_host=self._own_host):
            case "door":
                await self._respond(scope, receive, send)
            case "unclear":
                await self._look_inside(scope, receive, send)
            case "house":
                await self._app(scope, receive, send)

    async def _look_inside(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take a form to ``/`` that has fields of version 1; hand any other on with its body."""
        taken: list[Message] = []

        async def take() -> Message:
            taken.append(await receive())
            return taken[-1]

        async def replay() -> Message:
            return taken.pop(0) if taken else await receive()

        try:
            with self._room.share() as share:
                body = await read_body(head_of(scope), take, share=share)
        except ClientGone:
            return
        except (TencentError, TooMany):
            body = b"".join(message.get("body", b"") for message in taken)
        is_ours = not taken or _V1_NAMES.search(body) is not None
        await (self._respond if is_ours else self._app)(scope, replay, send)

    async def _respond(self, scope: Scope, receive: Receive, send: Send) -> None:
        head = head_of(scope)
        exchange = self._exchanges.open_as(head.method, self._new_id())
        learnt = _Learnt(exchange.identifier, language_of(head.header("x-tc-language")))
        try:
            answer = await self._answer(head, receive, learnt)
            body = _envelope(answer, learnt)
        except ClientGone:
            exchange.end(f"/tencentcloud/{learnt.action}", CLIENT_GONE)
            return
        except Exception as error:  # noqa: BLE001 - every failure is answered in the contract's words
            body = _refused(error, learnt)
        await send({"type": "http.response.start", "status": _OK, "headers": self._answer_headers(head, learnt, body)})
        await send({"type": "http.response.body", "body": b"" if head.method == "HEAD" else body})
        exchange.end(f"/tencentcloud/{learnt.action}", _OK)

    async def _answer(self, head: Head, receive: Receive, learnt: _Learnt) -> Answer:
        """Answer a request.

        1. Check the method, then the signature; the body is read once the key that it names is known.
        2. Find the action of this version.
        3. Count it against the account's rate.
        4. Check the parameters, and run the action.
        """
        if head.method not in _METHODS:
            raise refusal("UnsupportedProtocol")
        signed = await self._signed(head, receive, learnt)
        action = self._action(signed, learnt)
        account = signed.account
        self._services.limiter.hit(self._limits[signed.action], account.partner.partner_id)
        call = Call(
            action=signed.action,
            params=check_params(signed.params(action.schema), action.schema),
            account=account,
            language=learnt.language,
            request_id=learnt.request_id,
            now=self._services.clock.now(),
            services=self._services,
        )
        answer = action.handler(call)
        return await answer if inspect.isawaitable(answer) else answer

    async def _signed(self, head: Head, receive: Receive, learnt: _Learnt) -> SignedCall:
        if len(head.query) > MOST_QUERY:
            raise refusal("RequestSizeLimitExceeded")
        with self._room.share() as share:
            if head.is_tc3:
                opened = self._checker.open_tc3(head)
                return self._checker.check_tc3(opened, head, await read_body(head, receive, share=share))
            fields = read_form(await read_body(head, receive, share=share) if head.is_form else head.query_bytes)
            learnt.language = language_of(fields.get("Language", ""))
            return self._checker.check_v1(head, fields)

    def _action(self, signed: SignedCall, learnt: _Learnt) -> Action:
        if signed.version != VERSION:
            raise refusal("NoSuchVersion")
        if signed.action not in KNOWN:
            raise refusal("InvalidAction")
        learnt.action = signed.action
        action = self._actions.get(signed.action)
        if action is None:
            raise refusal("UnsupportedOperation")
        return action

    def _answer_headers(self, head: Head, learnt: _Learnt, body: bytes) -> Sequence[tuple[bytes, bytes]]:
        more = [(b"content-length", str(len(body)).encode()), (b"x-request-id", learnt.request_id.encode())]
        trace = head.header("x-tc-traceid")
        if _TRACE.fullmatch(trace):
            more.append((b"x-tc-traceid", trace.encode()))
        return [*self._headers, *more]

    def _new_id(self) -> str:
        return str(uuid.UUID(bytes=self._services.entropy.token(16), version=4))


def _envelope(answer: Mapping[str, Any], learnt: _Learnt) -> bytes:
    return msgspec.json.encode({"Response": {**answer, "RequestId": learnt.request_id}})


def _refused(error: Exception, learnt: _Learnt) -> bytes:
    found = translated(error)
    if found.code == "InternalError":
        # The message of a foreign exception may hold anything; its type is enough to begin with.
        _log.error("tencentcloud_failed", kind=type(error).__name__, request_id=learnt.request_id)
    else:
        # The status is always 200: without this line nobody could see why an integrator gets no further.
        _log.info("tencentcloud_refused", action=learnt.action, error_code=found.code, request_id=learnt.request_id)
    told = {"Code": found.code, "Message": found.message(learnt.language)}
    return _envelope({"Error": told}, learnt)
