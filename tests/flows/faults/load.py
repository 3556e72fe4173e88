"""Load from many threads at once, that remembers every answer it got, until the service goes away."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.simulators.service import Partner, Service

SCENE = "hotel_check_in"
THREADS = 16


@dataclass(frozen=True)
class Attempt:
    """One code, shown by two threads at about the same time."""

    code: str
    key: str


@dataclass
class Load:
    """What was sent and what was acknowledged."""

    attempts: list[Attempt]
    acknowledged: dict[str, dict[str, Any]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    lost: list[Attempt] = field(default_factory=list)
    enough: threading.Event = field(default_factory=threading.Event)
    threshold: int = 40

    def run(self, partner: Partner, interrupt: Callable[[], object]) -> None:
        """Send everything twice over; once there are enough answers, ``interrupt`` the service."""
        with ThreadPoolExecutor(THREADS + 1) as threads:
            threads.submit(self._interrupt, interrupt)
            for attempt in self.attempts:
                for _ in range(2):
                    threads.submit(self._send, partner, attempt)

    def _interrupt(self, interrupt: Callable[[], object]) -> None:
        assert self.enough.wait(30)
        interrupt()

    def _send(self, partner: Partner, attempt: Attempt) -> None:
        try:
            answer = partner.verify(attempt.code, SCENE, desk="front-1", idempotency_key=attempt.key)
        except httpx.HTTPError:
            self.lost.append(attempt)
            return
        if answer.status_code == httpx.codes.OK:
            self.acknowledged[attempt.code] = answer.json()
            if len(self.acknowledged) >= self.threshold:
                self.enough.set()
        else:
            self.refused.append(answer.json()["code"])


def prepare(service: Service, people: int) -> list[Attempt]:
    """Show a code to read out, which lives five minutes, to each of many people."""
    with ThreadPoolExecutor(8) as threads:
        holders = list(threads.map(lambda _: service.somebody(), range(people)))
        codes = list(threads.map(lambda holder: service.code(holder, "spoken")["number"], holders))
    return [Attempt(code, f"attempt-{number}") for number, code in enumerate(codes)]


def passed_rows(service: Service) -> dict[str, str]:
    """Return the verification of each consumed code, from the store; a code that has two is an error."""
    rows = service.rows("SELECT code_id, verification_id FROM verifications WHERE outcome = 'passed'")
    by_code = dict(rows)
    assert len(by_code) == len(rows), "a code was consumed twice"
    consumed = dict(service.rows("SELECT code_id, verification_id FROM codes WHERE state = 'consumed'"))
    assert consumed == by_code, "codes and verifications tell different stories"
    return by_code
