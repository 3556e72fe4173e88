"""Every address of the citizen door is open to all, or takes an account on its bound device: one table, one refusal.

Whoever ticks two boxes has a session. It reads no own page, moves nothing, and leaves no row.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

import httpx
import pytest
from starlette.routing import Route
from typing_extensions import override

from eztong import citizen
from eztong.citizen.codes.scan import FRAMES
from eztong.citizen.limits import DATA_EXPORTS, PASSKEY_TRIES, PIN_TRIES
from eztong.domain.access.device import DeviceState
from eztong.http.csrf import csrf_token
from eztong.pages.assets import Assets
from eztong.ports.limiter import Limit, Limiter
from eztong.usecases.access.find_session import hash_session
from eztong.wiring.asgi import STATIC_FOLDERS, build_application
from tests.flows.citizen.browser import Browser, Town

# Whoever comes may begin here, or look at what concerns nobody.
OPEN_TO_ALL: Final = re.compile(
    r"/|/(offline|about|status|manifest\.webmanifest|sw\.js|favicon\.ico|robots\.txt)"
    r"|/(documents|notices|register|sign-in|lost|frozen|recover|deregistration|decisions|phone|take-over)(/.*)?|/feedback(/status|/bundle)?"
)
# The pages of a partner's link and of a counter say who asks and for what; only their buttons are acts.
SHOWN_TO_ALL: Final = {("GET", "/r/{token}"), ("GET", "/at/{token}")}
# Whatever session it is, it may be ended.
ENDS_ITSELF: Final = {("POST", "/sign-out")}
# Who applies, or was refused, keeps what was accepted in that browser.
SIGNED_PAPERS: Final = re.compile(r"/me/agreements(/{acceptance_id}.*)?|/me/acts/.*")
# Where an application is led on to its next step instead of being refused.
LED_ON: Final = {("GET", "/me"), ("GET", "/freeze"), ("GET", "/code"), ("POST", "/code"), ("POST", "/code/spoken")}
# Answers lead back to the page of the link, which then says to sign in first.
LED_BACK: Final = {("POST", "/r/{token}")}
# A page that listens hears that it is over; it cannot read a status.
LISTENS: Final = {("GET", "/code/events")}
ROWS_OF_THE_STORE: Final = frozenset({"batches", "row_seals"})


def addresses(town: Town) -> Iterator[tuple[str, str]]:
    routes = citizen.routes(town.services, Assets(*STATIC_FOLDERS), town.built.streams)
    for route in routes:
        assert isinstance(route, Route)
        for method in sorted((route.methods or set()) - {"HEAD"}):
            if not OPEN_TO_ALL.fullmatch(route.path):
                yield method, route.path


def visited(browser: Browser, method: str, path: str) -> httpx.Response:
    _request, link = browser.town.ask()
    where = path.replace("/r/{token}", link).format(
        token="any",
        partner_id="hotel",
        grant_id="any",
        guardianship_id="any",
        assistance_id="any",
        record_id="any",
        acceptance_id="any",
        act_id="any",
        kind="csv",
        number="1" * 10,
    )
    csrf = csrf_token(browser.client.cookies["ezt_session"], keys=browser.town.services.keys)
    acts = {
        "/records/{record_id}/not-me": "freeze",
        "/records/{record_id}/assist": "assist",
        "/me/devices": "end_others",
        "/me/pause": "pause",
    }
    act = acts.get(path, "refuse")
    fields = {"csrf": csrf, "switch": "off", "act": act, "pin": "135790", "again": "135790"}
    answer: httpx.Response
    if method == "GET":
        answer = browser.client.get(where, follow_redirects=False)
    else:
        answer = browser.client.post(where, data=fields, headers={"X-Csrf": csrf}, follow_redirects=False)
    return answer


def rows(folder: Path) -> dict[str, int]:
    with closing(sqlite3.connect(folder / "eztong.db")) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}  # noqa: S608 - names of our own
    return {name: count for name, count in found.items() if name not in ROWS_OF_THE_STORE | {"requests"}}


def heard(answer: httpx.Response) -> str:
    """Return what the answer says, as an error's code where it is a page, else by its status."""
    told = re.search(r'data-error="(\w+)"', answer.text)
    return told[1] if told else str(answer.status_code)


def an_application(browser: Browser) -> None:
    browser.accept()


def an_application_with_a_phone(browser: Browser) -> None:
    browser.bind_phone()


def an_account_without_its_device(browser: Browser) -> None:
    browser.register()
    keys = browser.town.services.keys
    with browser.town.services.store.read() as stored:
        session = stored.sessions.get(hash_session(browser.client.cookies["ezt_session"], keys=keys))
    assert session is not None
    holder_id, device_id = session.holder_id, session.device_id
    assert holder_id is not None
    assert device_id is not None
    browser.town.services.store.write(lambda uow: uow.devices.set_state(holder_id, device_id, DeviceState.LOST))


@pytest.mark.parametrize(
    ("who", "code"),
    [
        (an_application, "holder_not_active"),
        (an_application_with_a_phone, "holder_not_active"),
        (an_account_without_its_device, "device_not_bound"),
    ],
)
def test_who_has_no_account_or_no_device_hears_the_same_at_every_address(
    who: Callable[[Browser], None], code: str, browser: Browser, town: Town
) -> None:
    who(browser)
    applies = code == "holder_not_active"
    folder = town.built.settings.data_dir
    before, wrong = rows(folder), {}
    for method, path in addresses(town):
        if (method, path) in SHOWN_TO_ALL | ENDS_ITSELF or (applies and SIGNED_PAPERS.fullmatch(path)):
            continue
        answer = visited(browser, method, path)
        expected = {code, "409"}
        if (method, path) in LED_BACK or (applies and (method, path) in LED_ON):
            expected = {"303"}
        if (method, path) in LISTENS:
            expected = {"200"}
            assert "event: ended" in answer.text
        if heard(answer) not in expected or rows(folder) != before:
            wrong[method, path] = (heard(answer), answer.text[:200])
    assert wrong == {}


def test_what_is_left_out_is_an_address_of_the_door(town: Town) -> None:
    known = set(addresses(town))
    assert known >= SHOWN_TO_ALL | ENDS_ITSELF | LED_ON | LED_BACK | LISTENS
    assert len(known) > 35, "the table is there"
    assert any(SIGNED_PAPERS.fullmatch(path) for _method, path in known)


# --- what is dear is counted --------------------------------------------------------------------------------------

COUNTED: Final = {
    "/unlock": PIN_TRIES,
    "/unlock/setup": PIN_TRIES,
    "/unlock/passkey/options": PASSKEY_TRIES,
    "/unlock/passkey": PASSKEY_TRIES,
    "/me/passkeys/options": PASSKEY_TRIES,
    "/me/passkeys": PASSKEY_TRIES,
    "/scan/frame": FRAMES,
    "/me/data": DATA_EXPORTS,
}
"""What a session may have hashed, verified, decoded or collected, and what that is counted by."""


class Noting(Limiter):
    """Never refuses; notes what was counted."""

    def __init__(self) -> None:
        self.hits: list[str] = []

    @override
    def hit(self, limit: Limit, subject: str, *, now: datetime | None = None) -> None:
        self.hits.append(limit.name)

    @override
    def check(self, limit: Limit, subject: str, *, now: datetime | None = None) -> None:
        pass


def test_what_is_dear_is_counted_at_every_address(town: Town) -> None:
    limiter = Noting()
    town.app = build_application(replace(town.built, services=replace(town.services, limiter=limiter)))
    browser = town.browser()
    browser.register()
    for path, limit in COUNTED.items():
        limiter.hits.clear()
        visited(browser, "POST", path)
        assert limit.name in limiter.hits, path
