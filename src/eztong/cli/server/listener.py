"""Listening and serving: one process, a socket that is ours before anything else is done, a stop that finishes work."""

from __future__ import annotations

import asyncio
import resource
import signal
import socket
from collections.abc import Callable
from dataclasses import replace
from types import FrameType
from typing import Final

import uvicorn
from starlette.types import ASGIApp
from typing_extensions import override

from eztong.domain.errors import Unavailable
from eztong.http.connection import ConnectionLimits, check_times, end_half_sent, limited
from eztong.http.direct.connection import limited_and_direct
from eztong.http.direct.route import DirectRoute

BACKLOG: Final = 2048
OWN_FILES: Final = 64
"""Files that are no connections: the database and its readers, logs, the authority."""
_TICKS_A_SECOND: Final = 10
GRACE_SECONDS: Final = 20
HALF_SENT_SECONDS: Final = 3
"""How long a stop waits for the rest of requests: what has not arrived was not accepted."""


class PortTaken(Unavailable):
    """The address cannot be listened on."""

    code = "port_unavailable"


class StartFailed(Unavailable):
    """The application did not start."""

    code = "start_failed"
    advice = "The service did not start. The log above says why."


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Raises:
        PortTaken: another program listens there, or the address is not ours.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
        sock.listen(BACKLOG)
    except OSError as error:
        sock.close()
        shown = f"[{host}]" if ":" in host else host
        reason = (error.strerror or "no such address").lower()
        raise PortTaken(f"Cannot listen on {shown}:{port}: {reason}. Choose another --port.") from error
    return sock


def port_of(sock: socket.socket) -> int:
    """Return the port that the socket got."""
    port: int = sock.getsockname()[1]
    return port


class _Server(uvicorn.Server):
    """A server that ends late connections and, when it is told to stop, the streams first: they would not in time."""

    def __init__(self, config: uvicorn.Config, *, on_stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_stop = on_stop

    @override
    async def on_tick(self, counter: int) -> bool:
        if counter % _TICKS_A_SECOND == 0:
            check_times(self.server_state.connections, now=asyncio.get_running_loop().time())
        return await super().on_tick(counter)

    @override
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._on_stop()
        late = asyncio.get_running_loop().call_later(
            HALF_SENT_SECONDS, lambda: end_half_sent(self.server_state.connections)
        )
        await super().shutdown(sockets)
        late.cancel()


def serve_on(
    sock: socket.socket,
    app: ASGIApp,
    *,
    limits: ConnectionLimits,
    direct: DirectRoute | None = None,
    on_stop: Callable[[], None] = lambda: None,
) -> None:
    """Serve until SIGTERM or SIGINT; what was accepted is finished, and ``on_stop`` is called first.

    Plain requests of the ``direct`` route are answered without the application.

    Raises:
        StartFailed: the application refused to start.
    """
    server = make_server(app, limits=within_open_files(limits), direct=direct, on_stop=on_stop)
    # uvicorn sends itself the signal again after it has stopped; by then there is nothing left to end.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _ignore)
    server.run(sockets=[sock])
    if not server.started:
        raise StartFailed


def within_open_files(limits: ConnectionLimits) -> ConnectionLimits:
    """Return the limits with no more connections than this process may have files open."""
    allowed, _most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if allowed == resource.RLIM_INFINITY:
        return limits
    return replace(limits, connections=min(limits.connections, max(1, allowed - OWN_FILES)))


def make_server(
    app: ASGIApp, *, limits: ConnectionLimits, direct: DirectRoute | None = None, on_stop: Callable[[], None]
) -> uvicorn.Server:
    """Return the server, which does not run yet."""
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http=limited(limits) if direct is None else limited_and_direct(limits, direct),
        ws="none",
        timeout_keep_alive=limits.idle_seconds,
        lifespan="on",
        server_header=False,
        date_header=True,
        log_config=None,
        access_log=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    return _Server(config, on_stop=on_stop)


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """Do nothing."""
