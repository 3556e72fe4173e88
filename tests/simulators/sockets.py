"""A client that speaks in bytes: for what no honest one would send."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

PATIENCE = 30.0
_STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")
_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)\r\n")


class Wire:
    """One open connection."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock

    def send(self, data: bytes) -> None:
        """Send bytes; whoever was cut off does not learn it here."""
        try:
            self.sock.sendall(data)
        except OSError:
            return

    def read_until_closed(self) -> bytes:
        """Return everything up to the end of the connection.

        Raises:
            AssertionError: the server keeps it open.
        """
        taken = bytearray()
        try:
            while chunk := self.sock.recv(65536):
                taken += chunk
        except ConnectionError:
            pass
        except TimeoutError:
            raise AssertionError(f"the connection stayed open after: {bytes(taken[:200])!r}") from None
        return bytes(taken)

    def read_answer(self) -> bytes:
        """Return one whole answer, which may come in pieces; less if the connection ends before it."""
        taken = bytearray()
        while not _is_whole(bytes(taken)):
            if not (chunk := self.read_some()):
                break
            taken += chunk
        return bytes(taken)

    def read_some(self, *, seconds: float = PATIENCE) -> bytes:
        """Return what comes first, which may be a piece of an answer, or nothing if nothing comes."""
        self.sock.settimeout(seconds)
        try:
            return self.sock.recv(65536)
        except (TimeoutError, ConnectionError):
            return b""
        finally:
            self.sock.settimeout(PATIENCE)


@contextmanager
def wire(url: str) -> Iterator[Wire]:
    """Open a connection to the server at ``url``."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=PATIENCE) as sock:
        yield Wire(sock)


def _is_whole(answer: bytes) -> bool:
    head, end, body = answer.partition(b"\r\n\r\n")
    length = _LENGTH.search(head + b"\r\n")
    return bool(end) and length is not None and len(body) >= int(length[1])


def statuses(answers: bytes) -> list[int]:
    """Return the status of each answer in a stream of them."""
    return [int(found) for found in _STATUS.findall(answers)]
