"""An incident at the console: previewed before it is told, and reported to the authorities on a clock."""

from __future__ import annotations

import json
import re
from pathlib import Path

from eztong.domain.operators.operator import OperatorRole
from tests.flows.citizen.browser import Town
from tests.flows.console.staff import StaffBrowser

SYSTEM, SECURITY, AUDIT = OperatorRole.SYSTEM, OperatorRole.SECURITY, OperatorRole.AUDIT
REPORTS = "/console/incidents/reports"
FACTS = {"grade": "larger", "operator_kind": "other"}


def test_an_incident_is_shown_as_pages_will_tell_it_before_anybody_else_sees_it(
    staff: StaffBrowser, town: Town
) -> None:
    staff.as_operator("sun", SYSTEM).get("/console/incidents")
    told = {
        "kind": "network",
        "affects_all": "yes",
        "effect_zh": "网络不稳定 <b>",
        "effect_en": "The network is unsteady.",
        "workaround_zh": "",
        "workaround_en": "",
        "starts": "",
        "until": "",
    }
    page = staff.send_form("/console/incidents", **told, act="preview").text
    shown = page.partition("预览")[2].partition("<form")[0]
    assert ("网络不稳定 &lt;b&gt;" in shown, "The network is unsteady." in shown) == (True, True)
    assert "State of the service" in shown
    assert 'value="网络不稳定 &lt;b&gt;"' in page
    assert page.count('id="incidents"') == 1
    with town.services.store.read() as stored:
        assert list(stored.incidents.running()) == []
    told_page = staff.send_form("/console/incidents", **told, act="tell")
    assert re.fullmatch(r"/console/incidents/inc_\w+", told_page.url.path)


def test_a_report_runs_from_noticing_to_the_final_one_and_what_is_late_is_loud(staff: StaffBrowser, town: Town) -> None:
    staff.as_operator("sun", SECURITY).get(REPORTS)
    assert staff.send_form(REPORTS, kind="incident", grade="larger").status_code == 422
    path = staff.send_form(REPORTS, kind="incident", **FACTS, noticed="").url.path
    assert re.search("还剩 (4 小时 0|3 小时 59) 分", staff.get(path).text)
    assert "还没写全" in staff.send_form(path, act="first", recipient="省网信办").text
    said = {"unit": "示例运营者", "facts": "昨夜 <b> 起"}
    assert "昨夜 &lt;b&gt; 起" in staff.send_form(path, act="write", **FACTS, **said).text
    town.pass_time(4 * 3600 + 60)
    staff.as_operator("sun.2", SECURITY)
    queue = staff.get("/console").text.partition(f'href="{REPORTS}"')[2].partition("</a>")[0]
    assert "chip danger" in queue
    assert "首次报告已逾期" in staff.get(path).text
    done = staff.send_form(path, act="first", recipient="省网信办，编号 2026-17").text
    assert re.search("迟报 0 小时 [12] 分", done)
    assert "编号 2026-17" in done
    exported = staff.send_form(f"{path}/export", file="json")
    document = json.loads(exported.text)
    assert document["says"] == said
    assert document["hash"] in done
    assert "no-store" in exported.headers["Cache-Control"]


def test_whoever_audits_reads_it_and_changes_nothing(staff: StaffBrowser) -> None:
    staff.as_operator("sun", SECURITY).get(REPORTS)
    path = staff.send_form(REPORTS, kind="flaw", **FACTS, noticed="").url.path
    staff.as_operator("zhou", AUDIT)
    page = staff.get(path).text
    assert re.search("还剩 (24 小时 0|23 小时 59) 分", page)
    assert 'name="act"' not in page
    assert staff.send_form(path, act="write", **FACTS).status_code == 403
    staff.get(path)
    paper = staff.send_form(f"{path}/export", file="pdf")
    fonts = Path("/usr/share/fonts/opentype/noto").is_dir()
    assert (paper.content[:5] == b"%PDF-") is fonts
