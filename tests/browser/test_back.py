"""Back always works: after every form, and after what answered it, the browser asks for a page instead of a resend."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from eztong import citizen, console, desk, partner_portal
from eztong.pages.assets import Assets
from tests.browser import ways
from tests.browser.conftest import OpenWindow
from tests.browser.steps import (
    applying,
    at_console,
    at_portal,
    changing_phone,
    deciding,
    helping,
    own_account,
    recovering,
    standing,
)
from tests.browser.stop import Reach, at, then
from tests.browser.window import Window
from tests.flows.citizen.browser import Town
from tests.flows.console.quiet_machine import QuietMachine

SOMETHING: Final = "1"
ELSEWHERE: Final = "/documents/service"


def signed_in(path: str) -> Reach:
    """Return the way to a page of somebody who is signed in."""
    return then(lambda window: window.be(window.service.somebody()), path)


def to_sign_in_code(window: Window) -> None:
    """Be asked for the code that signs in."""
    page = window.open("/sign-in")
    page.fill("#phone", ways.new_phone())
    page.locator("form button.primary").click()
    page.wait_for_selector("#otp")


def to_claimed(path: str) -> Reach:
    """Return the way to the message code of a page that asks for name and number first."""

    def reach(window: Window) -> None:
        name, number = ways.new_citizen()
        page = window.open(path)
        page.fill("#name", name)
        page.fill("#number", number)
        for choice in page.locator("form input[type=radio]").all()[:1]:
            choice.check(force=True)
        page.locator("form button[class~=button]").last.click()
        page.wait_for_selector("#otp")

    return reach


def to_counter_request(window: Window) -> None:
    """Open what the QR on a counter opens."""
    page = ways.to_desk(window)
    page.goto("/desk/sign")
    if page.locator("[data-url]").count() == 0:
        page.locator("main form button").first.click()
    address = page.locator("[data-url]").first.get_attribute("data-url")
    assert address is not None
    window.be(window.service.somebody())
    page.goto("/at/" + address.rsplit("/", 1)[1])


# Every page with a form, by its route, and the way to it.
PAGES: Final[dict[str, Reach]] = {
    "/register": at("/register"),
    "/register/phone": ways.to_phone,
    "/register/otp": lambda window: ways.to_otp(window, ways.new_phone()),
    "/register/identity": ways.to_identity,
    "/sign-in": at("/sign-in"),
    "/sign-in/code": to_sign_in_code,
    "/register/result": lambda window: ways.to_result(window, "P03"),
    "/register/application": at("/register/application"),
    "/register/application/code": standing.to_application_code,
    "/lost": at("/lost"),
    "/lost/code": to_claimed("/lost"),
    "/recover": at("/recover"),
    "/recover/code": to_claimed("/recover"),
    "/recover/waiting": recovering.to_due_page,
    "/recover/stop": recovering.to_notice,
    "/recover/stop/{token}": recovering.to_stop_link,
    "/unlock": standing.to_unlock,
    "/unlock/setup": signed_in("/unlock/setup"),
    "/code": signed_in("/code"),
    "/r/{token}": ways.to_request,
    "/at/{token}": to_counter_request,
    "/scan": signed_in("/scan"),
    "/freeze": signed_in("/freeze"),
    "/me": signed_in("/me"),
    "/me/data": signed_in("/me/data"),
    "/me/notices": own_account.a_notice,
    "/me/notices/choices": signed_in("/me/notices/choices"),
    "/notices/email/{token}": own_account.to_email_link,
    "/lost/link/{token}": own_account.to_freeze_link,
    "/me/devices": signed_in("/me/devices"),
    "/me/correct": signed_in("/me/correct"),
    "/me/phrase": signed_in("/me/phrase"),
    "/me/after-death": signed_in("/me/after-death"),
    "/me/identity": signed_in("/me/identity"),
    "/me/pause": signed_in("/me/pause"),
    "/me/phone": signed_in("/me/phone"),
    "/me/phone/code": changing_phone.to_codes,
    "/phone/keep/{token}": changing_phone.to_keep_link,
    "/register/guardian": own_account.to_invitation,
    "/me/family/child": signed_in("/me/family/child"),
    "/me/family/confirm": signed_in("/me/family/confirm"),
    "/me/family/helper": signed_in("/me/family/helper"),
    "/me/family/helping": signed_in("/me/family/helping"),
    "/me/family/helping/{assistance_id}": helping.to_helped,
    "/me/family/{guardianship_id}": own_account.to_ward,
    "/me/family/{guardianship_id}/deregister": own_account.to_leaving,
    "/me/family/{guardianship_id}/limits": own_account.to_limits,
    "/take-over": at("/take-over"),
    "/me/agreements/withdraw": signed_in("/me/agreements/withdraw"),
    "/grants": then(lambda window: ways.answer_request(window, "agree"), "/grants"),
    "/records/{record_id}/not-me": standing.not_me,
    "/records/{record_id}/assist": standing.dispute,
    "/feedback": at("/feedback"),
    "/feedback/status": at("/feedback/status"),
    "/decisions": at("/decisions"),
    "/me/cases/{number}": deciding.to_decision,
    "/feedback/{number}": standing.own_ticket,
    "/deregistration/status": at("/deregistration/status"),
    "/me/deregister": signed_in("/me/deregister"),
    "/desk": ways.to_desk,
    "/desk/sign-in": at("/desk/sign-in"),
    "/desk/set-up": at("/desk/set-up"),
    "/desk/place": ways.to_place,
    "/desk/sign": then(ways.to_desk, "/desk/sign"),
    "/console/sign-in": at("/console/sign-in"),
    "/console/set-up": at("/console/set-up"),
    "/console/me": at_console.to_own_page,
    "/console/confirm": at_console.staff("/console/confirm"),
    "/console/operators": at_console.staff("/console/operators"),
    "/console/operators/{name}": at_console.to_operator,
    "/console/proposals/{proposal_id}": at_console.to_proposal,
    "/console/applications/{application_id}": at_console.to_application,
    "/console/cases": deciding.to_cases,
    "/console/cases/{case_id}": deciding.to_case,
    "/console/tickets": at_console.staff("/console/tickets"),
    "/console/guardianships": at_console.to_guardianships,
    "/console/accounts": at_console.staff("/console/accounts"),
    "/console/find": at_console.staff("/console/find"),
    "/console/people/{holder_id}": at_console.to_person,
    "/console/agreements/draft": at_console.to_draft,
    "/console/incidents": at_console.staff("/console/incidents"),
    "/console/policy/draft": at_console.staff("/console/policy/draft"),
    "/console/policy/versions/{version}": at_console.to_scheduled_policy,
    "/console/incidents/reports": at_console.staff("/console/incidents/reports"),
    "/console/incidents/reports/{report_id}": at_console.to_report,
    "/console/incidents/{incident_id}": at_console.to_incident,
    "/console/tickets/{number}": at_console.to_ticket,
    "/console/partners/applications/{application_id}": at_console.to_partner_application,
    "/console/partners/{partner_id}": at_console.to_bank,
    "/console/partners/{partner_id}/desks": at_portal.to_console_desks,
    "/console/partners/{partner_id}/webhooks/{endpoint_id}": at_console.to_webhook,
    "/console/branding": at_console.staff("/console/branding"),
    "/console/policy/retention": at_console.staff("/console/policy/retention"),
    "/console/texts/{text_id}": at_console.staff("/console/texts/code_replayed"),
    "/console/operations": at_console.staff("/console/operations"),
    "/console/keys/change": at_console.staff("/console/keys/change?what=qr_tag"),
    "/console/audit": at_console.staff("/console/audit"),
    "/console/partners/{partner_id}/keys/{key_id}": at_portal.to_console_key,
    "/console/partners/{partner_id}/people/{name}": at_portal.to_console_person,
    "/partner/sign-in": at("/partner/sign-in"),
    "/partner/set-up": at("/partner/set-up"),
    "/partner/apply": applying.to_filled,
    "/partner/apply/state": applying.to_state,
    "/partner/keys": at_portal.to_made_key,
    "/partner/keys/{key_id}": at_portal.to_key,
    "/partner/webhooks": at_portal.portal("/partner/webhooks"),
    "/partner/webhooks/{endpoint_id}": at_portal.to_webhook,
    "/partner/desks": at_portal.portal("/partner/desks", at_portal.ELSEWHERE),
    "/partner/desks/one/{desk}": at_portal.to_own_desk,
    "/partner/desks/staff/{login}": at_portal.to_staff,
    "/partner/people": at_portal.portal("/partner/people"),
    "/partner/people/{name}": at_portal.to_person,
    "/partner/verifications/{verification_id}": at_portal.to_verification,
    "/partner/me": at_portal.to_own_page,
    "/partner/confirm": at_portal.portal("/partner/confirm"),
}
# Addresses that take forms and have no page: their forms stand on the pages named, or only scripts send to them.
FORMS_ELSEWHERE: Final = {
    "/console/branding/{version_id}": "/console/branding",
    # Its first form proposes the draft, after which the others are gone.
    "/console/agreements/{number}": "/console/agreements/draft",
    "/code/spoken": "/code",
    "/register/appeal": "/register/result",
    "/register/answer": "/register/result",
    "/register/withdraw": "/register/result",
    "/me/family/{guardianship_id}/code": "/me/family/{guardianship_id}",
    "/sign-out": "/me",
    "/me/deregister/undo": "/me/deregister",
    "/feedback/bundle": "/feedback/{number}",
    "/deregistration/undo": "/deregistration/status",
    "/deregistration/receipt": "/deregistration/status",
    "/grants/partners/{partner_id}": "/grants",
    "/grants/{grant_id}/withdraw": "/grants",
    "/desk/sign-out": "/desk",
    "/desk/checklist": "/desk",
    "/console/sign-out": "/console/me",
    "/console/sign-in/passkey": "/console/sign-in",
    "/console/sign-in/passkey/options": "/console/sign-in",
    "/console/confirm/passkey": "/console/confirm",
    "/console/confirm/passkey/options": "/console/confirm",
    "/console/me/passkeys": "/console/me",
    "/console/me/passkeys/options": "/console/me",
    "/console/me/passkeys/{passkey_id}/remove": "/console/me",
    "/console/me/backup-codes": "/console/me",
    "/console/tickets/bulk": "/console/tickets",
    "/console/tickets/bulk/apply": "/console/tickets",
    "/console/applications/bulk": "/console/applications/{application_id}",
    "/console/applications/bulk/apply": "/console/applications/{application_id}",
    "/console/applications/{application_id}/reveal/propose": "/console/applications/{application_id}",
    "/console/me/sessions/{session_id}/end": "/console/me",
    "/console/operators/{name}/roles": "/console/operators/{name}",
    "/console/operators/{name}/disable": "/console/operators/{name}",
    "/console/operators/{name}/end-sessions": "/console/operators/{name}",
    "/console/audit/export": "/console/audit",
    "/console/audit/pack": "/console/audit",
    "/console/incidents/reports/{report_id}/export": "/console/incidents/reports/{report_id}",
    "/console/applications/{application_id}/reveal": "/console/applications/{application_id}",
    "/console/accounts/freeze": "/console/accounts",
    "/console/people/{holder_id}/reveal": "/console/people/{holder_id}",
    "/console/people/{holder_id}/reveal/propose": "/console/people/{holder_id}",
    "/console/cases/{case_id}/notes": "/console/cases/{case_id}",
    "/console/cases/{case_id}/measure": "/console/cases/{case_id}",
    "/console/cases/{case_id}/appeal": "/console/cases/{case_id}",
    "/console/partners/{partner_id}/keys": "/console/partners/{partner_id}",
    "/console/partners/{partner_id}/people": "/console/partners/{partner_id}",
    "/console/partners/{partner_id}/people/{name}/disable": "/console/partners/{partner_id}/people/{name}",
    "/console/partners/{partner_id}/people/{name}/end-sessions": "/console/partners/{partner_id}/people/{name}",
    "/partner/sign-out": "/partner/me",
    "/partner/me/sessions/{session_id}/end": "/partner/me",
    "/partner/verifications/{verification_id}/evidence": "/partner/verifications/{verification_id}",
    "/partner/webhooks/{endpoint_id}/change": "/partner/webhooks/{endpoint_id}",
    "/partner/webhooks/{endpoint_id}/secret": "/partner/webhooks/{endpoint_id}",
    "/partner/desks/factor": "/partner/desks",
    "/partner/desks/one/{desk}/end": "/partner/desks/one/{desk}",
    "/partner/desks/one/{desk}/open": "/partner/desks/one/{desk}",
    "/partner/desks/staff": "/partner/desks",
    "/partner/desks/staff/{login}/disable": "/partner/desks/staff/{login}",
    "/partner/people/{name}/role": "/partner/people/{name}",
    "/partner/people/{name}/disable": "/partner/people/{name}",
    "/partner/people/{name}/end-sessions": "/partner/people/{name}",
    "/console/accounts/restrict": "/console/accounts",
}
WITH_A_CLOCK_OF_THEIR_OWN: Final = {"/me/family/{guardianship_id}/hand-over", "/take-over/code"}
"""Pages that are there only years later; test_hand_over.py walks them."""
IN_AN_EMERGENCY: Final = {
    "/console/emergency",
    "/console/emergency/{glass_id}/end",
    "/console/emergency/{glass_id}/review",
}
"""Forms that a setting allows, which these services do not have; flows/console/test_proven.py sends them."""
ONLY_FOR_SCRIPTS: Final = ("/passkey", "/passkeys", "/options", "/frame")


def test_every_address_that_takes_a_form_is_walked(tmp_path: Path) -> None:
    town = Town(tmp_path)
    assets = Assets(citizen.STATIC, desk.STATIC)
    routes = [
        *citizen.routes(town.services, assets, town.built.streams),
        *desk.routes(town.services, assets),
        *console.routes(town.services, assets, machinery=QuietMachine()),
        *partner_portal.routes(town.services, assets),
    ]
    taking = {route.path for route in routes if "POST" in (route.methods or ())}
    for path in taking - WITH_A_CLOCK_OF_THEIR_OWN - IN_AN_EMERGENCY:
        assert FORMS_ELSEWHERE.get(path, path) in PAGES or path.endswith(ONLY_FOR_SCRIPTS), path


@pytest.mark.parametrize("path", PAGES)
def test_back_after_a_form_is_a_page_of_ours(path: str, open_window: OpenWindow) -> None:
    """Send each form of the page with hardly anything in it, go on, and come back."""
    check_back(PAGES[path], open_window)


def test_back_after_the_code_shows_the_same_code_while_it_lives(open_window: OpenWindow) -> None:
    for script in (True, False):
        window = open_window(java_script_enabled=script)
        page = ways.to_code(window)
        payload = ways.payload_on(page)
        page.goto("/records")
        page.go_back()
        assert ways.payload_on(page) == payload
        page.reload()
        assert ways.payload_on(page) == payload


def test_a_wrong_pin_then_the_right_one_leaves_no_trap_behind(phone: Window) -> None:
    standing.to_unlock(phone)
    page = phone.page
    page.fill("#pin", "402983")
    page.locator("form[action='/unlock'] button").click()
    expect(page.locator("#pin-error")).to_be_visible()
    page.fill("#pin", ways.PIN)
    page.locator("form[action='/unlock'] button").click()
    page.wait_for_url("**/code")
    page.go_back()
    _check_ours(page)


def check_back(reach: Reach, open_window: OpenWindow) -> None:
    """Send each form of a page, in a window of its own, and come back to it."""
    first = _opened(reach, open_window())
    count = len(_forms(first))
    assert count > 0
    for place in range(count):
        page = _opened(reach, open_window()) if place else first
        _send(page, place)
        _go_on_and_back(page)


def _opened(reach: Reach, window: Window) -> Page:
    reach(window)
    return window.page


def _forms(page: Page) -> list[str]:
    return [form.inner_html() for form in page.locator("main form[method=post]").all()]


def _send(page: Page, place: int) -> None:
    form = page.locator("main form[method=post]").nth(place)
    form.evaluate(
        "(form, something) => { form.noValidate = true; for (const field of form.elements) "
        "if (/^(text|tel|password|search)$/.test(field.type) && !field.value) field.value = something; }",
        SOMETHING,
    )
    page.evaluate("document.documentElement.dataset.before = 'yes'")
    with page.expect_response(lambda answer: answer.request.method == "POST") as sent:
        form.evaluate("form => form.requestSubmit(form.querySelector('button:not([type=button]):not([disabled])'))")
    # A form that script sends, and one that answers with a file, stay where they are; all others make a new page.
    if sent.value.request.is_navigation_request() and "content-disposition" not in sent.value.headers:
        page.wait_for_selector("html:not([data-before])", state="attached")
        page.wait_for_load_state()


def _go_on_and_back(page: Page) -> None:
    page.goto(ELSEWHERE)
    page.go_back()
    _check_ours(page)


def _check_ours(page: Page) -> None:
    expect(page.locator("main#main")).to_be_visible()
    assert not page.url.startswith("chrome-error:")
