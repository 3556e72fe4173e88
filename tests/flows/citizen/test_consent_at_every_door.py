"""Every door asks the same question about consent at the moment of use, also for what was open before (P-3, 3.6)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Final

import pytest

from eztong.domain.eid.eid_flow import FlowSettings
from eztong.domain.identifiers import PartnerId
from eztong.domain.requests.request import Request
from eztong.ports.act import PARTNER
from eztong.usecases.eid.open_eid_flow import OpenEidFlow, open_eid_flow
from tests.flows.citizen.browser import ANYBODY, TICKS, Browser, Town
from tests.flows.desk.clerk import Clerk

SETTINGS: Final = FlowSettings()


@dataclass
class Ready:
    """A browser with what waits, and the fields that use it."""

    browser: Browser
    town: Town
    path: str = ""
    fields: dict[str, str] | None = None
    number: str = ""
    clerk: Clerk | None = None

    def send(self) -> str:
        """Press «agree» on a page that was opened before; return what the receipt says."""
        answer = self.browser.client.post(self.path, data=self.fields or {})
        return "passed" if 'data-outcome="passed"' in answer.text else "not_passed"


def wait_with_code(ready: Ready) -> None:
    ready.number = ready.browser.show_code("/code/spoken")["number"]


def wait_with_clerk(ready: Ready) -> None:
    wait_with_code(ready)
    ready.clerk = Clerk(ready.town)
    ready.clerk.start()


def wait_with_request(ready: Ready) -> None:
    request, path = ready.town.ask()
    wait_with_form(ready, path, request)


def wait_with_eid_flow(ready: Ready) -> None:
    services = ready.town.services
    command = OpenEidFlow(partner_id=PartnerId("hotel"), merchant_id="M1", scene="hotel_check_in", settings=SETTINGS)
    opened = services.perform(PARTNER, open_eid_flow, command)
    wait_with_form(ready, f"/r/{opened.link_token}", None)


def wait_with_form(ready: Ready, path: str, request: Request | None) -> None:
    ready.browser.get(path)
    match = {} if request is None else {"match": str(request.match_number)}
    ready.path, ready.fields = path, ready.browser.hidden() | {"act": "agree"} | match


def use_code(ready: Ready) -> str:
    return str(ready.town.verify(ready.number))


def use_at_desk(ready: Ready) -> str:
    assert ready.clerk is not None
    ready.clerk.check(ready.number)
    return "passed" if ready.clerk.result()["tone"] == "success" else "not_passed"


def ask_for_code(ready: Ready) -> str:
    ready.browser.get("/me")
    ready.browser.send("/code")
    return "passed" if 'data-number="' in ready.browser.page.text else "not_passed"


DOORS: Final[dict[str, tuple[Callable[[Ready], None], Callable[[Ready], str]]]] = {
    "code": (wait_with_code, use_code),
    "desk": (wait_with_clerk, use_at_desk),
    "request": (wait_with_request, Ready.send),
    "eid flow": (wait_with_eid_flow, Ready.send),
    "new code": (lambda _ready: None, ask_for_code),
}


def publish(town: Town, *classes: str, kinds: str = "%") -> None:
    """Put one version after the other in force, as publications would."""
    for change_class in classes:
        with closing(sqlite3.connect(town.built.settings.database_file)) as database, database:
            database.execute(
                "INSERT INTO agreements SELECT kind, (CAST(version AS INTEGER) + 1) || '.0', language, title, "
                "text || 'More.', substr(text_hash, 2) || '0', ?1, state, in_force_from FROM agreements "
                "WHERE state = 'in_force' AND kind LIKE ?2",
                (change_class, kinds),
            )
            database.execute(
                "UPDATE agreements SET state = 'superseded' WHERE state = 'in_force' AND EXISTS (SELECT 1 FROM "
                "agreements a WHERE a.kind = agreements.kind AND a.language = agreements.language "
                "AND CAST(a.version AS INTEGER) > CAST(agreements.version AS INTEGER))"
            )


def withdraw(town: Town) -> None:
    """Leave the authorisation withdrawn while everything else stays open, as if both came in the same moment."""
    with closing(sqlite3.connect(town.built.settings.database_file)) as database, database:
        database.execute("UPDATE acceptances SET withdrawn_at = accepted_at WHERE kind = 'authorisation'")


CHANGES: Final[dict[str, tuple[Callable[[Town], None], str]]] = {
    "nothing": (lambda _town: None, "passed"),
    "a notice": (lambda town: publish(town, "C"), "passed"),
    "a new consent": (lambda town: publish(town, "A"), "not_passed"),
    "new terms": (lambda town: publish(town, "B"), "not_passed"),
    "a new consent, then a notice": (lambda town: publish(town, "A", "C", "C"), "not_passed"),
    "one document only": (lambda town: publish(town, "A", "C", kinds="service"), "not_passed"),
    "a withdrawal": (withdraw, "not_passed"),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("door", DOORS)
def test_what_was_open_before_is_worth_what_the_consent_is_worth_now(
    door: str, change: str, browser: Browser, town: Town
) -> None:
    browser.register()
    ready = Ready(browser, town)
    (wait, use), (happen, outcome) = DOORS[door], CHANGES[change]
    wait(ready)
    happen(town)
    assert use(ready) == outcome


def test_a_code_of_before_stays_dead_after_the_holder_consents_again(browser: Browser, town: Town) -> None:
    browser.register()
    number = browser.show_code("/code/spoken")["number"]
    withdraw(town)
    browser.get("/register")
    browser.send("/register", **TICKS)
    assert town.verify(number) != "passed"
    assert town.verify(browser.show_code()["number"]) == "passed"


def test_the_holder_reads_the_reason_and_the_partner_does_not(browser: Browser, town: Town) -> None:
    browser.register()
    number = browser.show_code("/code/spoken")["number"]
    withdraw(town)
    assert town.verify(number) == "not_passed"
    with town.services.store.read() as stored:
        (told,) = stored.verifications.list(PartnerId("hotel"), before=None, limit=9)
    record = browser.get(f"/records/{told.verification_id}").text
    assert "同意已撤回" in record
    assert 'href="/me/agreements"' in record
    assert "/register" in browser.get("/code").text, "the way to consent again"
    assert told.reason == "agreement_not_accepted"
    assert b"agreement" not in (told.result or b"")


@pytest.mark.parametrize("is_proven", [False, True])
def test_an_application_of_before_collects_nothing_until_its_person_consents_again_and_then_goes_on(
    is_proven: bool, browser: Browser, town: Town
) -> None:
    if is_proven:
        browser.bind_phone()
    else:
        browser.accept()
    step = browser.at()
    fields = {"name": ANYBODY.name, "number": ANYBODY.number, "phone": ANYBODY.phone}
    publish(town, "A")
    refused = browser.send(step, **fields)
    assert (refused.status_code, 'href="/register"' in refused.text) == (403, True)
    browser.get("/register")
    browser.send("/register", **TICKS)
    assert browser.at() == step
    browser.send(step, **fields)
    assert browser.at() != step
    assert town.accounts() == 1
