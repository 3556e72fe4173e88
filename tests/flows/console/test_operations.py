"""The page of operations: what waits, what there was, planned work, and a drill that one operator begins."""

from __future__ import annotations

import re

from starlette.applications import Starlette
from starlette.testclient import TestClient

from eztong.console.door import routes
from eztong.domain.drills.drill import Drill
from eztong.domain.operators.operator import OperatorRole
from eztong.pages.assets import Assets
from eztong.ports.act import SYSTEM
from eztong.usecases.drills.note_drill import note_drill
from eztong.usecases.traffic.note_traffic import note_traffic
from eztong.wiring.asgi import STATIC_FOLDERS
from tests.flows.citizen.browser import Town
from tests.flows.console.quiet_machine import QuietMachine
from tests.flows.console.staff import StaffBrowser

BOTH = (OperatorRole.SYSTEM, OperatorRole.SECURITY)


def console_on(town: Town, staff: StaffBrowser, machine: QuietMachine) -> TestClient:
    """Return a browser at a console on a machine of its own, signed in as ``staff`` is."""
    app = Starlette(routes=routes(town.services, Assets(*STATIC_FOLDERS), machinery=machine))
    client = TestClient(app, base_url="http://testserver", follow_redirects=False)
    client.cookies.set("ezt_console", staff.client.cookies["ezt_console"])
    return client


def test_what_there_was_stands_in_charts_and_in_tables(town: Town, staff: StaffBrowser) -> None:
    staff.as_operator("li", OperatorRole.AUDIT)
    counts = {"verification.passed": 1234, "verification.declined": 5, "answer.2xx": 90, "answer.5xx": 7}
    town.services.perform(SYSTEM, note_traffic, counts)
    page = console_on(town, staff, QuietMachine()).get("/console/operations").text
    assert re.search(r"<svg[^>]*role=\"img\"><title>每小时核验</title>", page)
    assert (page.count('class="line series-'), page.count('class="bar-of series-')) == (5, 2)
    assert ("1,234" in page, "<td" in page, "style=" in page) == (True, True, False)
    assert ("现在演练" in page, "从来没有" in page) == (False, True)


def test_a_drill_is_begun_once_and_what_came_of_it_is_shown(town: Town, staff: StaffBrowser) -> None:
    staff.as_operator("li", *BOTH)
    machine = QuietMachine()
    client = console_on(town, staff, machine)
    csrf, other = (
        re.findall(r'name="csrf" value="([^"]*)"', client.get("/console/operations").text)[0] for _ in range(2)
    )
    answer = client.post("/console/operations", data={"csrf": csrf})
    assert (answer.status_code, machine.is_drilling) == (303, True)
    assert "演练正在进行" in client.get("/console/operations").text
    assert client.post("/console/operations", data={"csrf": other}).status_code == 409
    machine.is_drilling = False
    done = Drill(at=town.services.clock.now(), backup="a.tar", seconds=9, batches=4, rows=70, fields=8, problems=0)
    town.services.perform(SYSTEM, note_drill, done)
    page = client.get("/console/operations").text
    assert ("70 行" in page, "超过 35 天" in page) == (True, False)
    town.pass_time(36 * 24 * 3600)
    staff.as_operator("wang", *BOTH)
    assert "超过 35 天" in console_on(town, staff, machine).get("/console/operations").text


def test_what_cannot_be_drilled_says_why(town: Town, staff: StaffBrowser) -> None:
    staff.as_operator("li", *BOTH)
    page = console_on(town, staff, QuietMachine(has_backup_folder=False)).get("/console/operations").text
    assert "EZTONG_BACKUP_FOLDER" in page
    assert "演练没有完成" in console_on(town, staff, QuietMachine(has_failed=True)).get("/console/operations").text
