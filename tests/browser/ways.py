"""Ways through the pages that need more than an address, by what stands in the pages in every language."""

from __future__ import annotations

import itertools

from playwright.sync_api import Page

from eztong.adapters.authority.personas import PERSONAS
from eztong.adapters.authority.synthetic import synthetic_citizen
from tests.browser.window import Window
from tests.simulators.service import Service

PIN = "805217"
SCENE = "hotel_check_in"
_citizens = itertools.count(7_000_000)
_phones = itertools.count(19_911_000_000)


def pick(page: Page, choice: str) -> None:
    """Take the choice with this selector as people do: by its words, scrolled to where nothing covers them."""
    page.locator("label").filter(has=page.locator(choice)).click()
    assert page.locator(choice).is_checked()


def new_phone() -> str:
    """Return a phone that nobody has used."""
    return str(next(_phones))


def staff_password(service: Service) -> str:
    """Return the password of the demo partners' staff."""
    ((password,),) = service.rows("SELECT value FROM service_settings WHERE name = 'sandbox_desk_password'")
    return str(password)


def to_phone(window: Window) -> Page:
    """Accept both documents."""
    page = window.open("/register")
    for box in page.locator("input[type=checkbox]").all():
        box.check()
    page.locator("form.ticks button.primary").click()
    page.wait_for_url("**/register/phone")
    return page


def to_otp(window: Window, phone: str) -> Page:
    """Give a phone."""
    page = to_phone(window)
    page.fill("#phone", phone)
    page.locator("form button.primary").click()
    page.wait_for_url("**/register/otp")
    return page


def to_identity(window: Window) -> Page:
    """Confirm a phone."""
    phone = new_phone()
    page = to_otp(window, phone)
    page.fill("#otp", window.service.newest_otp(phone))
    page.locator("form button.primary").click()
    page.wait_for_url("**/register/identity")
    return page


def to_result(window: Window, persona: str) -> Page:
    """Apply as somebody of the cast, whatever becomes of it."""
    return apply_as(window, PERSONAS[persona].name, PERSONAS[persona].number)


def to_approval(window: Window) -> Page:
    """Apply as a synthetic citizen whom nobody else plays."""
    return apply_as(window, *new_citizen())


def new_citizen() -> tuple[str, str]:
    """Return name and number of a synthetic citizen whom nobody else plays."""
    return synthetic_citizen(next(_citizens))


def apply_as(window: Window, name: str, number: str) -> Page:
    """Apply with this name and number."""
    return fill_in(to_identity(window), name, number)


def fill_in(page: Page, name: str, number: str) -> Page:
    """Fill in name and number, and apply."""
    page.fill("#name", name)
    page.fill("#number", number)
    page.locator("form.identity button.primary").click()
    page.wait_for_selector("[data-state], [data-error]")
    return page


def set_pin(window: Window) -> Page:
    """Be somebody new who has a PIN."""
    window.be(window.service.somebody())
    page = window.open("/unlock/setup")
    for field in page.locator("input[type=password]").all():
        field.fill(PIN)
    page.locator("form button.primary, form .button").last.click()
    page.wait_for_url("**/code")
    return page


def to_code(window: Window) -> Page:
    """Be somebody new and show a code."""
    window.be(window.service.somebody())
    page = window.open("/code")
    page.locator("form[action='/code'] button").click()
    page.wait_for_selector("svg.qr")
    return page


def payload_on(page: Page) -> str:
    """Return the QR payload on the card."""
    return str(page.locator("[data-qr]").get_attribute("data-qr"))


def use_code(window: Window) -> Page:
    """Show a code, and have the hotel use it."""
    page = to_code(window)
    window.service.partners["hotel"].verify(payload_on(page), SCENE, desk="front-1")
    page.wait_for_selector("[data-outcome]")
    return page


def to_request(window: Window, *, partner: str = "game", scene: str = "game_age_check") -> Page:
    """Be somebody new and open a partner's request."""
    window.be(window.service.somebody())
    body = {"scene": scene, "wants": ["age_over_18"], "grant_days": 30}
    asked = window.service.partners[partner].post("/v1/requests", body).json()
    page = window.open(asked["url"])
    page.wait_for_selector("form")
    return page


def answer_request(window: Window, act: str) -> Page:
    """Open the game's request and answer it."""
    window.be(window.service.somebody())
    body = {"scene": "game_age_check", "wants": ["age_over_18"], "grant_days": 30}
    asked = window.service.partners["game"].post("/v1/requests", body).json()
    page = window.open(asked["url"])
    if act == "agree":
        page.locator("input[name=claim_age_over_18]").check()
        page.locator(f"input[name=match][value='{asked['match_number']}']").check(force=True)
    page.locator(f"button[value={act}]").click()
    page.wait_for_selector("[data-outcome]")
    return page


def to_request_elsewhere(window: Window) -> Page:
    """Open a request where nobody is signed in."""
    asked = window.service.partners["game"].post("/v1/requests", {"scene": "game_age_check", "wants": []}).json()
    return window.open(asked["url"])


def to_request_over(window: Window) -> Page:
    """Open a request that somebody else answered."""
    asked = window.service.partners["game"].post("/v1/requests", {"scene": "game_age_check", "wants": []}).json()
    window.service.answer(asked["id"], "decline", "P01").raise_for_status()
    window.be(window.service.somebody())
    return window.open(asked["url"])


def scan_something_foreign(window: Window) -> Page:
    """Paste the link of another site."""
    window.be(window.service.somebody())
    page = window.open("/scan")
    page.fill("#link", "https://pay.example/r/abc")
    page.locator("#link").press("Enter")
    page.wait_for_selector(".banner.warning")
    return page


def to_place(window: Window, login: str = "hotel") -> Page:
    """Sign staff in."""
    page = window.open("/desk/sign-in")
    page.fill("#login", login)
    page.fill("#password", staff_password(window.service))
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/place")
    return page


def to_desk(window: Window, login: str = "hotel") -> Page:
    """Sign staff in and take the first desk."""
    page = to_place(window, login)
    page.locator("main form button.primary").click()
    page.wait_for_url("**/desk")
    page.wait_for_selector("#code")
    return page


def scan_at_desk(window: Window, digits: str) -> Page:
    """Have the desk's scanner type a code."""
    page = to_desk(window)
    page.keyboard.type(digits)
    page.keyboard.press("Enter")
    page.wait_for_selector("#result[data-tone]")
    return page
