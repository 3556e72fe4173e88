"""A citizen at a browser, over real HTTP: reads a page's hidden fields, fills in the rest, sends the form."""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass, field
from html import unescape
from typing import Generic, Protocol

import httpx
from typing_extensions import TypeVar

from tests.simulators.service import Service

_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
PIN = "805217"
TICKS = {"tick_service": "yes", "tick_authorisation": "yes"}


class Reached(Protocol):
    """A service that a browser reaches, and the phones that it sends messages to."""

    @property
    def url(self) -> str:
        """Its address."""

    @property
    def to_close(self) -> list[httpx.Client]:
        """What is closed when it ends."""

    def newest_otp(self, phone: str) -> str:
        """Wait for the message code that went to ``phone`` last and return its digits."""


S = TypeVar("S", bound=Reached, default=Service)


@dataclass
class Citizen(Generic[S]):
    """One browser with its own cookies; ``verify`` is whose certificates it believes."""

    service: S
    page: str = ""
    verify: ssl.SSLContext | bool = True
    http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.http = httpx.Client(
            base_url=self.service.url, follow_redirects=True, timeout=30, trust_env=False, verify=self.verify
        )
        self.service.to_close.append(self.http)

    def open(self, path: str) -> httpx.Response:
        """Open a page."""
        answer = self.http.get(path)
        self.page = answer.text
        return answer

    def hidden(self) -> dict[str, str]:
        """Return the hidden fields of the page that is open."""
        return {name: unescape(value) for name, value in _HIDDEN.findall(self.page)}

    def send(self, path: str, **fields: str) -> httpx.Response:
        """Send the open page's form with more fields."""
        answer = self.http.post(path, data={**self.hidden(), **fields})
        self.page = answer.text
        return answer

    def accept(self) -> httpx.Response:
        """Tick both documents and press."""
        self.open("/register")
        return self.send("/register", **TICKS)

    def confirm_phone(self, phone: str) -> httpx.Response:
        """Give the phone and the digits that arrive in the inbox."""
        self.open("/register/phone")
        self.send("/register/phone", phone=phone)
        return self.send("/register/otp", otp=self.service.newest_otp(phone))

    def identify(self, name: str, number: str) -> httpx.Response:
        """Give name and number."""
        self.open("/register/identity")
        return self.send("/register/identity", name=name, number=number)

    def set_pin(self, pin: str = PIN) -> httpx.Response:
        """Set the first PIN, which unlocks too."""
        self.open("/unlock/setup")
        return self.send("/unlock/setup", pin=pin, again=pin)

    def unlock(self, pin: str = PIN) -> httpx.Response:
        """Unlock with the PIN."""
        self.open("/unlock")
        return self.send("/unlock", pin=pin)

    def register(self, name: str, number: str, phone: str) -> httpx.Response:
        """Go through the whole registration."""
        self.accept()
        self.confirm_phone(phone)
        decided = self.identify(name, number)
        self.set_pin()
        return decided

    def show_code(self) -> str:
        """Press «show my code» and return the number on the card."""
        self.open("/code")
        page = self.send("/code").text
        found = re.search(r'data-number="(\d{18})"', page)
        assert found is not None, page
        return found[1]
