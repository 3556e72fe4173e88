"""A proxy that ends TLS in front of the service, and sends on what docs/operations.md says; or forgets some of it."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from typing_extensions import override

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


@contextmanager
def tls_proxy(certificate: Path, *, port: int) -> Iterator[TlsProxy]:
    """Run the proxy at https://localhost until the block ends."""

    class Passing(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._pass()

        def do_POST(self) -> None:
            self._pass()

        def _pass(self) -> None:
            held.paths.append(self.path.partition("?")[0])
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            sent = {name.lower(): value for name, value in self.headers.items() if name.lower() not in _OF_ONE_HOP}
            if not held.is_careless:
                sent |= {
                    "host": self.headers["host"],
                    "x-forwarded-for": str(self.client_address[0]),
                    "x-forwarded-proto": "https",
                }
            behind = HTTPConnection("127.0.0.1", held.port, timeout=30)
            try:
                behind.request(self.command, self.path, body=body, headers=sent)
                answer = behind.getresponse()
                content = answer.read()
            except (OSError, HTTPException):
                self.send_error(502)
                return
            finally:
                behind.close()
            self.send_response_only(answer.status, answer.reason)
            for name, value in answer.getheaders():
                is_strict = name.lower() == "strict-transport-security"
                if name.lower() not in {*_OF_ONE_HOP, "content-length"} and not (held.is_careless and is_strict):
                    self.send_header(name, value)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        @override
        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Passing)
    server.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    # The handshake is done by the thread of the connection: one that hangs keeps no other waiting.
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    held = TlsProxy(f"https://localhost:{server.server_address[1]}", port)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield held
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
