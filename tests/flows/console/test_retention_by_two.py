"""Periods in the console: what a change erases is looked at first, typed by whoever approves, and then holds."""

from __future__ import annotations

import re
from html import unescape

from eztong.domain.operators.operator import OperatorRole
from tests.flows.citizen.browser import Town
from tests.flows.console.staff import StaffBrowser

PAGE = "/console/policy/retention"
_DAYS = re.compile(r'name="(days_[a-z_]+)" value="([^"]*)"')


def days(staff: StaffBrowser, **changed: str) -> dict[str, str]:
    """Return the fields of the form as they stand, with some changed."""
    return {name: unescape(value) for name, value in _DAYS.findall(staff.get(PAGE).text)} | changed


def test_a_period_is_shortened_by_two_after_a_look(town: Town) -> None:
    li = StaffBrowser(town).as_operator("li", OperatorRole.LEGAL)
    wang = StaffBrowser(town).as_operator("wang", OperatorRole.SYSTEM)
    shorter = days(li, days_audit="200")
    seen = li.send_form(PAGE, **shorter, do="look").text
    assert [re.findall(rf'data-label="{one}">(\d+)', seen) for one in ("现在", "改为")] == [["1095"], ["200"]]
    assert re.search(r'data-label="生效时会提前删除"><span class="chip">0', seen)
    page = li.send_form(PAGE, **shorter, do="propose", reason="six months are enough").url.path
    wang.get(page)
    (link,) = re.findall(r'"(/console/policy/retention\?version=ret_[^"]*)"', wang.page.text)
    assert wang.send_form(page, end="approve", reason="seen").status_code == 422
    wang.send_form(page, end="approve", reason="seen", typed=link[-6:])
    assert "已批准" in wang.get(page).text
    assert "已发布" in wang.get(link).text
    assert 'name="days_audit" value="200"' in li.get(PAGE).text


def test_what_lies_beyond_bounds_is_said_with_them_and_readers_change_nothing(town: Town) -> None:
    li = StaffBrowser(town, language="en").as_operator("li", OperatorRole.LEGAL)
    told = li.send_form(PAGE, **days(li, days_tickets="30"), do="propose", reason="x")
    assert (told.status_code, "takes a number of days from 1095 to 7300" in told.text) == (422, True)
    assert 'name="days_tickets" value="30"' in told.text
    assert li.send_form(PAGE, **days(li, days_tickets="many"), do="look").status_code == 422
    assert li.send_form(PAGE, **days(li), do="look", starts="2036-01-01T00:00").status_code == 422
    assert li.get(f"{PAGE}?version=ret_none").status_code == 404
    reader = StaffBrowser(town).as_operator("zhang", OperatorRole.AUDIT)
    assert "days_audit" not in reader.get(PAGE).text
