"""Whoever is told to come back is told when: every 429 and 503 of every door has ``Retry-After``, however worded."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, TypeVar

import httpx
import pytest
from starlette.routing import Route
from starlette.testclient import TestClient
from typing_extensions import override

from eztong import partner_portal
from eztong.citizen import door as citizen
from eztong.console import door as console
from eztong.console import visit as console_visit
from eztong.desk import door as desk
from eztong.desk import visit as desk_visit
from eztong.domain.errors import EztongError, TooMany, Unavailable
from eztong.domain.operators.operator import OperatorRole
from eztong.http.cookies import HOLDER_COOKIE
from eztong.http.csrf import csrf_token
from eztong.http.problems import status_and_headers
from eztong.pages.assets import Assets
from eztong.partner_portal import visit as portal_visit
from eztong.ports.limiter import Limit, Limiter
from eztong.ports.services import Services
from eztong.ports.storage.partners.partners import RememberedKey
from eztong.ports.storage.repositories import Repositories
from eztong.ports.storage.store import Committed, Done, Job, Needs, Store, submitted
from eztong.wiring.asgi import STATIC_FOLDERS, build_application
from tests.flows.citizen.browser import ANYBODY, Browser, Town
from tests.flows.console.quiet_machine import QuietMachine
from tests.flows.console.staff import StaffBrowser
from tests.flows.desk.clerk import Clerk
from tests.flows.partner_portal.people import PortalBrowser

T = TypeVar("T")
COME_BACK: Final = frozenset({httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE})
TYPED: Final = {
    "name": ANYBODY.name,
    "number": ANYBODY.number,
    "phone": ANYBODY.phone,
    "pin": "805217",
    "again": "805217",
    "otp": "123456",
    "slip": "otp_x",
    "reason": "pause",
    "login": "hotel",
    "password": "12345678",
    "code": "880000000000000000",
    "credential": "{}",
    "in_place": "yes",
}
LIMITED: Final = {
    "POST /console/set-up",
    "POST /console/sign-in",
    "POST /desk",
    "POST /desk/sign-in",
    "POST /lost",
    "POST /partner/set-up",
    "POST /partner/sign-in",
    "POST /me/data",
    "POST /me/passkeys",
    "POST /me/passkeys/options",
    "POST /recover",
    "POST /scan/frame",
    "POST /sign-in",
    "POST /unlock",
    "POST /unlock/passkey",
    "POST /unlock/passkey/options",
}
"""Where a limit can send somebody back, by each way of answering: pages, forms, JSON of passkeys, pictures."""


class UsedUp(Limiter):
    """Has nothing left for anybody."""

    @override
    def hit(self, limit: Limit, subject: str, *, now: datetime | None = None) -> None:
        raise TooMany(retry_after=7)

    @override
    def check(self, limit: Limit, subject: str, *, now: datetime | None = None) -> None:
        raise TooMany(retry_after=7)


class Shut(Store):
    """Reads as the real one, and once it is shut, writes nothing."""

    def __init__(self, real: Store) -> None:
        self._real = real
        self.is_shut = False

    @override
    def submit(self, job: Job[T], done: Done[T], *, needs: Needs | None = None) -> None:
        if self.is_shut:
            done(Unavailable())
        else:
            self._real.submit(job, done, needs=needs)

    @override
    def write(self, job: Job[T]) -> Committed[T]:
        return submitted(self, job).result()

    @override
    def recall_key(self, key_hash: bytes) -> RememberedKey | None:
        return self._real.recall_key(key_hash)

    @override
    def read(self) -> AbstractContextManager[Repositories]:
        return self._real.read()

    @override
    def snapshot(self) -> AbstractContextManager[Repositories]:
        return self._real.snapshot()

    @override
    def check_health(self) -> None:
        raise Unavailable

    @override
    def close(self) -> None:
        self._real.close()


def with_services(town: Town, **changed: Any) -> None:  # noqa: ANN401 - the fields of Services
    """Let the town go on with other ports."""
    town.app = build_application(replace(town.built, services=replace(town.services, **changed)))


def paths_of(services: Services, town: Town) -> Iterator[tuple[str, str]]:
    """Return method and path of every page, and of every call that partners make."""
    assets = Assets(*STATIC_FOLDERS)
    routes: list[Route] = [
        *citizen.routes(services, assets, town.built.streams),
        *desk.routes(services, assets),
        *console.routes(services, assets, machinery=QuietMachine()),
        *partner_portal.routes(services, assets),
    ]
    for route in routes:
        for method in sorted(set(route.methods or {"GET"}) & {"GET", "POST"}):
            yield method, route.path
    for path in ("/healthz", "/readyz", "/metrics", "/v1/verifications", "/v1/requests"):
        yield ("POST" if path in {"/v1/verifications", "/v1/requests"} else "GET"), path


def ask(client: TestClient, method: str, path: str, cookies: str) -> httpx.Response:
    """Ask as somebody who knows what to type."""
    filled = re.sub(r"\{[^}]*\}", "x", path)
    headers = {"Cookie": cookies, "X-CSRF": client.headers["X-CSRF"], "Authorization": "Bearer wrong"}
    answer: httpx.Response
    if method == "GET":
        answer = client.get(filled, headers=headers)
    elif path.endswith("/frame"):
        answer = client.post(f"{filled}?w=1&h=1", content=b"0", headers=headers)
    else:
        answer = client.post(filled, data=TYPED | {"csrf": client.headers["X-CSRF"]}, headers=headers)
    return answer


def answers(town: Town, browsers: list[tuple[str, str]]) -> Iterator[tuple[str, httpx.Response]]:
    """Return what every page answers to every one of the browsers, each a cookie's name and token."""
    for name, token in browsers:
        csrf = csrf_token(token, keys=town.services.keys)
        client = TestClient(town.app, headers={"X-CSRF": csrf}, follow_redirects=False)
        for method, path in paths_of(town.services, town):
            if path.endswith("/events"):
                continue
            yield f"{method} {path}", ask(client, method, path, f"{name}={token}")


@pytest.fixture
def browsers(town: Town, browser: Browser) -> list[tuple[str, str]]:
    """Return the browsers of somebody signed in, of somebody unknown, of a clerk and of an operator."""
    browser.register()
    stranger, clerk, operator = town.browser(), Clerk(town), StaffBrowser(town)
    stranger.get("/sign-in")
    clerk.start()
    operator.as_operator("li", *OperatorRole)
    person = PortalBrowser(town).as_person("demo-admin@hotel")
    found = (
        (browser, HOLDER_COOKIE),
        (stranger, HOLDER_COOKIE),
        (clerk, desk_visit.PLAN.cookie),
        (operator, console_visit.PLAN.cookie),
        (person, portal_visit.PLAN.cookie),
    )
    return [(cookie, str(one.client.cookies[cookie])) for one, cookie in found]


def test_a_limit_says_when_to_come_back_however_it_is_worded(town: Town, browsers: list[tuple[str, str]]) -> None:
    with_services(town, limiter=UsedUp())
    seen = [(what, one) for what, one in answers(town, browsers) if one.status_code in COME_BACK]
    assert {what for what, one in seen if one.headers.get("Retry-After") != "7"} == set()
    assert {what for what, _ in seen} >= LIMITED


def test_a_service_that_cannot_write_says_when_to_come_back(town: Town, browsers: list[tuple[str, str]]) -> None:
    store = Shut(town.services.store)
    with_services(town, store=store)
    store.is_shut = True
    seen = [(what, one) for what, one in answers(town, browsers) if one.status_code in COME_BACK]
    assert {what for what, one in seen if not one.headers.get("Retry-After")} == set()
    assert {"GET /readyz", "POST /sign-in", "POST /lost/passkey/options", "POST /desk/place"} <= {
        what for what, _ in seen
    }


def errors(kind: type[EztongError] = EztongError) -> Iterator[type[EztongError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from errors(below)


def test_every_error_that_asks_to_come_back_says_when() -> None:
    told: Counter[bool] = Counter()
    for kind in errors():
        if kind.__init__ is EztongError.__init__:
            status, headers = status_and_headers(kind())
            told[status in COME_BACK] += 1
            assert ("Retry-After" in headers) is (status in COME_BACK), kind
    assert all(told[asks] for asks in (True, False))
