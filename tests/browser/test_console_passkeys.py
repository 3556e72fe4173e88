"""An operator's passkey in a real browser: made, used to sign in, and to confirm a grave act after its time."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from eztong.domain.signed_in import PROOF_LIFE
from tests.browser.conftest import OpenWindow
from tests.browser.steps import at_console
from tests.browser.window import Window


def site(window: Window) -> str:
    """Passkeys belong to a host name, never to an address."""
    return window.service.url.replace("127.0.0.1", "localhost")


def be(window: Window, name: str, path: str) -> Page:
    """Be the operator at the name that passkeys work for."""
    session = window.service.http.post(f"/v1/test_helpers/operators/{name}/sessions").json()
    window.context.add_cookies([{"name": session["cookie"], "value": session["token"], "url": site(window)}])
    window.page.goto(site(window) + path)
    return window.page


def test_a_passkey_is_made_signs_in_and_confirms_what_a_session_alone_does_not_do(open_window: OpenWindow) -> None:
    colleague = at_console.to_word(open_window()).locator("h1").inner_text()
    window = open_window(language="en")
    window.virtual_passkeys()
    page = be(window, "demo-wang", "/console/me")
    page.fill("#label", "blue key")
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url("**/console/me?done=yes")
    expect(page.get_by_text("blue key", exact=True)).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/console/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/console")
    window.service.advance(int(PROOF_LIFE.total_seconds()) + 1)
    page.goto(f"{site(window)}/console/operators/{colleague}")
    page.check("input[name=role_legal]")
    page.get_by_role("button", name="Save roles").click()
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    page.get_by_role("button", name="Confirm with a passkey").click()
    page.wait_for_url(f"**/console/operators/{colleague}?done=yes")
    expect(page.locator(".facts").get_by_text("Legal")).to_be_visible()
    page.goto(f"{site(window)}/console/me")
    page.get_by_role("button", name="Remove the passkey blue key").click()
    expect(page.get_by_text("You have none yet.")).to_be_visible()
