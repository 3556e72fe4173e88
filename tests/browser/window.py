"""A window of a real browser, and what the tests of pages do with it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from playwright.sync_api import BrowserContext, CDPSession, Page

from tests.simulators.service import Service

PHONE = (390, 844)
DESK = (1280, 800)
SMALL_PHONE = (320, 640)
# As root in a container, and without the browser's own calls home.
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str:
    """Return where Debian's Chromium is: the shell without windows, a third of the work, or the whole browser.

    Raises:
        AssertionError: neither is installed; ``make test`` installs one.
    """
    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    assert found is not None, "the package chromium is missing; make test installs it"
    return found


@dataclass(frozen=True)
class Authenticator:
    """A virtual authenticator of a window."""

    session: CDPSession
    authenticator_id: str

    def stop_verifying(self) -> None:
        """From now on it answers without knowing who holds it, where the page lets it."""
        named = {"authenticatorId": self.authenticator_id, "isUserVerified": False}
        self.session.send("WebAuthn.setUserVerified", named)


@dataclass(frozen=True)
class Window:
    """A page in a window of its own, with its own cookies."""

    context: BrowserContext
    page: Page
    service: Service

    def sign_in_as(self, persona: str) -> str:
        """Register the persona if need be and be that person in this window, unlocked; return the holder id."""
        holder_id = str(self.service.holder(persona)["id"])
        self.be(holder_id)
        return holder_id

    def be(self, holder_id: str) -> None:
        """Be the holder in this window, unlocked."""
        answer = self.service.http.post(f"/v1/test_helpers/holders/{holder_id}/sessions")
        answer.raise_for_status()
        session = answer.json()
        self.context.add_cookies([{"name": session["cookie"], "value": session["token"], "url": self.service.url}])

    def staff(self, path: str, name: str = "demo-li") -> Page:
        """Be an operator at the console in this window, and open a page of it."""
        answer = self.service.http.post(f"/v1/test_helpers/operators/{name}/sessions")
        answer.raise_for_status()
        session = answer.json()
        self.context.add_cookies([{"name": session["cookie"], "value": session["token"], "url": self.service.url}])
        return self.open(path)

    def person(self, path: str, login: str) -> Page:
        """Be a person of a partner at the partner portal in this window, and open a page of it."""
        answer = self.service.http.post(f"/v1/test_helpers/people/{login}/sessions")
        answer.raise_for_status()
        session = answer.json()
        self.context.add_cookies([{"name": session["cookie"], "value": session["token"], "url": self.service.url}])
        return self.open(path)

    def open(self, path: str) -> Page:
        """Open a page and wait until it is there."""
        self.page.goto(path)
        return self.page

    def asset(self, name: str) -> str:
        """Return the address of a static file, as the page that is open names it or would."""
        stem, _, suffix = name.rpartition(".")
        self.page.wait_for_load_state()
        found: str | None = self.page.evaluate(
            "([stem, suffix]) => performance.getEntriesByType('resource').map((entry) => new URL(entry.name).pathname)"
            ".find((path) => path.startsWith(`/static/${stem}-`) && path.endsWith(`.${suffix}`)) ?? null",
            [stem, suffix],
        )
        assert found is not None, f"the page did not load {name}"
        return found

    def virtual_passkeys(self) -> Authenticator:
        """Give the window an authenticator that verifies its user, as a phone's platform one does."""
        session = self.context.new_cdp_session(self.page)
        session.send("WebAuthn.enable")
        added = session.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": True,
                    "automaticPresenceSimulation": True,
                }
            },
        )
        return Authenticator(session, str(added["authenticatorId"]))
