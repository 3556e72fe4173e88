"""Agreements at the console: drafted in the browser, compared, proposed, and published by a second operator (5.6)."""

from __future__ import annotations

import html
import re
from datetime import timedelta

from eztong.domain.agreements import AgreementState
from eztong.domain.identity.age import service_date
from eztong.domain.operators.operator import OperatorRole
from tests.flows.citizen.browser import Browser, Town
from tests.flows.console.staff import StaffBrowser

LEGAL, AUDIT = OperatorRole.LEGAL, OperatorRole.AUDIT
DRAFT = "/console/agreements/draft"
SAID = {
    "asks": "B",
    "grace": "14",
    "changes_zh": "每年公布一次运行情况。",
    "changes_en": "Once a year we say how it ran.",
}


def fields(page: str) -> dict[str, str]:
    """Return the texts that the form stands filled in with."""
    areas = re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    titles = re.findall(r'<input id="(title_\w+)"[^>]* value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in (*areas, *titles)}


def test_a_set_goes_from_a_form_to_the_public_by_two_operators(
    staff: StaffBrowser, town: Town, browser: Browser
) -> None:
    browser.register()
    starts = (service_date(town.services.clock.now()) + timedelta(days=9)).isoformat()
    staff.as_operator("li", LEGAL)
    page = staff.get(f"{DRAFT}?document=service").text
    texts = fields(page)
    assert "{version}" in texts["text_zh"]
    # As large as a browser sends it: longer than any other form may be.
    longer = {name: f"{text}\r\n\r\nMORE <b>\r\n" if "text" in name else text for name, text in texts.items()}
    longer["text_zh"] += "字" * 8_000
    near = staff.send_form(DRAFT, document="service", starts="2026-01-16", **SAID, **longer)
    assert (near.status_code, "生效日太近或太远" in near.text, "MORE &lt;b&gt;" in near.text) == (422, True, True)
    drafted = staff.send_form(DRAFT, document="service", starts=starts, **SAID, **longer)
    assert (drafted.status_code, drafted.url.path) == (200, "/console/agreements/2")
    assert "<ins>MORE &lt;b&gt;" in drafted.text.replace("\n", "")
    assert "逐一告知 1 个账户，并要求他们再次接受" in drafted.text
    assert "MORE" not in town.browser().get("/documents").text
    proposed = staff.send_form("/console/agreements/2", act="propose", reason="年度更新")
    assert re.fullmatch(r"/console/proposals/prp_\w+", proposed.url.path)
    assert 'href="/console/agreements/2"' in proposed.text
    assert "已提请公布" in staff.get("/console/agreements/2").text
    wang = StaffBrowser(town).as_operator("wang", LEGAL)
    wang.get(proposed.url.path)
    assert "已批准" in wang.send_form(proposed.url.path, end="approve", reason="读过").text
    with town.services.store.read() as stored:
        found = stored.agreement_sets.by_number(2)
    assert found is not None
    assert found.state is AgreementState.SCHEDULED
    standing = wang.get("/console/agreements/2").text
    assert ('value="call_off"' in standing, 'value="propose"' in standing) == (True, False)
    assert "待生效" in wang.get("/console/agreements").text
    assert "每年公布一次运行情况" in town.browser().get("/documents").text
    wang.get("/console/agreements/2")
    off = wang.send_form("/console/agreements/2", act="call_off", reason="法院另有判决").url.path
    staff.get(off)
    assert 'href="/console/agreements/2"' in staff.page.text
    assert "已批准" in staff.send_form(off, end="approve", reason="读过").text
    assert "已撤回" in staff.get("/console/agreements/2").text
    assert "每年公布一次运行情况" not in town.browser().get("/documents").text


def test_whoever_only_reads_drafts_nothing_and_sees_counts_without_names(staff: StaffBrowser, browser: Browser) -> None:
    person = browser.register()
    staff.as_operator("zhou", AUDIT)
    assert "您的角色不能起草" in staff.get(f"{DRAFT}?document=service").text
    page = staff.get("/console/agreements/accepted").text
    assert "已接受现行版本" in page
    assert "现有账户 1 个" in page
    assert "hld_" not in page
    assert staff.get("/console/agreements/99").status_code == 404
    assert person is not None


def test_a_draft_is_thrown_away_in_the_browser(staff: StaffBrowser, town: Town) -> None:
    staff.as_operator("li", LEGAL)
    said = {"title_zh": "公告", "title_en": "Notice", "text_zh": "停机。", "text_en": "Closed.", **SAID}
    staff.get(f"{DRAFT}?document=notice")
    assert staff.send_form(DRAFT, document="notice", number="", **said).status_code == 422
    assert staff.send_form(DRAFT, document="notice", number="2026-1", **said).url.path == "/console/agreements/2"
    assert staff.send_form("/console/agreements/2", act="discard").url.path == "/console/agreements"
    with town.services.store.read() as stored:
        assert stored.agreement_sets.by_number(2) is None
