"""A stop does not wait for the rest of requests that never comes, and calls that no fault of the program."""

from __future__ import annotations

import socket
import time
from pathlib import Path
from urllib.parse import urlsplit

from eztong.cli.server.listener import GRACE_SECONDS
from tests.simulators.service import running

HALF = (
    b"POST %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer x\r\nContent-Type: application/json\r\n"
    b'Content-Length: 500\r\n\r\n{"code"'
)


def test_half_sent_bodies_hold_up_no_stop(tmp_path: Path) -> None:
    with running(tmp_path / "data") as service:
        place = urlsplit(service.url)
        half = [socket.create_connection((place.hostname, place.port)) for _ in range(4)]
        for number, connection in enumerate(half):
            path = b"/v1/verifications" if number % 2 else b"/v1/requests"
            connection.sendall(HALF % (path, place.netloc.encode()))
        time.sleep(1)
        began = time.monotonic()
        service.process.terminate()
        assert service.process.wait(60) == 0
        assert time.monotonic() - began < GRACE_SECONDS - 3
        assert "Traceback" not in service.log.read_text()
        for connection in half:
            connection.close()
