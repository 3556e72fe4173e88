"""``POST /v1/verifications`` before any router or middleware: the one route where their cost was measured to matter.

It does in one place what the shared middleware does for every other route: body limit, problems, security headers.
Requests whose framing or host is unusual take the ordinary way. The route stays registered and described in the
ordinary application, which answers the same.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from eztong.domain.errors import BodyTooLarge
from eztong.http.correlation import HEADER
from eztong.http.exchange import Exchanges
from eztong.http.failures import CLIENT_GONE, report_failure
from eztong.http.headers import WITHOUT_CAMERA, security_headers
from eztong.http.hosts import Hosts
from eztong.http.problems import problem_of
from eztong.http.sanity import MAX_BODY
from eztong.partner_api.verify_call import Verifier, VerifyCall

PATH = "/v1/verifications"
_METHOD = "POST"
_SERVER_ERROR = 500
_ID_HEADER = HEADER.lower().encode()


class _Gone(Exception):
    """The client closed the connection before its body was complete."""


class VerificationHotPath:
    """Answers the hot route itself and hands everything else on."""

    def __init__(
        self, app: ASGIApp, *, verifier: Verifier, exchanges: Exchanges, hosts: Hosts, https: bool, own_frames: bool
    ) -> None:
        """Wrap the whole application."""
        self._app = app
        self._exchanges = exchanges
        self._hosts = hosts
        self._verifier = verifier
        fixed = [
            (b"content-type", b"application/json"),
            *security_headers(https=https, own_frames=own_frames),
            WITHOUT_CAMERA,
        ]
        self._headers = fixed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != _METHOD:
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        is_plain = (
            len(headers) == len(scope["headers"])
            and b"transfer-encoding" not in headers
            and headers.get(b"content-length", b"").isdigit()
            and self._hosts.knows(headers.get(b"host", b""))
        )
        if not is_plain:
            await self._app(scope, receive, send)
            return
        await self._answer(scope, headers, receive, send)

    async def _answer(self, scope: Scope, headers: dict[bytes, bytes], receive: Receive, send: Send) -> None:
        exchange = self._exchanges.open(_METHOD, sent_id=headers.get(_ID_HEADER, b"").decode("latin-1"))
        identifier = exchange.identifier
        status, more = 200, self._headers
        try:
            body = await self._verifier.answer(_call(scope, headers, await _read_body(headers, receive)))
        except _Gone:
            exchange.end(PATH, CLIENT_GONE)
            return
        except Exception as error:  # noqa: BLE001 - every failure becomes a problem, an unknown one an opaque 500
            problem = problem_of(error)
            status, body = problem.status, problem.body(request_id=identifier)
            own = {name.encode(): value.encode() for name, value in problem.headers().items()}
            more = [*own.items(), *(header for header in self._headers if header[0] not in own)]
            if status >= _SERVER_ERROR and problem.code == "internal":
                report_failure(error, identifier=identifier)
        length = (b"content-length", str(len(body)).encode())
        await send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [*more, length, (_ID_HEADER, identifier.encode())],
            }
        )
        await send({"type": "http.response.body", "body": body})
        exchange.end(PATH, status)


def _call(scope: Scope, headers: dict[bytes, bytes], body: bytes) -> VerifyCall:
    key = headers.get(b"idempotency-key")
    return VerifyCall(
        authorization=headers.get(b"authorization", b"").decode("latin-1"),
        idempotency_key=None if key is None else key.decode("latin-1"),
        client=scope["client"][0] if scope.get("client") else "",
        body=body,
    )


async def _read_body(headers: dict[bytes, bytes], receive: Receive) -> bytes:
    if len(headers[b"content-length"]) > len(str(MAX_BODY)) or int(headers[b"content-length"]) > MAX_BODY:
        raise BodyTooLarge
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise _Gone
        body += message.get("body", b"")
        if len(body) > MAX_BODY:
            raise BodyTooLarge
        if not message.get("more_body"):
            return bytes(body)
