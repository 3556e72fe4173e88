"""The policy at the console: read, tried in counts, proposed, published by a second operator, called off (2.1)."""

from __future__ import annotations

import re
from datetime import timedelta

from eztong.domain.identity.age import service_date
from eztong.domain.operators.operator import OperatorRole
from tests.flows.citizen.browser import Browser, Town
from tests.flows.console.staff import StaffBrowser

LEGAL, CASES, AUDIT = OperatorRole.LEGAL, OperatorRole.CASES, OperatorRole.AUDIT
DRAFT = "/console/policy/draft"
OLDER = {"R33": "review", "R33_of": "20"}


def test_a_version_is_tried_proposed_published_and_called_off(
    staff: StaffBrowser, town: Town, browser: Browser
) -> None:
    browser.register()
    starts = (service_date(town.services.clock.now()) + timedelta(days=9)).isoformat()
    staff.as_operator("li", LEGAL).get(DRAFT)
    typed = {"version": "house-9", "valid_from": starts, "reason": "一个月试算过", **OLDER}
    for wrong in ({"version": "House 9"}, {"R33_of": "25"}, {"R33_of": ""}, {"R40": "explode"}, {"valid_from": "soon"}):
        refused = staff.send_form(DRAFT, **(typed | wrong), act="propose")
        assert (refused.status_code, "有一项填得不对" in refused.text) == (422, True), wrong
    tried = staff.send_form(DRAFT, **typed, act="try").text
    assert "自动决定的 1 件申请：结果相同 0 件，不同 1 件" in tried
    assert "hld_" not in tried
    assert 'value="house-9"' in tried
    proposed = staff.send_form(DRAFT, **typed, act="propose")
    path = proposed.url.path
    assert re.fullmatch(r"/console/proposals/prp_\w+", path)
    assert 'href="/console/policy/versions/house-9"' in proposed.text
    wang = StaffBrowser(town).as_operator("wang", LEGAL)
    wang.get(path)
    assert "已批准" in wang.send_form(path, end="approve", reason="看过试算").text
    version = "/console/policy/versions/house-9"
    assert "达到这个年龄" in wang.get(version).text
    assert "待生效" in wang.page.text
    assert wang.send_form(version, reason="").status_code == 422
    assert "已撤销" in wang.send_form(version, reason="年龄写错了").text
    wang.get(DRAFT)
    assert "只有已公布" in wang.send_form(version, reason="再").text


def test_whoever_only_reads_proposes_nothing_and_sees_what_is_kept_how_long(staff: StaffBrowser) -> None:
    staff.as_operator("zhao", CASES)
    page = staff.get("/console/policy").text
    assert ("现行规则（2026-03）" in page, DRAFT in page) == (True, False)
    assert "您的角色不能起草" in staff.get(DRAFT).text
    assert "开通服务时起" in staff.get("/console/policy/versions/2026-03").text
    assert staff.get("/console/policy/versions/none").status_code == 404
    kept = staff.get("/console/policy/retention").text
    assert re.search(r"审计记录</th><td[^>]*>1095\s天", kept)
    assert "2026年10月1日" in kept
