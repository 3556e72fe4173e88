"""A person's browser in front of the real application, and the door that the application lives in."""

from __future__ import annotations

import html
import re
import shutil
import tempfile
import warnings
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from math import ceil
from pathlib import Path
from typing import Any, Final

import httpx
from starlette.testclient import TestClient

from eztong.adapters.clock import SandboxClock, SystemClock
from eztong.adapters.notifier.inbox import VisibleInboxWarning
from eztong.adapters.sandbox_controls import CLOCK_SETTING
from eztong.adapters.secret_hasher import HashCost
from eztong.domain.claims import Claim
from eztong.domain.codes.presentation_code import parse_presented
from eztong.domain.codes.verification import Outcome
from eztong.domain.errors import EztongError
from eztong.domain.holder import HolderState
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.partner import ApiKey, Caller, Scope
from eztong.domain.requests.request import Request
from eztong.domain.restrictions.mark import Cause, Ceiling
from eztong.ports.act import PARTNER, SYSTEM, Act
from eztong.ports.services import Services
from eztong.usecases.access.find_session import find_session, hash_session
from eztong.usecases.codes.verify_code import VerifyCode, handles_of, verify_code
from eztong.usecases.refusal import accepted
from eztong.usecases.requests.open_request import OpenRequest, open_request, request_token
from eztong.usecases.restrictions.change_marks import NewMark, change_marks
from eztong.wiring.asgi import build_application
from eztong.wiring.build import Built, build
from eztong.wiring.settings import Settings
from tests.at_end import AT_END
from tests.simulators.due_work import deliver_due_messages, keep_due_days

PIN: Final = "805217"
TICKS: Final = {"tick_service": "yes", "tick_authorisation": "yes"}
CHEAP: Final = HashCost(memory_kib=64, passes=1)
"""Hundreds of towns hash a PIN or a password; what one costs in a service is checked from outside (2.6)."""
_HIDDEN: Final = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@dataclass(frozen=True)
class Person:
    """Somebody of the sandbox's cast."""

    name: str
    number: str
    phone: str = "19900000001"


ANYBODY: Final = Person("测一一", "11000019900307001X")


def _built(settings: Settings) -> Built:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", VisibleInboxWarning)
        return build(settings, hash_cost=CHEAP)


@lru_cache(maxsize=1)
def _template() -> tuple[Path, datetime]:
    """Return the data folder of a sandbox that was started once, and what time it was there when it was ready.

    Making its keys and tables takes longest.
    """
    folder = Path(tempfile.mkdtemp(prefix="eztong-town-")) / "data"
    built = _built(Settings(data_dir=folder))
    ready_at = built.services.clock.now()
    built.close()
    AT_END.callback(shutil.rmtree, folder.parent, ignore_errors=True)
    return folder, ready_at


def _go_on_from(built: Built, ready_at: datetime) -> None:
    """Set the clock to where the template stood; it has gone on since, and a key signs nothing of before its making."""
    clock = built.services.clock
    assert isinstance(clock, SandboxClock)
    offset = timedelta(seconds=ceil((ready_at - SystemClock().now()).total_seconds()))
    clock.set_offset(offset)
    built.store.write(lambda uow: uow.settings.set(CLOCK_SETTING, str(offset.total_seconds())))


class Town:
    """The built service, its outbox carrier, and a hotel that verifies people."""

    def __init__(self, folder: Path, *, settings: Settings | None = None, **more: Any) -> None:  # noqa: ANN401 - the fields of Settings
        ready_at: datetime | None = None
        if settings is None and not more and not any(folder.glob("*")):
            template, ready_at = _template()
            shutil.copytree(template, folder, dirs_exist_ok=True)
        self.built = _built(settings or Settings(data_dir=folder, **more))
        if ready_at is not None:
            _go_on_from(self.built, ready_at)
        self.app = build_application(self.built)

    @property
    def services(self) -> Services:
        return self.built.services

    def browser(self, *, language: str = "zh-CN", https: bool = False) -> Browser:
        return Browser(self, language=language, https=https)

    def deliver(self) -> None:
        deliver_due_messages(services=self.services, notifier=self.built.notifier)

    def pass_time(self, seconds: int) -> None:
        assert self.built.sandbox is not None
        self.built.sandbox.advance_clock(seconds)

    def mark(self, browser: Browser, *, cause: Cause = Cause.DOCUMENT_EXPIRED, ceiling: Ceiling = Ceiling.LOW) -> None:
        """Set a mark on the account that is signed in in ``browser``."""
        services = self.services
        session = hash_session(browser.client.cookies["ezt_session"], keys=services.keys)

        def set_it(act: Act) -> None:
            holder = find_session(session, stored=act.uow, now=act.now).holder
            change_marks(act, holder, new=NewMark(cause=cause, ceiling=ceiling, rule="test"))

        services.perform(SYSTEM, set_it)

    def keep_days(self) -> None:
        """Do what is due because of documents."""
        while keep_due_days(services=self.services).done:
            pass

    def accounts(self) -> int:
        with self.services.store.read() as stored:
            return sum(stored.holders.counts().values())

    def accounts_in(self, state: HolderState) -> int:
        with self.services.store.read() as stored:
            return stored.holders.counts().get(state.value, 0)

    def caller(self, partner: str = "hotel") -> Caller:
        with self.services.store.read() as stored:
            found = stored.partners.get(PartnerId(partner))
        assert found is not None
        key = ApiKey(
            key_id="key",
            partner_id=found.partner_id,
            label="",
            scopes=frozenset(Scope),
            created_at=self.services.clock.now(),
        )
        return Caller(found, key)

    def verify(self, digits: str, *, desk: str | None = None) -> Outcome | str:
        """Verify a code at the hotel, or at one of its desks; return the outcome, or the code of the refusal."""
        services, presented = self.services, parse_presented(digits)
        command = VerifyCode(
            caller=self.caller(),
            presented=presented,
            handles=handles_of(presented, keys=services.keys),
            scene="hotel_check_in",
            desk=desk,
            wants=frozenset(),
            environment="sandbox",
        )
        try:
            answered = accepted(services.perform(PARTNER, verify_code, command))
        except EztongError as error:
            return error.code
        return answered.verification.outcome

    def ask(
        self, *wants: Claim, grant_days: int = 0, partner: str = "hotel", scene: str = "hotel_check_in"
    ) -> tuple[Request, str]:
        """Open a request of the hotel, or of another partner; return it and the path of its link."""
        services = self.services
        command = OpenRequest(
            caller=self.caller(partner),
            scene=scene,
            desk=None,
            wants=frozenset({Claim.IS_PERSON, *wants}),
            grant_days=grant_days,
            reference=None,
        )
        request = services.perform(PARTNER, open_request, command)
        return request, f"/r/{request_token(request.request_id, keys=services.keys)}"


class Browser:
    """Follows redirects, keeps cookies, and sends the hidden fields of the page it stands on."""

    def __init__(self, town: Town, *, language: str, https: bool) -> None:
        self.town = town
        base = "https://testserver" if https else "http://testserver"
        self.client = TestClient(town.app, base_url=base, headers={"Accept-Language": language})
        self.page: httpx.Response = httpx.Response(204)

    def get(self, path: str) -> httpx.Response:
        self.page = self.client.get(path)
        return self.page

    def send(self, path: str, **fields: str) -> httpx.Response:
        self.page = self.client.post(path, data=self.hidden() | fields)
        return self.page

    def hidden(self) -> dict[str, str]:
        return {name: html.unescape(value) for name, value in _HIDDEN.findall(self.page.text)}

    def at(self) -> str:
        return self.page.url.path

    def bring_token(self, token: str) -> None:
        """Use this session token instead of the browser's own."""
        self.client.cookies.clear()
        self.client.cookies.set("ezt_session", token, domain="testserver.local", path="/")

    def newest_otp(self) -> str:
        self.town.deliver()
        messages = self.client.get("/sandbox/inbox?format=json").json()
        return next(str(message["otp"]) for message in messages if message["topic"] == "otp")

    def accept(self) -> httpx.Response:
        self.get("/register")
        return self.send("/register", **TICKS)

    def bind_phone(self, phone: str = ANYBODY.phone) -> httpx.Response:
        self.accept()
        self.send("/register/phone", phone=phone)
        return self.send("/register/otp", otp=self.newest_otp())

    def set_pin(self, pin: str = PIN, again: str | None = None) -> httpx.Response:
        self.get("/unlock/setup")
        return self.send("/unlock/setup", pin=pin, again=pin if again is None else again)

    def unlock(self, pin: str = PIN) -> httpx.Response:
        self.get("/unlock")
        return self.send("/unlock", pin=pin)

    def register(self, person: Person = ANYBODY) -> httpx.Response:
        self.bind_phone(person.phone)
        decided = self.send("/register/identity", name=person.name, number=person.number)
        if "/unlock/setup" in decided.text:
            self.set_pin()
        self.page = decided
        return decided

    def show_code(self, path: str = "/code") -> dict[str, str]:
        """Show a code; return the data attributes of its card."""
        self.get("/code")
        self.send(path)
        return dict(re.findall(r'data-([a-z]+)="([^"]*)"', self.page.text))
