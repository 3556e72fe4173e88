"""A message gateway that listens on this machine: keeps what it was sent, and answers as it is told to."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

from typing_extensions import override


@dataclass(slots=True)
class Gateway:
    """Its address, what came, and what it answers; ``goes_on`` not set makes it hang before the body."""

    url: str = ""
    status: int = 200
    answer: bytes = b"{}"
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    goes_on: Event = field(default_factory=Event)

    def says(self, status: int, answer: bytes = b"{}") -> None:
        self.status, self.answer = status, answer


@contextmanager
def gateway(certificate: Path | None = None) -> Iterator[Gateway]:
    """Run a gateway until the block ends; with TLS where it has a certificate."""
    held = Gateway()
    held.goes_on.set()

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            held.requests.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(held.status)
            self.send_header("content-length", str(len(held.answer)))
            self.send_header("location", held.url)
            self.end_headers()
            held.goes_on.wait(5)
            self.wfile.write(held.answer)

        @override
        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    scheme = "http" if certificate is None else "https"
    held.url = f"{scheme}://127.0.0.1:{server.server_address[1]}/send"
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield held
    finally:
        held.goes_on.set()
        server.shutdown()
        server.server_close()
        thread.join()
