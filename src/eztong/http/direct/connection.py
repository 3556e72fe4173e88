"""A connection on which whole plain requests of one route are answered without parser, task and framework.

Only where the parser stands between two messages and no request is under way: then nothing that the parser would have
learnt is missing when it goes on. All else goes to the ordinary way. What arrives while a direct answer is due, or
before the body of a plain head is there, is held as it came; whatever becomes of it then, it goes through the same
questions again or to the parser, in the order in which it came.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, ClassVar

from typing_extensions import override
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from eztong.http.connection import ConnectionLimits, LimitedProtocol
from eztong.http.direct.route import DirectAnswer, DirectRoute
from eztong.http.direct.whole_request import PlainHead, WholeRequest, plain_head
from eztong.http.framing import Refusal

_FORWARDED = b"x-forwarded-for"


class DirectProtocol(LimitedProtocol):
    """One connection of a server; :func:`limited_and_direct` gives its class the limits and the route."""

    route: ClassVar[DirectRoute]

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - uvicorn's own arguments
        super().__init__(*args, **kwargs)
        self._is_between = True  # the parser has told of the end of a message, or of nothing yet
        self._is_due = False  # a direct answer
        self._is_last = False  # nothing that arrives after the direct answer that is due is asked for
        self._head: PlainHead | None = None  # of the request that is held until its body is there
        self._held = b""

    @property
    @override
    def idle_since(self) -> float | None:
        return None if self._is_due else super().idle_since

    @override
    def data_received(self, data: bytes) -> None:
        if self._is_due:
            self._held += data
            self.flow.pause_reading()
            return
        head = self._head
        if head is None:
            head = self._plain_head(data)
        else:
            data = self._held + data
        if head is not None and len(data) < head.ends:
            self._hold(head, data)
            return
        if self._head is not None:
            self._forget_held()
        request = None if head is None else head.request_in(data)
        if request is None:
            super().data_received(data)
        else:
            self._begin(request)

    @override
    def on_message_begin(self) -> None:
        self._is_between = False
        super().on_message_begin()

    @override
    def on_message_complete(self) -> None:
        self._is_between = True
        super().on_message_complete()

    @override
    def shutdown(self) -> None:
        self._hand_on()
        if self._is_due:
            self._is_last = True
        else:
            super().shutdown()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._hand_on()
        super().connection_lost(exc)

    @override
    def check_time(self, now: float) -> None:
        super().check_time(now)
        # After a direct answer no timer waits for the next request.
        idle = self.idle_since
        if idle is not None and self._read_by is None and now - idle > self.timeout_keep_alive:
            self.timeout_keep_alive_handler()

    @override
    def _refuse(self, refusal: Refusal) -> None:
        self._hand_on()
        super()._refuse(refusal)

    def _plain_head(self, data: bytes) -> PlainHead | None:
        cycle: RequestResponseCycle | None = self.cycle
        is_free = self._is_between and (cycle is None or cycle.response_complete) and self.limit_concurrency is None
        if not is_free or self._is_done or self.flow.write_paused or self.transport.is_closing():
            return None
        head = plain_head(data, self.route.request_line)
        return head if head is not None and self.route.is_ours(head.fields[b"host"]) else None

    def _hold(self, head: PlainHead, data: bytes) -> None:
        """Wait for the rest of the body, for as long as the ordinary way would."""
        if self._head is None:
            self._unset_keepalive_if_required()
            self._in_body = True
            self._read_by = self.loop.time() + self.limits.body_seconds
        self._head, self._held = head, data

    def _hand_on(self) -> None:
        """Give a request that will not be whole to the ordinary way, which knows what becomes of those."""
        if self._head is not None:
            data = self._held
            self._forget_held()
            # Also where this connection is to be closed: whoever began a request is counted as gone.
            super(LimitedProtocol, self).data_received(data)

    def _forget_held(self) -> None:
        self._head, self._held, self._in_body = None, b"", False

    def _begin(self, request: WholeRequest) -> None:
        self._unset_keepalive_if_required()
        self._read_by = None
        self._is_due = True
        self.route.answer(request, client=self._client_of(request), done=self._write)

    def _client_of(self, request: WholeRequest) -> str:
        client = self.client[0] if self.client else ""
        forwarded = request.text(_FORWARDED)
        if forwarded is not None and isinstance(self.app, ProxyHeadersMiddleware) and client in self.app.trusted_hosts:
            return self.app.trusted_hosts.get_trusted_client_address(forwarded)[0] or client
        return client

    def _write(self, answer: DirectAnswer) -> None:
        """Write the answer that is due, as uvicorn writes one, and go on with what arrived meanwhile."""
        self._is_due = False
        self._idle_since = self.loop.time()
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        first = _written(tuple(self.server_state.default_headers))
        ends = self._is_last and not self._held
        last = b"connection: close\r\n\r\n" if ends else b"\r\n"
        self.transport.write(b"".join((STATUS_LINE[answer.status], first, answer.fields, last, answer.body)))
        if ends:
            self.transport.close()
            return
        self.flow.resume_reading()
        if self._held:
            data, self._held = self._held, b""
            self.data_received(data)
            if self._is_last:
                self.shutdown()


@lru_cache(maxsize=4)
def _written(fields: tuple[tuple[bytes, bytes], ...]) -> bytes:
    # The server's own fields are the same for a second: only the date changes.
    return b"".join([b"%b: %b\r\n" % field for field in fields])


def limited_and_direct(limits: ConnectionLimits, route: DirectRoute) -> type[DirectProtocol]:
    """Return the protocol with these limits and this route; uvicorn makes one for each connection."""

    class LimitedAndDirect(DirectProtocol):
        """A connection of this server."""

    LimitedAndDirect.limits = limits
    LimitedAndDirect.route = route
    return LimitedAndDirect
