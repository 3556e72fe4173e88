"""The service in each mode with people at browsers of their own, who read the messages to their own phone only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from starlette.testclient import TestClient
from typing_extensions import override

from eztong.adapters.clock import SystemClock
from eztong.adapters.limiter import MemoryLimiter
from eztong.domain.access.device import Device
from eztong.domain.access.otp import OtpPurpose
from eztong.domain.access.passkey import Passkey
from eztong.domain.access.pin import Pin
from eztong.domain.holder import Holder
from eztong.domain.identifiers import HolderId
from eztong.domain.notices import Message, Topic
from eztong.domain.recovery import Recovery, RecoveryState
from eztong.ports.clock import Clock
from eztong.ports.notifier import Notifier
from eztong.usecases.vault import phone_index
from eztong.wiring.asgi import build_application
from tests.flows.citizen.browser import Browser, Person, Town
from tests.simulators.due_work import deliver_due_messages
from tests.simulators.live import live_settings

VICTIM: Final = Person("测一一", "11000019900307001X", "19900000001")
ATTACKER: Final = Person("测一二", "110000199003080023", "19900000002")
CODE_PAGES: Final = {
    OtpPurpose.REGISTER: ("/register/phone", "/register/otp"),
    OtpPurpose.SIGN_IN: ("/sign-in", "/sign-in/code"),
    OtpPurpose.FREEZE: ("/lost", "/lost/code"),
    OtpPurpose.RECOVER: ("/recover", "/recover/code"),
    OtpPurpose.APPLICATION: ("/register/application", "/register/application/code"),
    OtpPurpose.CHANGE_FROM: ("/me/phone", "/me/phone/code"),
    OtpPurpose.CHANGE_TO: ("/me/phone", "/me/phone/code"),
    OtpPurpose.TAKE_OVER: ("/take-over", "/take-over/code"),
}
"""Where a message code for each purpose is asked for, and where it is typed."""


class MovableClock(Clock):
    """The machine's clock, which a test moves on where nobody can wait."""

    def __init__(self) -> None:
        self._base = SystemClock()
        self._ahead = timedelta()

    @override
    def now(self) -> datetime:
        return self._base.now() + self._ahead

    def move(self, seconds: int) -> None:
        """Move forward."""
        self._ahead += timedelta(seconds=seconds)


class Phones(Notifier):
    """Phones that keep what is sent to them."""

    def __init__(self) -> None:
        self._messages: dict[str, list[Message]] = {}
        self._known: set[str] = set()

    @override
    def deliver(self, message: Message, *, message_id: str) -> None:
        if message_id not in self._known:
            self._known.add(message_id)
            self._messages.setdefault(message.phone, []).append(message)

    def messages(self, phone: str) -> list[Message]:
        """Return what came to a phone, oldest first."""
        return self._messages.get(phone, [])


class Standing(NamedTuple):
    """Everything about an account that a stranger must not change."""

    holder: Holder | None
    sessions: tuple[object, ...]
    devices: tuple[Device, ...]
    pin: Pin | None
    passkeys: tuple[Passkey, ...]
    recoveries: tuple[Recovery, ...]
    others: tuple[object, ...]


@dataclass
class Stage:
    """A running service and everybody's phones. The clock is moved by the sandbox, or is a test's own."""

    town: Town
    clock: MovableClock | None = None
    phones: Phones = field(default_factory=Phones)

    def pass_time(self, seconds: int) -> None:
        """Move the service's clock on."""
        if self.clock is None:
            self.town.pass_time(seconds)
        else:
            self.clock.move(seconds)

    def browser(self, person: Person, *, network: str = "203.0.113.7") -> Hand:
        """Give a person a fresh browser in a network."""
        return Hand(self, person, network=network)

    def messages(self, phone: str, topic: Topic) -> list[Message]:
        """Return what came to a phone about a topic, oldest first."""
        while deliver_due_messages(services=self.town.services, notifier=self.phones).again:
            pass
        return [message for message in self.phones.messages(phone) if message.topic is topic]

    def holder(self, person: Person) -> Holder:
        """Return the account that a person's phone carries."""
        index = phone_index(person.phone, keys=self.town.services.keys)
        with self.town.services.store.read() as stored:
            return next(one for one in stored.holders.by_phone_index(index) if one.has_account)

    def standing(self, holder_id: HolderId) -> Standing:
        """Return the account as it stands."""
        with self.town.services.store.read() as stored:
            return Standing(
                holder=stored.holders.get(holder_id),
                sessions=tuple(stored.sessions.list(holder_id)),
                devices=tuple(stored.devices.list(holder_id)),
                pin=stored.pins.get(holder_id),
                passkeys=tuple(stored.passkeys.list(holder_id)),
                recoveries=tuple(stored.recoveries.list(holder_id)),
                others=(
                    tuple(stored.own_data.switches(holder_id)),
                    tuple(stored.grants.of_holder(holder_id)),
                    tuple(stored.reports.list(holder_id)),
                    tuple(stored.phone_changes.list(holder_id)),
                    tuple(stored.corrections.list(holder_id)),
                ),
            )

    def recovery_of(self, person: Person) -> RecoveryState | None:
        """Return where the newest recovery of a person's account stands, if there ever was one."""
        recoveries = self.standing(self.holder(person).holder_id).recoveries
        return recoveries[0].state if recoveries else None

    def stop_link(self, person: Person) -> str:
        """Return the path of the newest link that stops a recovery, as it came to a person's phone."""
        link = str(self.messages(person.phone, Topic.RECOVERY_WAITING)[-1].params["link"])
        return link.removeprefix(self.town.services.deployment.public_url)

    def standings(self) -> tuple[Standing, ...]:
        """Return both accounts as they stand, the victim's first."""
        return tuple(self.standing(self.holder(person).holder_id) for person in (VICTIM, ATTACKER))


class Hand(Browser):
    """A person's browser: its message codes are the ones that came to that person's phone."""

    def __init__(self, stage: Stage, person: Person, *, network: str) -> None:
        https = stage.town.services.deployment.is_secure
        super().__init__(stage.town, language="zh-CN", https=https)
        self.stage = stage
        self.person = person
        self.client = TestClient(
            stage.town.app,
            base_url=str(self.client.base_url),
            headers={"Accept-Language": "zh-CN"},
            client=(network, 50_000),
        )

    @override
    def newest_otp(self) -> str:
        return str(self.stage.messages(self.person.phone, Topic.OTP)[-1].params["otp"])

    def forget_session(self) -> None:
        """Lose the session and keep what else the browser knows."""
        for cookie in [one for one in self.client.cookies.jar if one.name.endswith("ezt_session")]:
            self.client.cookies.jar.clear(cookie.domain, cookie.path, cookie.name)


def ask(hand: Hand, purpose: OtpPurpose, person: Person) -> str:
    """Ask for a code for ``person``; return the slip of its form."""
    path, _code = CODE_PAGES[purpose]
    hand.get(path)
    hand.send(path, phone=person.phone, name=person.name, number=person.number, reason="phone_lost")
    return hand.hidden().get("slip", "")


def forgot(person: Person) -> dict[str, str]:
    """Return what is typed besides the message code to recover without PIN and passkey."""
    return {"act": "forgot", "name": person.name, "number": person.number}


def begin_to_wait(hand: Hand, person: Person) -> None:
    """Recover without PIN and passkey, with the code that came to the hand's phone."""
    ask(hand, OtpPurpose.RECOVER, person)
    hand.send("/recover/code", otp=hand.newest_otp(), **forgot(person))


def finish(hand: Hand) -> None:
    """Come for the account for which this browser waited."""
    hand.get("/recover/waiting")
    hand.send("/recover/waiting", act="finish")


@contextmanager
def sandbox(folder: Path) -> Iterator[Stage]:
    """Run the sandbox."""
    town = Town(folder)
    yield Stage(town)
    town.built.close()


@contextmanager
def live(folder: Path) -> Iterator[Stage]:
    """Run with live-mode settings and an authority of its own: nothing of the sandbox. Only the clock can be moved."""
    clock, settings = MovableClock(), live_settings(folder)
    town = Town(settings.data_dir, settings=settings)
    services = replace(town.services, clock=clock, limiter=MemoryLimiter(clock))
    town.built = replace(town.built, services=services)
    town.app = build_application(town.built)
    yield Stage(town, clock)
    town.built.close()


MODES: Final = {"sandbox": sandbox, "live": live}
