"""Ways to the pages that need somebody in some state: an expired card, a pause, an incident, a frozen account."""

from __future__ import annotations

import json

from tests.browser import ways
from tests.browser.stop import Reach
from tests.browser.window import Window


def expired(window: Window) -> None:
    """Be the person whose card has run out."""
    window.be(str(window.service.holder("P06")["id"]))


def checked(window: Window) -> None:
    """Press the button that asks the authority about an account, whose card is still the old one."""
    expired(window)
    page = window.open("/me/identity")
    button = page.locator("form[action='/me/identity'] button")
    button.click()
    page.locator("[data-result], .banner.warning").first.wait_for()


def paused(window: Window) -> None:
    """Pause the use of one's own data."""
    window.be(window.service.somebody())
    window.open("/me/pause").locator("button[value=pause]").click()
    window.page.locator("[data-paused=yes]").wait_for()


def during_an_incident(first: Reach) -> Reach:
    """Return the way to a page while an incident is open; it has ended when the next page is asked for."""

    def reach(window: Window) -> None:
        opened = window.service.run(
            *("incidents", "open", "--kind", "network", "--affects", "codes", "--operator", "demo-li", "--json"),
            *("--effect-zh", "部分用户打不开亮码页面。", "--effect-en", "Some people cannot open the code page."),
        )
        incident_id = json.loads(opened.stdout)["id"]
        current = "/v1/status"
        window.service.wait_for(lambda: incident_id in window.service.http.get(current).text)
        first(window)
        window.service.run("incidents", "end", incident_id, "--operator", "demo-li")
        window.service.wait_for(lambda: window.service.http.get(current).json()["state"] == "ok")

    return reach


def written(window: Window) -> None:
    """Write to the service as a holder."""
    window.be(window.service.somebody())
    page = window.open("/feedback")
    ways.pick(page, "input[value=complaint]")
    page.locator("textarea").fill("...")
    page.locator("form[action='/feedback'] button").click()
    page.locator("[data-ticket]").wait_for()


def own_ticket(window: Window) -> None:
    """Open the ticket that was written a moment ago."""
    written(window)
    window.page.locator("a[href^='/feedback/']").first.click()
    window.page.wait_for_url("**/feedback/*")


def newest_record(window: Window) -> None:
    """Open the holder's newest record."""
    ways.use_code(window)
    window.open("/records").locator("a[href^='/records/ver_']").first.click()
    window.page.wait_for_url("**/records/ver_*")


def not_me(window: Window) -> None:
    """Open the page that reports a use."""
    newest_record(window)
    window.page.locator("a[href$='/not-me']").click()
    window.page.wait_for_url("**/not-me")


def dispute(window: Window) -> None:
    """Open the page that helps with a dispute about a use."""
    newest_record(window)
    window.page.locator("a[href$='/assist']").click()
    window.page.wait_for_url("**/assist")


def helped(window: Window) -> None:
    """Ask for help with a use."""
    dispute(window)
    window.page.locator("button[value=assist]").click()
    window.page.locator("[data-bundle]").wait_for()


def accepted_text(window: Window) -> None:
    """Open a document as it was accepted."""
    window.be(window.service.somebody())
    window.open("/me/agreements").locator("a[href^='/me/agreements/acc_']").first.click()
    window.page.wait_for_url("**/me/agreements/acc_*")


def withdrawn(window: Window) -> None:
    """Withdraw the authorisation of this window's account."""
    window.be(window.service.somebody())
    page = window.open("/me/agreements/withdraw")
    page.locator("form .button.danger").click()
    page.wait_for_selector("[data-stands=no]")


def frozen(window: Window) -> None:
    """Freeze the account of this window."""
    window.be(window.service.somebody())
    page = window.open("/freeze")
    page.locator("form .button.danger").first.click()
    page.wait_for_selector("[data-state=frozen]")


def spoken(window: Window) -> None:
    """Show a number to read out."""
    window.be(window.service.somebody())
    window.open("/code").locator("form[action='/code/spoken'] button").click()
    window.page.wait_for_selector("[data-life='300']")


def locked(window: Window) -> None:
    """Be at the locked card."""
    window.be(window.service.somebody())
    window.service.advance(200)
    window.open("/code")


def to_unlock(window: Window) -> None:
    """Be asked for the PIN."""
    ways.set_pin(window)
    window.open("/unlock")


def fresh_code(window: Window) -> str:
    """Return the payload of somebody's fresh code."""
    return str(window.service.code(window.service.somebody())["qr"])


def used_code(window: Window) -> str:
    """Return the payload of a code that was used."""
    payload = fresh_code(window)
    window.service.partners["hotel"].verify(payload, ways.SCENE)
    return payload


def frozen_code(window: Window) -> str:
    """Return the payload of a code whose holder froze the account since."""
    holder = window.service.somebody()
    payload = str(window.service.code(holder)["qr"])
    window.service.freeze(holder)
    return payload


def ask_at_game(window: Window) -> None:
    """Have the demo game ask."""
    window.open("/sandbox/game").locator("main form button").first.click()
    window.page.wait_for_url("**/sandbox/game/requests/*")


def me_shown(window: Window) -> None:
    """Show the own identity in full."""
    window.be(window.service.somebody())
    window.open("/me").locator("[data-reveal] button").click()
    window.page.wait_for_selector("[data-revealed]")


def to_application_code(window: Window) -> None:
    """The form that takes the code to see an application."""
    page = window.open("/register/application")
    page.locator("#phone").fill("19900000099")
    page.locator("form[action='/register/application'] button").click()
    page.wait_for_url("**/register/application/code")
