"""Queues at the console: finding exactly, turning by key, what is pressed twice, and what lacks something."""

from __future__ import annotations

import re

import pytest

from eztong.domain.operators.operator import OperatorRole
from tests.flows.citizen.browser import ANYBODY, Browser, Town
from tests.flows.citizen.feedback.test_feedback import write
from tests.flows.citizen.guardianship.test_family import MINOR, STRANGER, confirm, registered
from tests.flows.console.staff import StaffBrowser

CASES, SYSTEM, PARTNERS = OperatorRole.CASES, OperatorRole.SYSTEM, OperatorRole.PARTNERS
NOBODY = "11010519491231002X"


def csrf(staff: StaffBrowser) -> str:
    return staff.hidden()["csrf"]


def waiting_guardianship(town: Town) -> tuple[Browser, Browser]:
    """Let a guardianship wait that the authority does not know; return ward and guardian."""
    minor, guardian = registered(town, MINOR), registered(town, STRANGER)
    minor.get("/register/guardian")
    minor.send("/register/guardian", relation="grandparent")
    digits = re.findall(r'data-invitation="(\d{6})"', minor.page.text)[0]
    confirm(guardian, digits, MINOR.number, "grandparent")
    return minor, guardian


# --- finding ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", [ANYBODY.number, ANYBODY.phone, f"+86 {ANYBODY.phone}"])
def test_a_person_is_found_by_the_whole_number_or_phone_and_reads_that(
    staff: StaffBrowser, browser: Browser, typed: str
) -> None:
    browser.register()
    staff.as_operator("zhao", CASES).get("/console")
    page = staff.send_form("/console/find", find=typed)
    assert re.fullmatch(r"/console/people/hld_\w+", page.url.path)
    assert ANYBODY.number not in page.text
    assert ANYBODY.phone not in page.text
    assert "周岁" in page.text
    assert "工作人员" in browser.get("/me/seen").text
    part = staff.send_form("/console/find", find=typed[:-1])
    assert part.status_code in {404, 422}


def test_what_nobody_has_is_on_record_and_numbers_lead_to_tickets(
    staff: StaffBrowser, town: Town, browser: Browser
) -> None:
    write(browser, "question")
    with town.services.store.read() as stored:
        (ticket,) = stored.tickets.queue(limit=2).those
    staff.as_operator("zhao", CASES).get("/console")
    assert staff.send_form("/console/find", find=NOBODY).status_code == 404
    assert "没有查到" in staff.page.text
    assert staff.send_form("/console/find", find="0000000000").status_code == 404
    assert staff.send_form("/console/find", find=ticket.number).url.path == f"/console/tickets/{ticket.number}"
    staff.as_operator("sun", OperatorRole.AUDIT).get("/console")
    assert staff.send_form("/console/find", find=NOBODY).status_code == 403


def test_tickets_are_shown_by_what_they_are_about(staff: StaffBrowser, browser: Browser) -> None:
    write(browser, "question")
    staff.as_operator("zhao", CASES)
    assert staff.get("/console/tickets?about=question").text.count('href="/console/tickets/') == 1
    assert staff.get("/console/tickets?about=correction").text.count('href="/console/tickets/') == 0


def test_data_in_full_of_an_account_are_shown_for_a_purpose_and_never_a_minors(staff: StaffBrowser, town: Town) -> None:
    waiting_guardianship(town)
    staff.as_operator("zhao", CASES)
    guardian, ward = re.findall(r'href="(/console/people/hld_\w+)"', staff.get("/console/guardianships").text)
    for path, number, answer in ((guardian, STRANGER.number, 200), (ward, MINOR.number, 403)):
        assert number not in staff.get(path).text
        page = staff.send_form(f"{path}/reveal", purpose="compare_papers")
        assert (page.status_code, number in page.text) == (answer, answer == 200)
    assert staff.send_form(f"{guardian}/reveal", purpose="").status_code == 422
    assert "请先选择一项" in staff.page.text


# --- guardianships ------------------------------------------------------------------------------------------------


def test_a_guardian_is_asked_for_more_and_the_answer_waits_for_staff(staff: StaffBrowser, town: Town) -> None:
    _, guardian = waiting_guardianship(town)
    staff.as_operator("zhao", CASES)
    page = staff.get("/console/guardianships").text
    assert "身份机构没有这段关系的记录" in page
    (found,) = re.findall(r'name="guardianship" value="([^"]+)"', page)
    assert staff.send_form("/console/guardianships", guardianship=found, decision="ask").status_code == 422
    done = staff.send_form("/console/guardianships", guardianship=found, decision="ask", words="请说明祖孙关系")
    (number,) = re.findall(r'href="/console/tickets/(\d+)"', done.text)
    assert "请说明祖孙关系" in guardian.get(f"/feedback/{number}").text
    with town.services.store.read() as stored:
        assert stored.tickets.queue(limit=9).is_empty
    guardian.send(f"/feedback/{number}", words="附上户口簿说明")
    with town.services.store.read() as stored:
        assert [one.number for one in stored.tickets.queue(limit=9).those] == [number]


# --- forms --------------------------------------------------------------------------------------------------------


def test_what_is_pressed_twice_is_done_once(staff: StaffBrowser, town: Town) -> None:
    staff.as_operator("li", PARTNERS).get("/console/partners/hotel")
    before = len(keys(town))
    key = {"csrf": csrf(staff), "label": "till", "scope_verifications:write": "yes", "days": "30"}
    first = staff.client.post("/console/partners/hotel/keys", data=key)
    second = staff.client.post("/console/partners/hotel/keys", data=key)
    assert [len(re.findall(r"ezt_sk_test_[\w-]{20,}", page.text)) for page in (first, second)] == [1, 0]
    assert "之前已经提交过" in second.text
    assert len(keys(town)) == before + 1
    staff.get("/console/partners/hotel")
    staff.client.post("/console/partners/hotel/keys", data=key | {"csrf": csrf(staff)})
    assert len(keys(town)) == before + 2


def test_the_second_press_is_led_where_the_first_one_was(staff: StaffBrowser) -> None:
    staff.as_operator("zhao", CASES).get("/console/incidents")
    told = {"kind": "network", "affects_codes": "yes", "effect_zh": "亮码页面打不开。", "effect_en": "No codes."}
    sent = {"csrf": csrf(staff), **told}
    first, second = (staff.client.post("/console/incidents", data=sent) for _ in range(2))
    assert first.url.path == second.url.path
    assert staff.get("/console/incidents").text.count('href="/console/incidents/inc_') == 1


def test_what_was_refused_can_be_sent_again_as_it_was(staff: StaffBrowser) -> None:
    staff.as_operator("li", PARTNERS).get("/console/partners/hotel")
    sent = {"csrf": csrf(staff), "label": "", "days": "30"}
    assert [staff.client.post("/console/partners/hotel/keys", data=sent).status_code for _ in range(2)] == [422, 422]


def keys(town: Town) -> list[str]:
    with town.services.store.read() as stored:
        return [one.key_id for one in stored.partners.keys("hotel")]  # type: ignore[arg-type]


def test_what_lacks_something_is_said_on_the_forms_own_page(staff: StaffBrowser) -> None:
    staff.as_operator("li", SYSTEM, CASES)
    staff.get("/console/partners/hotel")
    page = staff.send_form("/console/partners/hotel", move="close", reason="合同到期", typed="酒店")
    assert (page.status_code, "输入的名称和显示的不一致" in page.text) == (422, True)
    assert 'value="合同到期"' in page.text
    staff.as_operator("wu", CASES).get("/console/guardianships")
    page = staff.send_form("/console/guardianships", decision="")
    assert (page.status_code, "请先选择一项" in page.text) == (422, True)
    staff.as_operator("xu", SYSTEM).get("/console/operators/wu")
    page = staff.send_form("/console/operators/wu/disable", typed="nobody")
    assert (page.status_code, "输入的名称和显示的不一致" in page.text) == (422, True)
    assert 'action="/console/operators/wu/disable"' in page.text


def test_no_form_leaves_its_checking_to_the_browsers_own_language(staff: StaffBrowser) -> None:
    staff.as_operator("li", SYSTEM, CASES, PARTNERS)
    for path in ("/console/accounts", "/console/partners/hotel", "/console/cases", "/console/operators", "/console/me"):
        forms = re.findall(r"<form [^>]*>", staff.get(path).text)
        assert forms
        assert [one for one in forms if "novalidate" not in one] == []
