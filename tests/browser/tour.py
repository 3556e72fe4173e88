"""The tour: every page that a person can meet, and how a window gets there.

Accessibility, strictness, weight and the gallery of screenshots all walk this one list, so a new page is a new line.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from typing_extensions import override

from tests.browser import ways
from tests.browser.steps import agreement_sets, changing_phone, helping, own_account, recovering, talking
from tests.browser.window import Window

Reach = Callable[[Window], object]


@dataclass(frozen=True)
class Stop:
    """A page with its name in the gallery and the way to it."""

    name: str
    reach: Reach

    @override
    def __str__(self) -> str:
        return self.name


def at(path: str) -> Reach:
    """Return the way to a page that only needs its address."""
    return lambda window: window.open(path)


def as_somebody(path: str) -> Reach:
    """Return the way to a page of a signed-in holder who has used a code once and answered a request once."""

    def reach(window: Window) -> None:
        ways.use_code(window)
        window.open(path)

    return reach


def then(first: Reach, path: str) -> Reach:
    """Return the way that goes on to an address."""

    def reach(window: Window) -> None:
        first(window)
        window.open(path)

    return reach


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


def objected(window: Window) -> None:
    """A refusal that its applicant objected to: a number of its own, since one at a time waits for a person."""
    ways.apply_as(window, "测某某", ways.new_citizen()[1])
    window.page.locator("#words").fill("我的姓名和号码没有写错，请再查一次。")
    window.page.locator("#appeal button").click()
    window.page.wait_for_selector("[data-state=under_review]")


def to_application_code(window: Window) -> None:
    """The form that takes the code to see an application."""
    page = window.open("/register/application")
    page.locator("#phone").fill("19900000099")
    page.locator("form[action='/register/application'] button").click()
    page.wait_for_url("**/register/application/code")


def citizen() -> Iterator[Stop]:
    """Give the pages on the way to an account."""
    yield Stop("start", at("/"))
    yield Stop("register-documents", at("/register"))
    yield Stop("register-phone", ways.to_phone)
    yield Stop("register-otp", lambda window: ways.to_otp(window, ways.new_phone()))
    yield Stop("register-identity", ways.to_identity)
    yield Stop("result-approved", ways.to_approval)
    yield Stop("result-review", lambda window: ways.to_result(window, "P22"))
    yield Stop("result-refused", lambda window: ways.to_result(window, "P03"))
    yield Stop("result-objected", objected)
    yield Stop("application", at("/register/application"))
    yield Stop("application-code", to_application_code)
    yield Stop("result-frozen", recovering.to_frozen_result)
    yield Stop("result-guardian", lambda window: ways.to_result(window, "P08"))


def holder() -> Iterator[Stop]:
    """Give the pages of whoever has an account."""
    yield Stop("unlock-setup", then(lambda window: window.be(window.service.somebody()), "/unlock/setup"))
    yield Stop("unlock", to_unlock)
    yield Stop("sign-in", at("/sign-in"))
    yield Stop("lost", at("/lost"))
    yield Stop("recover", at("/recover"))
    yield Stop("code-ready", then(lambda window: window.be(window.service.somebody()), "/code"))
    yield Stop("code-locked", locked)
    yield Stop("code-shown", ways.to_code)
    yield Stop("code-spoken", spoken)
    yield Stop("code-used", ways.use_code)
    yield Stop("request-elsewhere", ways.to_request_elsewhere)
    yield Stop("request", ways.to_request)
    yield Stop("request-approved", lambda window: ways.answer_request(window, "agree"))
    yield Stop("request-declined", lambda window: ways.answer_request(window, "refuse"))
    yield Stop("request-reported", lambda window: ways.answer_request(window, "report"))
    yield Stop("request-over", ways.to_request_over)
    yield Stop("scan", then(lambda window: window.be(window.service.somebody()), "/scan"))
    yield Stop("scan-foreign", ways.scan_something_foreign)
    yield Stop("records", as_somebody("/records"))
    yield Stop("records-empty", then(lambda window: window.be(window.service.somebody()), "/records"))
    yield Stop("record", newest_record)
    yield Stop("record-not-me", not_me)
    yield Stop("record-dispute", dispute)
    yield Stop("record-helped", helped)
    yield Stop("grants", then(lambda window: ways.answer_request(window, "agree"), "/grants"))
    yield Stop("me", as_somebody("/me"))
    yield Stop("me-shown", me_shown)
    yield Stop("my-data", as_somebody("/me/data"))
    yield Stop("after-death", as_somebody("/me/after-death"))
    yield Stop("seen", then(lambda window: ways.answer_request(window, "agree"), "/me/seen"))
    yield Stop("about", at("/about"))
    yield Stop("status", at("/status"))
    yield Stop("status-incident", during_an_incident(at("/status")))
    yield Stop("code-incident", during_an_incident(ways.to_code))
    yield Stop("devices", as_somebody("/me/devices"))
    yield Stop("phone", as_somebody("/me/phone"))
    yield Stop("phone-codes", changing_phone.to_codes)
    yield Stop("phone-changed", changing_phone.changed)
    yield Stop("phone-keep", changing_phone.to_keep_link)
    yield Stop("phone-kept", at("/phone/kept"))
    yield Stop("correct", as_somebody("/me/correct"))
    yield Stop("phrase", own_account.to_phrase)
    yield Stop("unlock-phrase", own_account.to_unlock_with_phrase)
    yield Stop("freeze", as_somebody("/freeze"))
    yield Stop("frozen", frozen)
    yield Stop("offline", at("/offline"))
    yield Stop("not-found", at("/r/nothing"))


def documents() -> Iterator[Stop]:
    """Give the pages of agreements: what somebody accepted, what is in force, what comes."""
    yield Stop("agreements", as_somebody("/me/agreements"))
    yield Stop("withdraw", as_somebody("/me/agreements/withdraw"))
    yield Stop("withdrawn", withdrawn)
    yield Stop("agreement-text", accepted_text)
    yield Stop("document", at("/documents/service"))
    yield Stop("documents", agreement_sets.announced)
    yield Stop("document-changes", agreement_sets.changed)
    yield Stop("document-marked", agreement_sets.marked)


def families() -> Iterator[Stop]:
    """Give the pages of guardians and of who invites one."""
    yield Stop("guardian-invited", own_account.to_invitation)
    yield Stop("family", own_account.to_family)
    yield Stop("family-child", as_somebody("/me/family/child"))
    yield Stop("family-confirm", as_somebody("/me/family/confirm"))
    yield Stop("family-ward", own_account.to_ward)
    yield Stop("family-deregister", own_account.to_leaving)
    yield Stop("family-code", own_account.to_childs_code)
    yield Stop("helper-none", as_somebody("/me/family/helper"))
    yield Stop("helper-invited", helping.to_helper_digits)
    yield Stop("helper-asks", helping.to_asking_helper)
    yield Stop("helper-helps", helping.to_confirmed_helper)
    yield Stop("helping", as_somebody("/me/family/helping"))
    yield Stop("helped", helping.to_helped)
    yield Stop("family-helpers", helping.to_helpers_family)


def notices() -> Iterator[Stop]:
    """Give the pages on which a holder is told, and chooses what."""
    yield Stop("notices", own_account.a_notice)
    yield Stop("notices-empty", as_somebody("/me/notices"))
    yield Stop("me-unread", then(own_account.a_notice, "/me"))
    yield Stop("notice-choices", own_account.choose)
    yield Stop("notice-email", own_account.given_email)
    yield Stop("email-link", own_account.to_email_link)
    yield Stop("freeze-link", own_account.to_freeze_link)


def feedback() -> Iterator[Stop]:
    """Give the pages on which people write to the service."""
    yield Stop("identity-check", then(expired, "/me/identity"))
    yield Stop("identity-check-limits-nothing", as_somebody("/me/identity"))
    yield Stop("identity-checked", checked)
    yield Stop("pause", as_somebody("/me/pause"))
    yield Stop("paused", paused)
    yield Stop("me-limited", then(expired, "/me"))
    yield Stop("feedback", as_somebody("/feedback"))
    yield Stop("feedback-sent", written)
    yield Stop("feedback-ticket", own_ticket)
    yield Stop("feedback-look-up", at("/feedback/status"))
    yield Stop("talks-form", talking.to_talks_form)
    yield Stop("talks-open", talking.to_open_talks)
    yield Stop("talks-proposed", talking.to_proposal)
    yield Stop("talks-settled", talking.to_settled_talks)
    yield Stop("talks-failed", talking.to_failed_talks)
    yield Stop("deregister", as_somebody("/me/deregister"))
    yield Stop("deregister-asked", own_account.leaving)
    yield Stop("deregister-standing", then(own_account.leaving, "/me/deregister"))
    yield Stop("deregister-look-up", at("/deregistration/status"))
    yield Stop("deregister-done", own_account.left)


def recovery() -> Iterator[Stop]:
    """Give the pages of a recovery that waits."""
    yield Stop("recover-code", recovering.to_recover_form)
    yield Stop("recover-waiting", recovering.to_waiting_page)
    yield Stop("recover-due", recovering.to_due_page)
    yield Stop("recover-notice", recovering.to_notice)
    yield Stop("recover-stop", recovering.to_stop_link)
    yield Stop("recover-stopped", at("/recover/stopped"))


def desk() -> Iterator[Stop]:
    """Give the desk's pages."""
    yield Stop("desk-sign-in", at("/desk/sign-in"))
    yield Stop("desk-place", ways.to_place)
    yield Stop("desk", ways.to_desk)
    yield Stop("desk-passed", lambda window: ways.scan_at_desk(window, fresh_code(window)))
    yield Stop("desk-stale", lambda window: ways.scan_at_desk(window, used_code(window)))
    yield Stop("desk-refused", lambda window: ways.scan_at_desk(window, frozen_code(window)))
    yield Stop("desk-sign", then(ways.to_desk, "/desk/sign"))


def sandbox() -> Iterator[Stop]:
    """Give the sandbox's pages."""
    yield Stop("sandbox", at("/sandbox"))
    yield Stop("sandbox-personas", at("/sandbox/personas"))
    yield Stop("sandbox-inbox", at("/sandbox/inbox"))
    yield Stop("sandbox-controls", at("/sandbox/controls"))
    yield Stop("sandbox-hotel", at("/sandbox/hotel"))
    yield Stop("sandbox-game", at("/sandbox/game"))
    yield Stop("sandbox-game-asked", ask_at_game)
    yield Stop("sandbox-side-by-side", at("/sandbox/side-by-side"))


TOUR = (*citizen(), *holder(), *documents(), *families(), *notices(), *feedback(), *recovery(), *desk(), *sandbox())
