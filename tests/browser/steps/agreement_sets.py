"""The ways to the pages of agreement sets: what is in force and announced, what changes, a clause that is marked."""

from __future__ import annotations

import json
from datetime import timedelta

from tests.browser.window import Window
from tests.simulators.publishing import FIRST, approve, draft, propose, run
from tests.simulators.service import Service

CONTACT = "help@eztong.example"
AHEAD = timedelta(days=360)
_CLAUSE = "2.9"
_WHY = ("--words-zh", "法院认定该条无效。", "--words-en", "A court found it void.", "--reason", "judgment")


def announced(window: Window) -> None:
    """Stand on the list of sets, one of which is announced."""
    page = window.open("/documents")
    if page.locator("[data-state='scheduled']").count() == 0:
        _announce(window.service)
        window.open("/documents").locator("[data-state='scheduled']").wait_for()


def changed(window: Window) -> None:
    """Stand on the page that says what the announced service agreement changes."""
    announced(window)
    document = window.page.locator("[data-state='scheduled'] [data-document='service']")
    window.open(f"/documents/service/{document.get_attribute('data-version')}/changes").locator("ins").first.wait_for()


def marked(window: Window) -> None:
    """Stand at a clause of the service agreement that is marked as void."""
    page = window.open(f"/documents/service#clause-{_CLAUSE}")
    if page.locator(".clause-mark").count() == 0:
        _mark(window.service)
        window.open(f"/documents/service?marked#clause-{_CLAUSE}").locator(".clause-mark").wait_for()


def _announce(service: Service) -> None:
    since = (service.now() + AHEAD).date().isoformat()
    approve(service, propose(service, draft(service, CONTACT, "--from", since)["number"]))


def _mark(service: Service) -> None:
    told = ("agreements", "sever", "service", _CLAUSE, "--effect", "void", "--from", service.now().date().isoformat())
    made = json.loads(run(service, *told, *_WHY, "--operator", FIRST, "--json"))
    approve(service, made["proposal"]["proposal_id"])
