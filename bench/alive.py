"""How long ``/healthz`` takes while strangers try passwords at the desk without end: the service is full, not dead."""

from __future__ import annotations

import itertools
import re
import statistics
import threading
import time

import httpx

HANDS = 40
LOOKS = 50
PAUSE = 0.05
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')


def median_alive(port: int) -> float:
    """Return the median in milliseconds.

    Raises:
        RuntimeError: nobody was turned away, so the service was not full.
    """
    address = f"http://127.0.0.1:{port}"
    page = httpx.get(f"{address}/desk/sign-in", trust_env=False)
    form, cookies = {"csrf": _CSRF.findall(page.text)[0], "password": "wrong-password"}, dict(page.cookies)
    numbers, stopping, refused = itertools.count(), threading.Event(), threading.Event()

    def try_passwords() -> None:
        with httpx.Client(base_url=address, cookies=cookies, timeout=60, trust_env=False) as http:
            while not stopping.is_set():
                number = next(numbers)
                network = {"x-forwarded-for": f"2001:db8:{number % 65536:x}::1"}
                answer = http.post("/desk/sign-in", data={**form, "login": f"nobody-{number}"}, headers=network)
                if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
                    refused.set()

    hands = [threading.Thread(target=try_passwords, daemon=True) for _ in range(HANDS)]
    for hand in hands:
        hand.start()
    try:
        if not refused.wait(60):
            raise RuntimeError("nobody was turned away: the service was not full")
        with httpx.Client(base_url=address, trust_env=False, timeout=60) as probe:
            return statistics.median(_look(probe) for _ in range(LOOKS))
    finally:
        stopping.set()
        for hand in hands:
            hand.join(60)


def _look(probe: httpx.Client) -> float:
    time.sleep(PAUSE)
    started = time.perf_counter()
    probe.get("/healthz").raise_for_status()
    return (time.perf_counter() - started) * 1000
