"""Ways to the pages of the console."""

from __future__ import annotations

import itertools
import json
import os
import re
import tempfile
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Page

from eztong.adapters.clock import SystemClock
from eztong.adapters.one_time_codes import TotpCodes
from tests.browser import ways
from tests.browser.steps import asking_more, standing
from tests.browser.stop import Reach
from tests.browser.window import Window
from tests.unit.usecases.partners.acts import document

_MINOR = "440000200906010087"
"""The number of P08."""

_VERSIONS = itertools.count(os.getpid() * 1000)


def staff(path: str) -> Reach:
    """Return the way to a page of the console that only needs somebody who is signed in."""
    return lambda window: window.staff(path)


def to_applications(window: Window) -> Page:
    """Open the queue of applications while one waits."""
    asking_more.objected(window)
    return window.staff("/console/applications")


def to_application(window: Window) -> Page:
    """Open an application that waits for a person."""
    asking_more.objected(window)
    (case,) = re.findall(r"hld_[0-9A-Z]{26}", window.page.content())
    return window.staff(f"/console/applications/{case}")


def to_ticket(window: Window) -> Page:
    """Open a ticket that waits for an answer."""
    standing.written(window)
    number = window.page.locator("[data-ticket]").get_attribute("data-ticket") or ""
    return window.staff(f"/console/tickets/{number.replace(' ', '')}")


def to_person(window: Window) -> Page:
    """Open what there is of somebody."""
    return window.staff(f"/console/people/{window.service.somebody()}")


def to_offer(window: Window) -> Page:
    """Add an operator, and open the page on which they set up secret and app."""
    page = to_word(window)
    name, word = page.locator("h1").inner_text(), page.locator(".shown-once").inner_text()
    page.goto("/console/set-up")
    page.fill("#name", name)
    page.fill("#word", word)
    page.locator("main form button").click()
    page.wait_for_selector("#code")
    return page


def to_word(window: Window, role: str = "cases") -> Page:
    """Add an operator, and see the word for them."""
    page = window.staff("/console/operators")
    name = f"zhao.{page.locator('tbody tr').count()}"
    page.fill("#name", name)
    page.check(f"input[name=role_{role}]")
    page.locator("form:has(#name) button").click()
    page.wait_for_selector(".shown-once")
    return page


def set_up(page: Page, name: str, word: str) -> Page:
    """Be whoever was given this word, at the page that takes it: set up secret and app, and be signed in."""
    page.fill("#name", name)
    page.fill("#word", word)
    page.locator("main form button").click()
    codes, key = TotpCodes(SystemClock()), bytes.fromhex(page.locator("input[name=key]").input_value())
    page.fill("#code", codes.code_of(key, codes.step()))
    page.locator("main form button.primary").click()
    page.wait_for_url("**/console")
    return page


def newcomer(window: Window, own: Window, role: str = "cases") -> str:
    """Let an operator be added in one window who sets up in another; return their name."""
    page = to_word(window, role)
    name, word = page.locator("h1").inner_text(), page.locator(".shown-once").inner_text()
    set_up(own.open("/console/set-up"), name, word)
    return name


def to_operator(window: Window) -> Page:
    """Open the page of an operator who was just added."""
    page = to_word(window)
    page.goto(f"/console/operators/{page.locator('h1').inner_text()}")
    return page


def to_own_page(window: Window) -> Page:
    """Be an operator whom nobody else is, on their own page."""
    page = to_word(window)
    return window.staff("/console/me", page.locator("h1").inner_text())


def to_backup_codes(window: Window) -> Page:
    """Be an operator whom nobody else is, and make backup codes."""
    page = to_own_page(window)
    page.locator("form[action$=backup-codes] button").click()
    page.wait_for_selector("ol.backup")
    return page


def to_proposal(window: Window) -> Page:
    """Open what somebody else proposed."""
    proposal = _propose_policy(window, f"house-{next(_VERSIONS)}", valid_from=None)
    return window.staff(f"/console/proposals/{proposal}", "demo-wang")


def to_scheduled_policy(window: Window) -> Page:
    """Open a version of the policy that two operators published and whose time has not come."""
    version = f"house-{next(_VERSIONS)}"
    _propose_policy(window, version, valid_from="2026-09-01")
    done = window.service.run("policy", "approve", version, "--reason", "as agreed", "--operator", "demo-wang")
    assert done.returncode == 0, done.stderr
    return window.staff(f"/console/policy/versions/{version}")


def _propose_policy(window: Window, version: str, *, valid_from: str | None) -> str:
    policy = json.loads(window.service.run("policy", "show", "--json").stdout)["document"]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "policy.json"
        file.write_text(json.dumps(policy | {"version": version, "valid_from": valid_from}), "utf-8")
        done = window.service.run(
            "policy", "propose", str(file), "--reason", "a month was tried", "--operator", "demo-li", "--json"
        )
    assert done.returncode == 0, done.stderr
    return str(json.loads(done.stdout)["proposal_id"])


def propose_key(window: Window, what: str) -> Page:
    """Look at what a change of keys would do, and propose it."""
    page = window.staff(f"/console/keys/change?what={what}")
    page.fill("#reason", "yearly")
    page.locator("form:has(#reason) button").click()
    page.wait_for_url("**/console/proposals/prp_*")
    return page


def to_keys(window: Window) -> Page:
    """Open the page of keys while a change of one waits for a second operator."""
    page = window.staff("/console/keys/change?what=input_sm2")
    if page.locator("#reason").count():
        propose_key(window, "input_sm2")
    return window.staff("/console/keys")


def to_brand_version(window: Window) -> Page:
    """Propose a brand, which nobody approves, and open it."""
    page = window.staff("/console/branding")
    page.fill("#service_zh", f"城市通{next(_VERSIONS)}")
    page.fill("#service_en", "City Pass")
    page.fill("#accent", "#1d4f91")
    page.fill("#reason", "to look at it")
    page.locator("button[value=propose]").click()
    page.wait_for_url("**/console/proposals/prp_*")
    page.locator("a[href^='/console/branding/']").click()
    page.wait_for_url("**/console/branding/brd_*")
    return page


def to_text(window: Window) -> Page:
    """Draft a text and look at it beside the program's own; nobody proposes it."""
    page = window.staff("/console/texts/code_replayed")
    page.fill("#zh", "您用过的身份码在「{partner}」又被人出示，已被拒绝。如有疑虑，请立即冻结账户。")
    page.fill("#en", "A used code of yours was shown again at {partner} and refused. If in doubt, freeze your account.")
    page.locator("button[value=look]").click()
    page.locator("blockquote", has_text="又被人出示").wait_for()
    return page


def to_incident(window: Window) -> Page:
    """Announce work far ahead, which stands on no other page yet, and open it."""
    page = window.staff("/console/incidents")
    page.select_option("#kind", "maintenance")
    page.check("input[name=affects_all]")
    page.fill("#effect_zh", "系统维护，暂停半小时。")
    page.fill("#effect_en", "Maintenance: a pause of half an hour.")
    day = (window.service.now() + timedelta(days=90)).date().isoformat()
    page.fill("#starts", f"{day}T01:00")
    page.fill("#until", f"{day}T01:30")
    page.locator("form:has(#kind) button[value=tell]").click()
    page.wait_for_url("**/console/incidents/inc_*")
    return page


def to_draft(window: Window) -> Page:
    """Open the form in which one document is drafted."""
    return window.staff("/console/agreements/draft?document=service")


def to_set(window: Window) -> Page:
    """Open a draft of the next set with what it changes: of two documents, in both languages."""
    page = window.staff("/console/agreements/2")
    if page.locator("[data-error]").count() == 0:
        return page
    for kind, asks in (("service", "B"), ("privacy", "C")):
        page = window.staff(f"/console/agreements/draft?document={kind}")
        for language, more in (("zh", "每年公布一次运行情况。"), ("en", "Once a year we say how it ran.")):
            field = page.locator(f"#text_{language}")
            field.fill(field.input_value() + more)
            page.fill(f"#changes_{language}", more)
        page.check(f"input[name=asks][value={asks}]")
        page.fill("#starts", (window.service.now() + timedelta(days=30)).date().isoformat())
        page.locator("form:has(#text_zh) button.primary").click()
        page.wait_for_url(re.compile(r"/console/agreements/\d+"))
    return page


def to_report(window: Window) -> Page:
    """Write an incident down whose first report is overdue, and open its page."""
    page = window.staff("/console/incidents/reports")
    for name, value in (("kind", "incident"), ("grade", "larger"), ("operator_kind", "critical")):
        page.check(f"input[name={name}][value={value}]")
    page.fill("#noticed", (window.service.now() + timedelta(hours=6)).strftime("%Y-%m-%dT%H:%M"))
    page.locator("form:has(#noticed) button").click()
    page.wait_for_url("**/console/incidents/reports/irp_*")
    return page


def to_policy_draft(window: Window) -> Page:
    """Try a version of the policy in which a person looks at older applicants."""
    page = window.staff("/console/policy/draft")
    page.fill("#version", "2027-01")
    page.select_option("#R33", "review")
    page.fill("#R33_of", "70")
    page.locator("button[value=try]").click()
    page.locator("section[role=status]").wait_for()
    return page


def to_guardianships(window: Window) -> Page:
    """Open the queue of guardianships while one waits: a grandparent's, of whom the authority knows nothing."""
    page = window.staff("/console/guardianships")
    if page.locator("main form[method=post]").count():
        return page
    ways.to_result(window, "P08")
    window.open("/register/guardian")
    ways.pick(page, "input[value=grandparent]")
    page.locator("form[action='/register/guardian'] button").click()
    digits = page.locator("[data-invitation]").get_attribute("data-invitation") or ""
    window.be(window.service.somebody())
    window.open("/me/family/confirm")
    page.fill("#digits", digits)
    page.fill("#number", _MINOR)
    ways.pick(page, "input[value=grandparent]")
    ways.pick(page, "input[name=understood]")
    page.locator("form[action='/me/family/confirm'] button").click()
    page.locator("[data-waiting]").first.wait_for()
    return window.staff("/console/guardianships")


def apply_as_bank(window: Window) -> str:
    """Let a bank apply; return its id."""
    bank = f"bank-{next(_VERSIONS)}"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bank.json"
        file.write_text(json.dumps(document(partner=bank)), "utf-8")
        done = window.service.run("partners", "apply", str(file), "--operator", "demo-li")
    assert done.returncode == 0, done.stderr
    return bank


def to_partners(window: Window) -> Page:
    """Open the list of partners while an application of one waits."""
    if "/console/partners/applications/" not in window.staff("/console/partners").content():
        apply_as_bank(window)
    return window.staff("/console/partners")


def to_bank(window: Window) -> Page:
    """Open the page of a partner that nobody else needs, and that has a key."""
    bank = f"bank-{next(_VERSIONS)}"
    for command in (
        ("create", bank, "--name", "示例银行", "--name-en", "Demo Bank", "--sector", bank),
        ("keys", "create", bank, "--label", "back"),
    ):
        done = window.service.run("partners", *command, "--operator", "demo-li")
        assert done.returncode == 0, done.stderr
    return window.staff(f"/console/partners/{bank}")


def to_partner_application(window: Window) -> Page:
    """Open an application of a partner."""
    page = to_partners(window)
    page.locator("a[href^='/console/partners/applications/']").first.click()
    page.wait_for_url("**/console/partners/applications/*")
    return page


def to_webhook(window: Window) -> Page:
    """Open a webhook that was tried."""
    made = window.service.run(
        *("partners", "webhooks", "add", "library", "--url", "http://127.0.0.1:9/hooks"),
        *("--operator", "demo-li", "--json"),
    )
    assert made.returncode == 0, made.stderr
    page = window.staff(f"/console/partners/library/webhooks/{json.loads(made.stdout)['id']}")
    page.locator("button[value=test]").click()
    page.locator("tbody code").first.wait_for()
    return page
