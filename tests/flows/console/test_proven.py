"""At the console a session alone does nothing grave, an error leads back into it, and the audit is asked closely."""

from __future__ import annotations

import html
import json
import re

from eztong.domain.operators.operator import OperatorRole
from eztong.domain.signed_in import PROOF_LIFE
from eztong.ports.act import OPERATOR
from eztong.usecases.operators.break_glass import begin_break_glass
from tests.flows.citizen.browser import Browser, Town
from tests.flows.console.staff import StaffBrowser
from tests.flows.console.test_console import waiting_application

SYSTEM, CASES, AUDIT = OperatorRole.SYSTEM, OperatorRole.CASES, OperatorRole.AUDIT
LATER = int(PROOF_LIFE.total_seconds())


def hidden(page: str) -> dict[str, str]:
    form = page.rpartition("<form")[2]
    return {name: html.unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form)}


def test_a_grave_form_waits_for_a_proof_and_goes_out_as_it_was_filled_in(staff: StaffBrowser, town: Town) -> None:
    StaffBrowser(town).as_operator("wang", CASES)
    staff.sign_in().raise_for_status()
    staff.get("/console/me")
    codes = re.findall(r'<li class="digits">([^<]+)</li>', staff.send_form("/console/me/backup-codes").text)
    assert len(codes) == 10
    assert "还剩 10 个" in staff.get("/console/me").text
    town.pass_time(LATER)
    path = "/console/operators/wang"
    staff.get(path)
    asked = staff.send_form(f"{path}/roles", role_audit="yes")
    assert (asked.status_code, staff.error()) == (403, "operator_proof_needed")
    wrong = staff.client.post(f"{path}/roles", data=hidden(asked.text) | {"confirm_code": "000000"})
    assert "动态码对不上" in wrong.text
    with town.services.store.read() as stored:
        kept = stored.operators.get("wang")
        assert kept is not None
        assert kept.roles == {CASES}
    confirmed = hidden(wrong.text) | {"confirm_code": codes[0]}
    done = staff.client.post(f"{path}/roles", data=confirmed)
    assert (done.url.path, done.url.params["done"]) == (path, "yes")
    # The code is used, and a second press counts as no wrong one.
    assert staff.client.post(f"{path}/roles", data=confirmed).url == done.url
    with town.services.store.read() as stored:
        kept = stored.operators.get("wang")
        assert kept is not None
        assert kept.roles == {AUDIT}
    assert "还剩 9 个" in staff.get("/console/me").text


def test_an_old_session_is_asked_before_a_passkey_and_leads_back(staff: StaffBrowser, town: Town) -> None:
    staff.as_operator("li", SYSTEM).get("/console/me")
    town.pass_time(LATER)
    answer = staff.send_form("/console/me/passkeys/options")
    assert answer.json() == {"next": "/console/confirm?next=%2Fconsole%2Fme"}
    page = staff.get("/console/confirm?next=/console/me")
    assert hidden(page.text)["next"] == "/console/me"
    assert hidden(staff.get("/console/confirm?next=https://evil.example").text)["next"] == "/console"


def test_an_error_keeps_the_navigation_and_leads_back(staff: StaffBrowser) -> None:
    staff.as_operator("zhao", CASES)
    for path, status in (("/console/operators", 403), ("/console/cases/none", 404), ("/console/nothing", 404)):
        page = staff.client.get(path, headers={"Accept": "text/html"})
        assert page.status_code == status, path
        assert '<nav class="side"' in page.text, path
        assert 'href="/console"' in page.text.partition("<main")[2], path
    staff.client.cookies.clear()
    assert '<nav class="side"' not in staff.client.get("/console/nothing", headers={"Accept": "text/html"}).text


def test_everybody_sees_an_emergency_until_another_one_reviewed_it(staff: StaffBrowser, town: Town) -> None:
    li = StaffBrowser(town).as_operator("li", CASES)
    assert "没有开启" in li.get("/console/emergency").text
    assert li.send_form("/console/emergency", reason="x").status_code == 403
    acting = type(OPERATOR)(OPERATOR.actor, "li")
    glass = town.services.perform(acting, begin_break_glass, "联系不上别人", allowed=True)
    zhao = staff.as_operator("zhao", SYSTEM)
    assert "紧急操作进行中" in zhao.get("/console").text
    zhao.get("/console/emergency")
    zhao.send_form(f"/console/emergency/{glass.glass_id}/end")
    assert "等待复核" in zhao.page.text
    zhao.send_form(f"/console/emergency/{glass.glass_id}/review", review="确有必要")
    assert "确有必要" in zhao.page.text
    assert "紧急操作" not in zhao.get("/console").text.partition("<main")[2]


def test_the_audit_is_asked_by_days_and_beginnings_and_its_export_names_no_account(
    staff: StaffBrowser, town: Town, browser: Browser
) -> None:
    application = waiting_application(town, browser)
    zhao = StaffBrowser(town).as_operator("zhao", CASES)
    zhao.get(f"/console/applications/{application}")
    zhao.send_form(f"/console/applications/{application}/reveal", purpose="compare_papers")
    staff.as_operator("chen", AUDIT)
    page = staff.get("/console/audit?what=accounts.*&operator=zh*").text
    assert "accounts.reveal" in page
    assert application in page
    assert "没有符合条件的记录" in staff.get("/console/audit?what=accounts.*&to=2020-01-01").text
    for wrong in ("from=yesterday", "from=2026-03-05&to=2026-03-04", "from=0001-01-01"):
        assert staff.get(f"/console/audit?{wrong}").status_code == 422, wrong
    staff.get("/console/audit")
    rows = json.loads(staff.send_form("/console/audit/export", **{"as": "json", "what": "accounts.*"}).text)["entries"]
    subjects = {row["subject"] for row in rows}
    assert len(subjects) == 1
    assert re.fullmatch(r"account-[0-9a-f]{12}", subjects.pop())
