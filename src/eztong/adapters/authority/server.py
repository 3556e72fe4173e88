"""The sandbox authority as a server of its own (``eztong authority serve``).

``POST /v1/match`` takes a signed question and gives a signed answer, and so do ``/v1/status`` and ``/v1/revoke`` about
a registration and ``/v1/relation`` about a guardian and a ward; ``GET /keys`` shows the public keys to pin; ``GET
/healthz`` says whether it works, under its signature where a challenge is given; every signed message says that this is
a sandbox; ``/sandbox/fault`` tells (GET) and switches (POST) faults. Requests that are not answered get a problem
document (RFC 9457) whose ``code`` is a
:class:`~eztong.adapters.authority.protocol.AuthorityRefusal` or one of :data:`PROBLEMS`. Logs say what happened to a
message id and nothing about a person.

Who can reach it can switch faults: let it listen where only the sandbox's service can reach it.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import structlog
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from eztong.adapters.authority.envelope import MAX_ENVELOPE_BYTES, MAX_TEXT, key_id_of, read_text
from eztong.adapters.authority.environment import AuthorityEnvironment
from eztong.adapters.authority.health import CHALLENGE, PATH, STATUS_OK, render_health
from eztong.adapters.authority.protocol import AuthorityKeys, AuthorityRefusal, QuestionRefused, ReplayMemory, Signer
from eztong.adapters.authority.registration_wire import (
    RegistrationAct,
    open_registration_question,
    render_registration_answer,
)
from eztong.adapters.authority.registry import Delivery, Fault, SandboxRegistry
from eztong.adapters.authority.relation_wire import PATH as RELATION_PATH
from eztong.adapters.authority.relation_wire import open_relation_question, render_relation_answer
from eztong.adapters.authority.wire import AuthorityQuestion, open_question, render_answer
from eztong.domain.canonical_json import DocumentMalformed, parse_document
from eztong.domain.identity.age import service_date
from eztong.domain.identity.citizen_number import NumberInvalid, parse_number_of_any_kind
from eztong.domain.identity.real_name import NameInvalid, parse_real_name
from eztong.gm.sm2 import PublicKey
from eztong.ports.keys import KeySignature

MAX_HANG_SECONDS: Final = 10.0
"""How long a time-out fault holds a request at most; it ends earlier when the client goes away."""

PROBLEMS: Final[Mapping[str, tuple[int, str]]] = {
    AuthorityRefusal.MALFORMED: (400, "The message is not what the protocol describes."),
    AuthorityRefusal.VERSION_UNSUPPORTED: (400, "This version of the protocol is not spoken here."),
    AuthorityRefusal.SENDER_UNKNOWN: (401, "The signing key is not registered; register the client's public key."),
    AuthorityRefusal.SIGNATURE_INVALID: (401, "The signature does not hold."),
    AuthorityRefusal.OUT_OF_TIME: (403, "The message is older or newer than five minutes; check the clocks."),
    AuthorityRefusal.REPLAYED: (409, "The message was answered before; every try needs a message id of its own."),
    AuthorityRefusal.SUBJECT_UNREADABLE: (422, "The subject was not encrypted to this authority's key."),
    "number_invalid": (422, "The number is not one of the stated document type."),
    "name_invalid": (422, "The name is not one that can be looked up."),
    "fault_unknown": (422, "Send one of the known faults."),
    "too_large": (413, "No message of this protocol is that long."),
    "down": (503, "The authority is out of order."),
    "timed_out": (504, "The authority did not answer in time."),
}
"""Code to HTTP status and what to do."""

_log = structlog.get_logger(__name__)


class _Problem(Exception):
    """A request that gets a problem document."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class _Server:
    """The endpoints, over one register."""

    registry: SandboxRegistry
    keys: AuthorityKeys
    clients: Mapping[str, PublicKey]
    memory: ReplayMemory
    hang_seconds: float

    async def match(self, request: Request) -> Response:
        text = await _read_body(request)
        question = open_question(text, clients=self.clients, keys=self.keys, memory=self.memory, now=None)
        delivery = self._ask(question)
        _log.info("sandbox_authority_asked", message_id=question.message_id, fault=delivery.fault.value)
        if delivery.fault is Fault.TIMEOUT:
            await _hang(request, self.hang_seconds)
        return self._respond(delivery, question)

    def _ask(self, question: AuthorityQuestion) -> Delivery:
        today = service_date(question.sent_at)
        try:
            number = parse_number_of_any_kind(question.number, today=today)
            name = parse_real_name(question.name)
        except NumberInvalid:
            raise _Problem("number_invalid") from None
        except NameInvalid:
            raise _Problem("name_invalid") from None
        if number.document_type != question.document_type:
            raise _Problem("number_invalid")
        return self.registry.ask(name=name, number=number, reference=question.reference, today=today)

    def _respond(self, delivery: Delivery, question: AuthorityQuestion) -> Response:
        if delivery.answer is None:
            raise _Problem("timed_out" if delivery.fault is Fault.TIMEOUT else "down")
        body = render_answer(
            delivery.answer,
            in_reply_to=question.message_id,
            answered_at=question.sent_at,
            environment=AuthorityEnvironment.SANDBOX,
            sign=self._sign_wrongly if delivery.fault is Fault.GARBLED else self.keys.sign,
        )
        return Response(body, media_type="application/json")

    async def about_registration(self, request: Request) -> Response:
        """Tell how a registration stands, or end it, as the address and the signed message both say."""
        text = await _read_body(request)
        question = open_registration_question(text, clients=self.clients, keys=self.keys, memory=self.memory, now=None)
        if not request.url.path.endswith(f"/{question.act.value}"):
            raise _Problem(AuthorityRefusal.MALFORMED)
        _log.info("sandbox_authority_told", message_id=question.message_id, act=question.act.value)
        sign = await self._signer(request)
        body = render_registration_answer(
            self.registry.standing(question.reference, ends=question.act is RegistrationAct.REVOKE),
            question,
            environment=AuthorityEnvironment.SANDBOX,
            sign=sign,
        )
        return Response(body, media_type="application/json")

    async def relation(self, request: Request) -> Response:
        """Tell whether one person is guardian of another."""
        text = await _read_body(request)
        try:
            message = open_relation_question(text, clients=self.clients, keys=self.keys, memory=self.memory, now=None)
        except NumberInvalid:
            raise _Problem("number_invalid") from None
        except NameInvalid:
            raise _Problem("name_invalid") from None
        _log.info("sandbox_authority_told", message_id=message.message_id, act="relation")
        sign = await self._signer(request)
        answer = self.registry.relation(message.asked, today=service_date(message.sent_at))
        body = render_relation_answer(answer, message, environment=AuthorityEnvironment.SANDBOX, sign=sign)
        return Response(body, media_type="application/json")

    async def _signer(self, request: Request) -> Signer:
        """Return what signs the answer, unless the fault that is switched on keeps it from being given."""
        match self.registry.fault:
            case Fault.TIMEOUT:
                await _hang(request, self.hang_seconds)
                raise _Problem("timed_out")
            case Fault.DOWN:
                raise _Problem("down")
            case Fault.GARBLED:
                return self._sign_wrongly
            case _:
                return self.keys.sign

    def _sign_wrongly(self, message: bytes) -> KeySignature:
        """Sign something else: a well-formed signature that does not hold."""
        return self.keys.sign(message + b"\x00")

    async def show_keys(self, _request: Request) -> Response:
        pin = self.keys.pin()
        return JSONResponse({"signing": _published(pin.signing), "encryption": _published(pin.encryption)})

    async def show_health(self, request: Request) -> Response:
        match self.registry.fault:
            case Fault.TIMEOUT:
                await _hang(request, self.hang_seconds)
                raise _Problem("timed_out")
            case Fault.DOWN:
                raise _Problem("down")
            case fault:
                return self._say_well(request, fault)

    def _say_well(self, request: Request, fault: Fault) -> Response:
        challenge = request.query_params.get(CHALLENGE)
        if challenge is None:
            return JSONResponse({"status": STATUS_OK})
        if not 1 <= len(challenge) <= MAX_TEXT:
            raise _Problem(AuthorityRefusal.MALFORMED)
        sign = self._sign_wrongly if fault is Fault.GARBLED else self.keys.sign
        body = render_health(challenge, environment=AuthorityEnvironment.SANDBOX, sign=sign)
        return Response(body, media_type="application/json")

    async def tell_fault(self, _request: Request) -> Response:
        """Tell which fault is switched on."""
        return JSONResponse({"fault": self.registry.fault.value})

    async def switch_fault(self, request: Request) -> Response:
        document = parse_document(await _read_body(request))
        try:
            fault = Fault(read_text(document, "fault"))
        except ValueError:
            raise _Problem("fault_unknown") from None
        self.registry.set_fault(fault)
        return JSONResponse({"fault": fault.value})


def build_authority_app(
    registry: SandboxRegistry,
    *,
    keys: AuthorityKeys,
    clients: Mapping[str, PublicKey],
    hang_seconds: float = MAX_HANG_SECONDS,
) -> Starlette:
    """Return the server as an ASGI application.

    Args:
        registry: Who is known and what goes wrong; one per process, because it counts questions.
        keys: The authority's private keys.
        clients: Key id to public key of every service that may ask.
        hang_seconds: How long a time-out lasts, 0 to 10 s; choose it longer than the clients' time-outs.

    Raises:
        ValueError: ``hang_seconds`` is out of range.
    """
    if not 0 <= hang_seconds <= MAX_HANG_SECONDS:
        raise ValueError(f"a time-out lasts 0 to {MAX_HANG_SECONDS:g} seconds")
    server = _Server(registry=registry, keys=keys, clients=clients, memory=ReplayMemory(), hang_seconds=hang_seconds)
    return Starlette(
        routes=[
            Route("/v1/match", server.match, methods=["POST"]),
            Route("/v1/status", server.about_registration, methods=["POST"]),
            Route("/v1/revoke", server.about_registration, methods=["POST"]),
            Route(RELATION_PATH, server.relation, methods=["POST"]),
            Route("/keys", server.show_keys, methods=["GET"]),
            Route(PATH, server.show_health, methods=["GET"]),
            Route("/sandbox/fault", server.tell_fault, methods=["GET"]),
            Route("/sandbox/fault", server.switch_fault, methods=["POST"]),
        ],
        exception_handlers={
            _Problem: _answer_problem,
            QuestionRefused: _answer_refusal,
            DocumentMalformed: _answer_malformed,
            ClientDisconnect: _answer_malformed,
        },
    )


async def _read_body(request: Request) -> bytes:
    """Read at most 16 KiB, whatever length the client announced."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_ENVELOPE_BYTES:
            raise _Problem("too_large")
    return bytes(body)


async def _hang(request: Request, seconds: float) -> None:
    """Wait until the client goes away, at most ``seconds``; being cancelled ends it at once."""
    try:
        async with asyncio.timeout(seconds):
            while (await request.receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return


def _published(key: PublicKey) -> dict[str, str]:
    return {"key_id": key_id_of(key), "spki": base64.b64encode(key.to_spki()).decode("ascii")}


async def _answer_problem(_request: Request, error: Exception) -> Response:
    return _problem_document(str(error))


async def _answer_refusal(_request: Request, error: Exception) -> Response:
    _log.warning("sandbox_authority_refused", refusal=str(error))
    return _problem_document(str(error))


async def _answer_malformed(_request: Request, _error: Exception) -> Response:
    return _problem_document(AuthorityRefusal.MALFORMED)


def _problem_document(code: str) -> Response:
    status, title = PROBLEMS[code]
    problem = {"type": "about:blank", "title": title, "status": status, "code": code}
    return JSONResponse(problem, status_code=status, media_type="application/problem+json")
