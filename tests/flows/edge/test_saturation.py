"""What is slow is bounded: while one part of the service has more to do than it can, the rest goes on."""

from __future__ import annotations

import json
import re
import socket
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from eztong.http.connection import ConnectionLimits
from tests.simulators.service import Service, run_cli, running
from tests.simulators.sockets import wire

ALIVE_WITHIN = 2.0
CROWD = 60
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')


@contextmanager
def crowd(act: Callable[[int], None], size: int = CROWD) -> Iterator[None]:
    """Do something again and again with many hands while a block lasts; what is refused or cut off is tried again."""
    stopping = threading.Event()

    def work(number: int) -> None:
        while not stopping.is_set():
            try:
                act(number)
            except httpx.HTTPError:
                continue

    threads = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(size)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopping.set()
        for thread in threads:
            thread.join(60)


def seconds_alive(service: Service, *, looks: int = 10) -> list[float]:
    taken = []
    with httpx.Client(base_url=service.url, timeout=30, trust_env=False) as probe:
        for _ in range(looks):
            started = time.monotonic()
            assert probe.get("/healthz").status_code == httpx.codes.OK
            taken.append(time.monotonic() - started)
            time.sleep(0.2)
    return taken


def test_passwords_of_strangers_keep_nobody_waiting(tmp_path: Path) -> None:
    seen: Counter[int] = Counter()
    asked_to_wait: list[str] = []
    with running(tmp_path / "var") as service:
        page = service.http.get("/desk/sign-in")
        form = {"csrf": _CSRF.findall(page.text)[0], "login": "nobody", "password": "wrong-password"}
        cookies = dict(page.cookies)

        def try_password(number: int) -> None:
            sent = form | {"login": f"nobody-{number}-{time.monotonic_ns()}"}
            address = f"2001:db8:{number:x}:{time.monotonic_ns() % 65536:x}::1"
            answer = httpx.post(
                f"{service.url}/desk/sign-in",
                data=sent,
                cookies=cookies,
                headers={"x-forwarded-for": address},
                timeout=60,
            )
            seen[answer.status_code] += 1
            if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
                asked_to_wait.append(answer.headers["retry-after"])

        with crowd(try_password):
            service.wait_for(lambda: seen[503] > 0)
            alive = seconds_alive(service)
            started = time.monotonic()
            assert service.http.get("/").status_code == httpx.codes.OK
            page_took = time.monotonic() - started
    assert statistics.median(alive) < ALIVE_WITHIN
    assert page_took < 10
    assert set(asked_to_wait) == {"2"}
    assert seen[401] > 0, "some were compared"


@contextmanager
def silent_authority() -> Iterator[str]:
    """Take connections, and never say a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def test_a_silent_authority_keeps_nobody_waiting(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    shown = run_cli("authority", "keys", "--json", data_dir=tmp_path / "authority")
    keys = json.loads(shown.stdout)
    with silent_authority() as url:
        named = {
            "authority_url": url,
            "authority_signing_key": keys["signing"]["spki"],
            "authority_encryption_key": keys["encryption"]["spki"],
        }
        with running(folder, **named) as service:
            numbers = iter(range(10_000))
            turn = threading.Lock()

            def register(_number: int) -> None:
                with turn:
                    persona = f"S{next(numbers)}"
                httpx.post(f"{service.url}/v1/test_helpers/holders", json={"persona": persona}, timeout=60)

            with crowd(register):
                time.sleep(1)
                alive = seconds_alive(service)
                started = time.monotonic()
                assert service.http.get("/").status_code == httpx.codes.OK
                page_took = time.monotonic() - started
    assert max(alive) < ALIVE_WITHIN
    assert page_took < 10


def test_slow_clients_keep_nobody_waiting(tmp_path: Path) -> None:
    half = b"POST /register/identity HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\nabc"
    with running(tmp_path / "var", with_partners=False) as service, ExitStack() as stack:
        clients = [stack.enter_context(wire(service.url)) for _ in range(300)]
        for number, client in enumerate(clients):
            client.send(half if number % 2 else b"GET / HTTP/1.1\r\nHost: loc")
        alive = seconds_alive(service)
        assert service.http.get("/").status_code == httpx.codes.OK
    assert statistics.median(alive) < ALIVE_WITHIN
    assert max(alive) < ConnectionLimits().head_seconds, "nobody waits until a slow client is cut off"
