"""A route that the server answers directly, with what surrounds every answer: its exchange, problems and headers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from eztong.http.correlation import HEADER
from eztong.http.direct.whole_request import WholeRequest
from eztong.http.exchange import Exchanges
from eztong.http.failures import report_failure
from eztong.http.headers import WITHOUT_CAMERA, dressed, security_headers
from eztong.http.problems import problem_of

Outcome = bytes | Exception
"""The JSON of an answer, or why there is none."""

Handler = Callable[[WholeRequest, str, Callable[[Outcome], None]], None]
"""Takes a request and the address that it came from, and tells the outcome once, now or later, on the event loop."""

_METHOD: Final = "POST"
_OK: Final = 200
_ID_FIELD: Final = HEADER.lower()
_JSON: Final = {"content-type": "application/json"}


class DirectAnswer(msgspec.Struct, frozen=True):
    """An answer without its status line: ``fields`` as they are written, without the blank line after them."""

    status: int
    fields: bytes
    body: bytes


class DirectRoute:
    """One route by POST. It must be registered in the framework, too, and answer the same there."""

    def __init__(
        self,
        path: str,
        handler: Handler,
        *,
        exchanges: Exchanges,
        is_ours: Callable[[bytes], bool],
        https: bool,
        own_frames: bool,
        notice: Callable[[], bytes] = bytes,
    ) -> None:
        """Answer by ``handler`` what is sent to ``path`` at a host that ``is_ours``.

        ``notice`` is the line about what is out of order, written out, or nothing: what every answer here carries.
        """
        self.request_line: Final = f"{_METHOD} {path} HTTP/1.1\r\n".encode()
        self.is_ours: Final = is_ours
        self._path = path
        self._handler = handler
        self._exchanges = exchanges
        self._notice = notice
        self._shared = [*security_headers(https=https, own_frames=own_frames), WITHOUT_CAMERA]
        self._passed = self._written(_JSON)

    def answer(self, request: WholeRequest, *, client: str, done: Callable[[DirectAnswer], None]) -> None:
        """Answer a request that came from ``client``: ``done`` is called once, now or later."""
        exchange = self._exchanges.open(_METHOD, sent_id=request.text(_ID_FIELD.encode()) or "")

        def tell(outcome: Outcome) -> None:
            status, fields, body = _OK, self._passed, outcome
            if isinstance(body, Exception):
                status, fields, body = self._refused(body, exchange.identifier)
            own = f"content-length: {len(body)}\r\n{_ID_FIELD}: {exchange.identifier}\r\n".encode()
            done(DirectAnswer(status, fields + self._notice() + own, body))
            exchange.end_with_others(self._path, status)

        self._handler(request, client, tell)

    def _refused(self, error: Exception, identifier: str) -> tuple[int, bytes, bytes]:
        problem = problem_of(error)
        if problem.is_internal:
            report_failure(error, identifier=identifier)
        return problem.status, self._written(problem.headers()), problem.body(request_id=identifier)

    def _written(self, own: Mapping[str, str]) -> bytes:
        fields = dressed([(name.encode(), value.encode()) for name, value in own.items()], self._shared)
        return b"".join([b"%b: %b\r\n" % field for field in fields])
