"""Every role against every page and form of the console: what the table of permissions says, and nothing else."""

from __future__ import annotations

import re

import pytest

from eztong.console.door import routes, table
from eztong.console.visit import FORM_ONLY, MENU, PASSKEY_ENTRY, SET_UP, SIGN_IN
from eztong.domain.operators.operator import OperatorRole
from eztong.domain.operators.permission import MAY, Permission
from eztong.pages.assets import Assets
from eztong.wiring.asgi import STATIC_FOLDERS
from tests.flows.citizen.browser import Town
from tests.flows.console.quiet_machine import QuietMachine
from tests.flows.console.staff import StaffBrowser

TABLE = table(tuple, QuietMachine())
WAYS = [
    (path, method, way[0])
    for path, get, post in TABLE
    for method, way in (("GET", get), ("POST", post))
    if way is not None
]
OPEN_TO_ALL = {SIGN_IN, SET_UP, PASSKEY_ENTRY, f"{PASSKEY_ENTRY}/options"}


def filled(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "x", path)


def test_every_route_stands_in_the_table(town: Town) -> None:
    found = {route.path for route in routes(town.services, Assets(*STATIC_FOLDERS), machinery=QuietMachine())}
    assert found == {path for path, _, _ in TABLE} | OPEN_TO_ALL


def test_every_page_of_the_navigation_takes_what_the_navigation_says() -> None:
    reading = {path: get[0] for path, get, _ in TABLE if get is not None}
    assert {path: permission for path, _, permission in MENU} == {path: reading[path] for path, _, _ in MENU}


@pytest.mark.parametrize("role", OperatorRole)
def test_a_role_comes_through_where_the_table_says_so_and_nowhere_else(staff: StaffBrowser, role: OperatorRole) -> None:
    staff.as_operator(f"op.{role}", role)
    for path, method, permission in WAYS:
        may = role in MAY[permission]
        # One ends the session, the other begins a process.
        if path == "/console/sign-out" or (may and permission is Permission.SERVICE_DRILL):
            continue
        staff.get("/console")
        answer = staff.get(filled(path)) if method == "GET" else staff.send_form(filled(path))
        refused = (answer.status_code, staff.error()) == (403, "operator_role_missing")
        assert refused is not may, (role, method, path)


def test_every_form_without_a_page_of_its_own_stands_on_one_that_can_be_read() -> None:
    readable = {filled(path) for path, get, _ in TABLE if get is not None}
    stands_on = {path: FORM_ONLY.sub("", filled(path)) for path, get, _ in TABLE if get is None}
    assert {path: page for path, page in stands_on.items() if page not in readable} == {}


@pytest.mark.parametrize("role", OperatorRole)
def test_the_navigation_shows_what_may_be_seen(staff: StaffBrowser, role: OperatorRole) -> None:
    page = staff.as_operator(f"op.{role}", role).get("/console").text
    side = page.partition('<nav class="side"')[2].partition("</nav>")[0]
    shown = set(re.findall(r'href="([^"]+)"', side))
    assert shown == {path for path, _, permission in MENU if role in MAY[permission]}


def test_whoever_is_not_signed_in_is_sent_to_sign_in_or_refused(staff: StaffBrowser) -> None:
    for path, method, _ in WAYS:
        if method == "GET":
            assert staff.get(filled(path)).url.path == SIGN_IN, path
        else:
            answer = staff.client.post(filled(path), data={"csrf": "x"})
            assert answer.status_code in {401, 403} or answer.url.path == SIGN_IN, path


def test_a_form_without_the_browsers_token_does_nothing(staff: StaffBrowser, town: Town) -> None:
    staff.as_operator("li", OperatorRole.SYSTEM)
    answer = staff.client.post("/console/operators", data={"name": "zhao", "role_cases": "yes", "csrf": "0" * 64})
    assert answer.status_code == 403
    with town.services.store.read() as stored:
        assert stored.operators.get("zhao") is None


def test_every_permission_of_a_form_changes_something_and_none_of_a_page_does() -> None:
    """What reads is called so, but for one's own pages."""
    for _, get, post in TABLE:
        if get is not None:
            assert get[0] is Permission.CONSOLE or get[0].endswith(".read")
        if post is not None:
            harmless = {Permission.CONSOLE, Permission.TICKETS_READ, Permission.PARTNERS_READ}
            harmless |= {Permission.INCIDENT_REPORTS_READ}
            assert post[0] in harmless or not post[0].endswith(".read")
