"""Every role, and every state of a partner, against every page and form of the portal."""

from __future__ import annotations

import re

import pytest

from eztong.domain.partners.partner import PartnerState
from eztong.domain.portal.permission import MAY, OPEN, PortalPermission
from eztong.domain.portal.person import PortalRole
from eztong.pages.assets import Assets
from eztong.partner_portal.door import TABLE, routes
from eztong.partner_portal.visit import FORM_ONLY, MENU, OPEN_TO_ALL, SIGN_IN
from eztong.wiring.asgi import STATIC_FOLDERS
from tests.flows.citizen.browser import Town
from tests.flows.partner_portal.people import PEOPLE, PortalBrowser, standing

WAYS = [
    (path, method, way[0])
    for path, get, post in TABLE
    for method, way in (("GET", get), ("POST", post))
    if way is not None and path != "/partner/sign-out"
]


def filled(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "x", path)


def refusal(browser: PortalBrowser, path: str, method: str) -> str:
    """Return the code with which the door refuses, or an empty text: whatever a page says itself is none."""
    browser.get("/partner")
    answer = browser.get(filled(path)) if method == "GET" else browser.send_form(filled(path))
    code = browser.error()
    return code if answer.status_code in {403, 409} and code in {"portal_role_missing", "portal_not_open"} else ""


def test_every_route_stands_in_the_table(town: Town) -> None:
    found = {route.path for route in routes(town.services, Assets(*STATIC_FOLDERS))}
    assert found == {path for path, _, _ in TABLE} | OPEN_TO_ALL


def test_no_address_names_a_partner() -> None:
    assert [path for path, _, _ in TABLE if "partner_id" in path] == []


def test_every_permission_has_a_page_or_a_form_and_a_line_in_the_table_of_roles() -> None:
    assert {permission for _, _, permission in WAYS} == set(PortalPermission) == set(MAY)
    assert set(OPEN) == set(PartnerState)


def test_who_reads_changes_nothing() -> None:
    changing = {post[0] for _, _, post in TABLE if post is not None} - {PortalPermission.HOME}
    harmless = {PortalPermission.EVIDENCE_TAKE}
    assert [one for one in changing - harmless if PortalRole.AUDITOR in MAY[one]] == []
    reading = {get[0] for _, get, _ in TABLE if get is not None} - {PortalPermission.HOME}
    assert [one for one in reading if not one.endswith(".read")] == []


@pytest.mark.parametrize("role", PortalRole)
def test_a_role_comes_through_where_the_table_says_so_and_nowhere_else(town: Town, role: PortalRole) -> None:
    browser = PortalBrowser(town).as_person(PEOPLE[role])
    for path, method, permission in WAYS:
        expected = "" if role in MAY[permission] else "portal_role_missing"
        assert refusal(browser, path, method) == expected, (role, method, path)


@pytest.mark.parametrize("state", [PartnerState.SUSPENDED, PartnerState.CLOSED, PartnerState.APPLIED])
def test_what_a_partners_state_leaves_open_is_open_and_nothing_else(town: Town, state: PartnerState) -> None:
    browser = PortalBrowser(town).as_person("demo-admin@hotel")
    with standing(town, state):
        for path, method, permission in WAYS:
            expected = "" if permission in OPEN[state] else "portal_not_open"
            assert refusal(browser, path, method) == expected, (state, method, path)


@pytest.mark.parametrize("role", PortalRole)
def test_the_navigation_shows_what_may_be_seen(town: Town, role: PortalRole) -> None:
    page = PortalBrowser(town).as_person(PEOPLE[role]).get("/partner").text
    side = page.partition('<nav class="side"')[2].partition("</nav>")[0]
    assert set(re.findall(r'href="([^"]+)"', side)) == {path for path, _, one in MENU if role in MAY[one]}


def test_every_page_of_the_navigation_takes_what_the_navigation_says() -> None:
    reading = {path: get[0] for path, get, _ in TABLE if get is not None}
    assert {path: permission for path, _, permission in MENU} == {path: reading[path] for path, _, _ in MENU}


def test_every_form_without_a_page_of_its_own_stands_on_one_that_can_be_read() -> None:
    readable = {filled(path) for path, get, _ in TABLE if get is not None}
    stands_on = {path: FORM_ONLY.sub("", filled(path)) for path, get, _ in TABLE if get is None}
    assert {path: page for path, page in stands_on.items() if page not in readable} == {}


def test_whoever_is_not_signed_in_is_sent_to_sign_in_or_refused(town: Town) -> None:
    browser = PortalBrowser(town)
    for path, method, _ in WAYS:
        if method == "GET":
            assert browser.get(filled(path)).url.path == SIGN_IN, path
        else:
            answer = browser.client.post(filled(path), data={"csrf": "x"})
            assert answer.status_code in {401, 403} or answer.url.path == SIGN_IN, path


def test_a_session_of_the_console_or_a_desk_opens_nothing_here(town: Town) -> None:
    browser = PortalBrowser(town)
    browser.as_operator("li")
    token = browser.client.cookies["ezt_console"]
    browser.client.cookies.set("ezt_portal", token, domain="testserver.local", path="/")
    assert browser.get("/partner").url.path == SIGN_IN
