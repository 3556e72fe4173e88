"""A proxy that ends TLS in front of the service, and sends on what docs/operations.md says; or forgets some of it."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

from typing_extensions import override

_STRICT = frozenset({"strict-transport-security"})
_OF_ONE_HOP = frozenset({"connection", "upgrade", "keep-alive", "transfer-encoding", "host"})


@dataclass(slots=True)
class TlsProxy:
    """Where it is reached, where it leads to, and whether it was configured carelessly."""

    url: str
    port: int
    """Of the service behind it."""

    is_careless: bool = False
    paths: list[str] = field(default_factory=list)
    """What was asked for, without the query."""


class _Passing(BaseHTTPRequestHandler):
    """Sends a request on to the service behind, and its answer back."""

    protocol_version = "HTTP/1.1"
    held: ClassVar[TlsProxy]

    def do_GET(self) -> None:
        self._pass()

    def do_POST(self) -> None:
        self._pass()

    def _pass(self) -> None:
        self.held.paths.append(self.path.partition("?")[0])
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        behind = HTTPConnection("127.0.0.1", self.held.port, timeout=30)
        try:
            behind.request(self.command, self.path, body=body, headers=self._sent())
            answer = behind.getresponse()
            self._answer(answer, answer.read())
        except (OSError, HTTPException):
            self.send_error(502)
        finally:
            behind.close()

    def _sent(self) -> dict[str, str]:
        sent = {name.lower(): value for name, value in self.headers.items() if name.lower() not in _OF_ONE_HOP}
        if self.held.is_careless:
            return sent
        client = str(self.client_address[0])
        return sent | {"host": self.headers["host"], "x-forwarded-for": client, "x-forwarded-proto": "https"}

    def _answer(self, answer: HTTPResponse, content: bytes) -> None:
        left_out = {*_OF_ONE_HOP, "content-length"} | (_STRICT if self.held.is_careless else set())
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in left_out:
                self.send_header(name, value)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    @override
    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@contextmanager
def tls_proxy(certificate: Path, *, port: int) -> Iterator[TlsProxy]:
    """Run the proxy at https://localhost until the block ends."""
    held = TlsProxy("", port)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Passing", (_Passing,), {"held": held}))
    server.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    # The handshake is done by the thread of the connection: one that hangs keeps no other waiting.
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    held.url = f"https://localhost:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield held
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
