"""Clause 3.4: staff come in with two proofs, see what their roles let them, and all of it is on record."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.simulators.citizen import Citizen
from tests.simulators.own_copy import copy_of
from tests.simulators.service import Service, running

SIGN_IN = "/console/sign-in"
IDLE = 16 * 60


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service whose clock this module may move."""
    with running(tmp_path_factory.mktemp("staff") / "data") as service:
        yield service


def at_console(service: Service, operator: str) -> Citizen:
    """Return a browser in which the operator is signed in."""
    session = service.http.post(f"/v1/test_helpers/operators/{operator}/sessions")
    session.raise_for_status()
    browser = Citizen(service)
    browser.http.cookies.set(session.json()["cookie"], session.json()["token"])
    return browser


def audited(service: Service, *asked: str) -> list[dict[str, Any]]:
    """Return entries of the audit, newest first."""
    done = service.run("audit", "list", "--operator", "demo-wang", "--json", *asked)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def typed(browser: Citizen, **changed: str) -> httpx.Response:
    """Send the form that stands filled in for a demo operator, with other values where they are given."""
    (form,) = (part for part in browser.open(SIGN_IN).text.split("<form") if 'value="demo-li"' in part)
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    return browser.http.post(SIGN_IN, data=fields | changed)


def test_secret_and_code_are_needed_together_and_a_wrong_try_is_on_record(apart: Service) -> None:
    for wrong in ({"code": "000000"}, {"secret": "guessed-guessed"}):
        assert typed(Citizen(apart), **wrong).url.path == SIGN_IN
    newest = audited(apart, "--what", "sign_in", "--by", "demo-li")[0]
    assert (newest["step"], newest["error"]) == ("refused", "operator_refused")
    assert typed(Citizen(apart)).url.path == "/console"


def test_whoever_keeps_operators_is_shown_no_person(apart: Service) -> None:
    done = apart.run("operators", "add", "zhou", "--role", "system", "--operator", "demo-li")
    assert done.returncode == 0, done.stderr
    zhou = at_console(apart, "zhou")
    assert zhou.open("/console/operators").status_code == 200
    for page in ("applications", "guardianships", "tickets", "accounts", "cases"):
        assert zhou.open(f"/console/{page}").status_code == 403, page


def test_what_staff_open_about_a_person_that_person_reads_and_the_audit_holds(apart: Service, tmp_path: Path) -> None:
    holder = apart.somebody()
    words = tmp_path / "words.txt"
    words.write_text("a rumour", "utf-8")
    opened = ("cases", "open", holder, "--reason", "breach", "--words-file", str(words))
    done = apart.run(*opened, "--operator", "demo-li", "--json")
    assert done.returncode == 0, done.stderr
    page = at_console(apart, "demo-li").open(f"/console/cases/{json.loads(done.stdout)['case_id']}")
    assert page.status_code == 200
    seen = [event for event in copy_of(apart, holder)["events"] if event["kind"] == "staff_read"]
    assert len(seen) == 1
    entry = audited(apart, "--subject", holder, "--what", "cases.read")[0]
    assert (entry["operator"], entry["step"], entry["door"]) == ("demo-li", "done", "console")


def test_a_console_that_nobody_uses_shows_nothing_after_a_quarter_of_an_hour(apart: Service) -> None:
    browser = at_console(apart, "demo-li")
    assert browser.open("/console/applications").url.path == "/console/applications"
    apart.advance(IDLE)
    assert browser.open("/console/applications").url.path == SIGN_IN


def test_reading_the_audit_is_on_record_and_no_form_changes_it(apart: Service) -> None:
    browser = at_console(apart, "demo-wang")
    assert browser.open("/console/audit").status_code == 200
    assert audited(apart, "--what", "audit.read")[0]["operator"] == "demo-wang"
    assert [browser.http.request(method, "/console/audit").status_code for method in ("POST", "PUT", "DELETE")] == [
        405,
        405,
        405,
    ]
    checked = apart.run("db", "check", "--full")
    assert checked.returncode == 0, checked.stderr
