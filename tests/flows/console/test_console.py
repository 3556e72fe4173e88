"""A day at the console: sign-in, a new colleague, an application, a ticket, what takes two, and the audit of it all."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from dataclasses import replace

from eztong.adapters.clock import SystemClock
from eztong.adapters.one_time_codes import TotpCodes
from eztong.domain.holder import HolderState
from eztong.domain.operators.operator import OperatorRole
from eztong.domain.policy.policy import BUILT_IN
from eztong.domain.signed_in import IDLE_LIFE
from eztong.ports.act import OPERATOR
from eztong.usecases.policy.publish_policy import ProposePolicy, propose_policy
from tests.flows.citizen.browser import ANYBODY, Browser, Person, Town
from tests.flows.citizen.feedback.test_feedback import write
from tests.flows.citizen.guardianship.test_family import MINOR, STRANGER, confirm, registered
from tests.flows.console.staff import StaffBrowser
from tests.unit.wiring.test_findings import english_in

REFUSED = Person("测无录", "310000198506160044", "19900000061")
SYSTEM, CASES, AUDIT, LEGAL = OperatorRole.SYSTEM, OperatorRole.CASES, OperatorRole.AUDIT, OperatorRole.LEGAL


def waiting_application(town: Town, browser: Browser) -> str:
    """Let an application wait for a person; return its id."""
    browser.register(REFUSED)
    browser.send("/register/appeal", words="我有记录 <b>")
    with town.services.store.read() as stored:
        (holder,) = stored.applications.waiting(limit=9).those
    return holder.holder_id


# --- sign-in ------------------------------------------------------------------------------------------------------


def test_the_demo_operator_signs_in_by_the_form_and_out(staff: StaffBrowser) -> None:
    assert staff.get("/console").url.path == "/console/sign-in"
    assert staff.sign_in().url.path == "/console"
    assert "demo-li" in staff.page.text
    token = staff.client.cookies["ezt_console"]
    assert staff.send_form("/console/sign-out").url.path == "/console/sign-in"
    staff.client.cookies.set("ezt_console", token, domain="testserver.local", path="/")
    assert staff.get("/console").url.path == "/console/sign-in"


def test_wrong_secret_or_code_are_told_alike_and_lock(staff: StaffBrowser) -> None:
    told = [staff.sign_in(**wrong) for wrong in ({"secret": "wrong"}, {"code": "000000"}, {"name": "nobody"})]
    assert {page.status_code for page in told} == {403}
    assert all("对不上" in page.text for page in told)
    for _ in range(3):
        staff.sign_in(secret="wrong")
    locked = staff.sign_in()
    assert (locked.status_code, "Retry-After" in locked.headers) == (429, True)


def test_a_demo_operator_whose_secret_was_renewed_still_signs_in_by_the_button(staff: StaffBrowser) -> None:
    assert staff.sign_in().url.path == "/console"
    staff.get("/console/me")
    secret = re.findall(r'class="shown-once[^"]*">([^<]+)<', staff.send_form("/console/me").text)[0]
    staff.send_form("/console/sign-out")
    assert secret in html.unescape(staff.get("/console/sign-in").text)
    assert staff.sign_in().url.path == "/console"
    staff.send_form("/console/sign-out")
    assert staff.sign_in("demo-wang").url.path == "/console"


def test_whoever_signs_in_goes_on_where_they_were_and_nowhere_else(staff: StaffBrowser) -> None:
    asked = "/console/audit?operator=demo-li"
    page = staff.get(asked)
    assert (page.url.path, page.url.params["next"]) == ("/console/sign-in", asked)
    (form,) = (part for part in page.text.split("<form") if 'value="demo-li"' in part)
    fields = {key: html.unescape(value) for key, value in re.findall(r'name="([^"]+)" value="([^"]*)"', form)}
    assert fields["next"] == asked
    wrong = staff.send("/console/sign-in", **(fields | {"secret": "wrong"}))
    assert (wrong.status_code, f'name="next" value="{asked}"' in html.unescape(wrong.text)) == (403, True)
    assert str(staff.send("/console/sign-in", **fields).url).endswith(asked)
    for elsewhere in ("https://evil.example/console", "//evil.example", "/me", "/console/../me", "/consoles"):
        led = staff.client.get("/console/sign-in", params={"next": elsewhere})
        assert led.url.path == "/console", elsewhere


def test_a_form_that_has_no_page_is_read_again_where_it_stands(staff: StaffBrowser) -> None:
    staff.as_operator("li", OperatorRole.PARTNERS).get("/console/partners/hotel")
    page = staff.send_form("/console/partners/hotel/keys", label="till")
    assert (page.status_code, 'aria-current="page">合作方' in page.text) == (422, True)
    assert '<meta name="read-again-at" content="/console/partners/hotel">' in page.text


def test_a_session_that_idles_ends(staff: StaffBrowser, town: Town) -> None:
    staff.as_operator("li", CASES)
    town.pass_time(14 * 60)
    assert staff.get("/console").url.path == "/console"
    town.pass_time(14 * 60)
    assert staff.get("/console").url.path == "/console"
    town.pass_time(int(IDLE_LIFE.total_seconds()))
    assert staff.get("/console").url.path == "/console/sign-in"


# --- operators ----------------------------------------------------------------------------------------------------


def test_a_colleague_is_added_invited_and_sets_up_alone(staff: StaffBrowser, town: Town) -> None:
    staff.as_operator("li", SYSTEM).get("/console/operators")
    page = staff.send_form("/console/operators", name="Zhao", role_cases="yes").text
    word = re.findall(r'class="shown-once">([^<]+)<', page)[0]
    assert "/console/set-up" in page
    zhao = StaffBrowser(town)
    zhao.get("/console/set-up")
    assert "对不上" in zhao.send_form("/console/set-up", name="zhao", word="wrong").text
    offer = zhao.send_form("/console/set-up", name="zhao", word=word).text
    fields = {name: html.unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', offer)}
    codes = TotpCodes(SystemClock())
    assert 'role="alert"' in zhao.send_form("/console/set-up", **(fields | {"code": "000000"})).text
    key = bytes.fromhex(fields["key"])
    done = zhao.send_form("/console/set-up", **(fields | {"code": codes.code_of(key, codes.step())}))
    assert done.url.path == "/console"
    assert "审核员" in done.text
    assert fields["secret"] not in done.text
    other = StaffBrowser(town)
    other.get("/console/set-up")
    del fields["csrf"]
    assert "对不上" in other.send_form("/console/set-up", **(fields | {"code": "000000"})).text


def test_roles_change_with_the_next_page_and_disabling_signs_out(staff: StaffBrowser, town: Town) -> None:
    wang = StaffBrowser(town).as_operator("wang", CASES)
    assert wang.get("/console/audit").status_code == 403
    staff.as_operator("li", SYSTEM).get("/console/operators/wang")
    staff.send_form("/console/operators/wang/roles", role_audit="yes")
    assert staff.at() == "/console/operators/wang"
    assert wang.get("/console/audit").status_code == 200
    assert staff.send_form("/console/operators/wang/disable", typed="wong").status_code == 422
    staff.get("/console/operators/wang")
    assert "已停用" in staff.send_form("/console/operators/wang/disable", typed="wang").text
    assert wang.get("/console").url.path == "/console/sign-in"


def test_one_renews_the_own_secret_and_ends_another_browser(staff: StaffBrowser) -> None:
    staff.as_operator("li", SYSTEM).get("/console/me")
    page = staff.send_form("/console/me").text
    assert len(re.findall(r'class="shown-once">', page)) == 1
    assert "shown-once" not in staff.get("/console/me").text


# --- queues -------------------------------------------------------------------------------------------------------


def test_an_application_is_read_with_masked_data_and_decided(staff: StaffBrowser, town: Town, browser: Browser) -> None:
    application = waiting_application(town, browser)
    staff.as_operator("zhao", CASES)
    assert application in staff.get("/console/applications").text
    page = staff.get(f"/console/applications/{application}").text
    assert (REFUSED.number in page, REFUSED.phone in page) == (False, False)
    assert "我有记录 &lt;b&gt;" in page
    empty = staff.send_form(f"/console/applications/{application}", decision="refuse", words=" ")
    assert empty.status_code == 422
    refused = staff.send_form(f"/console/applications/{application}", decision="refuse", words="仍查不到")
    assert (refused.url.path, "已提交" in refused.text) == ("/console/applications", True)
    assert "未通过" in staff.get(f"/console/applications/{application}").text
    assert "没有等待审核的申请" in staff.get("/console/applications").text
    assert "仍查不到" in browser.get("/register/result").text


def test_what_staff_were_shown_stands_in_the_history_of_whoever_it_is_about(
    staff: StaffBrowser, town: Town, browser: Browser
) -> None:
    application = waiting_application(town, browser)
    staff.as_operator("zhao", CASES).get(f"/console/applications/{application}")
    with town.services.store.read() as stored:
        kinds = [event.kind.value for event in stored.holders.events(application)]  # type: ignore[arg-type]  # its id
    assert "staff_read" in kinds


def test_a_ticket_is_found_by_its_whole_number_and_answered(staff: StaffBrowser, town: Town, browser: Browser) -> None:
    number, secret = write(browser)
    staff.as_operator("zhao", CASES)
    assert number in staff.get("/console/tickets").text
    assert staff.send_form("/console/tickets", number="12345").status_code == 404
    page = staff.send_form("/console/tickets", number=number)
    assert page.url.path == f"/console/tickets/{number.replace(' ', '')}"
    assert "我没有去过那家酒店 &lt;b&gt;" in page.text
    staff.send_form(staff.at(), words="我们查过了。", closes="yes")
    assert "已结束" in staff.page.text
    assert "没有等待答复的反馈" in staff.get("/console/tickets").text
    other = town.browser()
    other.get("/feedback/status")
    assert "我们查过了" in other.send("/feedback/status", number=number, secret=secret).text


def test_what_one_proposed_another_decides_and_nobody_twice(staff: StaffBrowser, town: Town) -> None:
    li = StaffBrowser(town).as_operator("li", SYSTEM, LEGAL)
    wanted = ProposePolicy(policy=replace(BUILT_IN, version="house-2"), reason="试")
    _, proposed = town.services.perform(replace(OPERATOR, name="li"), propose_policy, wanted)
    path = f"/console/proposals/{proposed.proposal_id}"
    assert "由另一位决定" in li.get(path).text
    own = li.send_form(path, end="approve", reason="自己批")
    assert (own.status_code, "要由另一个人来做" in own.text) == (403, True)
    staff.as_operator("zhao", CASES)
    assert 'value="approve"' not in staff.get(path).text
    assert staff.send_form(path, end="reject", reason="不行").status_code == 403
    staff.as_operator("wang", LEGAL)
    assert 'value="approve"' in staff.get(path).text
    assert staff.send_form(path, end="reject", reason="").status_code == 422
    rejected = staff.send_form(path, end="reject", reason="规则没有写完")
    assert (rejected.status_code, "不通过" in rejected.text, "规则没有写完" in rejected.text) == (200, True, True)
    again = staff.client.post(path, data=staff.hidden() | {"end": "reject", "reason": "再"})
    assert again.status_code == 409


def test_data_in_full_is_shown_once_for_a_purpose_and_its_holder_reads_that(
    staff: StaffBrowser, town: Town, browser: Browser
) -> None:
    application = waiting_application(town, browser)
    path = f"/console/applications/{application}"
    staff.as_operator("zhao", CASES).get(path)
    assert staff.send_form(f"{path}/reveal", purpose="curiosity").status_code == 422
    shown = staff.send_form(f"{path}/reveal", purpose="compare_papers").text
    assert (REFUSED.number in shown, REFUSED.phone in shown, REFUSED.name in shown) == (True, True, True)
    assert REFUSED.number not in staff.get(path).text
    with town.services.store.read() as stored:
        details = [event.detail for event in stored.holders.events(application)]  # type: ignore[arg-type]  # its id
    assert "what=revealed purpose=compare_papers operator=zhao" in details


def test_an_account_is_frozen_for_a_caller_and_limited_and_the_number_stands_nowhere(
    staff: StaffBrowser, town: Town, browser: Browser
) -> None:
    browser.register()
    staff.as_operator("zhao", CASES)
    number = ANYBODY.number

    def done(path: str, **fields: str) -> tuple[int, str]:
        staff.get("/console/accounts")
        page = staff.send_form(f"/console/accounts/{path}", number=number, **fields)
        # Refused, it stands in the field where it was typed, and nowhere else.
        assert page.text.count(number) == (page.status_code != 200)
        assert number not in str(page.url)
        return page.status_code, page.url.params.get("done", "")

    limit = {"reason": "data_doubt", "ceiling": "none"}
    assert done("restrict", act="restrict", **limit) == (200, "restricted")
    assert done("restrict", act="restrict", **limit) == (200, "unchanged")
    assert done("restrict", act="lift", **limit) == (200, "lifted")
    assert done("freeze", reason="whim")[0] == 422
    assert done("freeze", reason="phone_lost") == (200, "frozen")
    assert "账户已冻结" in staff.page.text
    assert town.accounts_in(HolderState.FROZEN) == 1
    staff.get("/console/accounts")
    missing = staff.send_form("/console/accounts/freeze", number="11010519491231002X", reason="phone_lost")
    assert missing.status_code == 404
    staff.get("/console/accounts")
    assert staff.send_form("/console/accounts/freeze", number="12", reason="phone_lost").status_code == 422


def test_an_incident_is_told_updated_and_ended(staff: StaffBrowser, town: Town) -> None:
    staff.as_operator("zhao", CASES).get("/console/incidents")
    told = {"kind": "network", "affects_codes": "yes", "effect_zh": "亮码页面打不开。", "effect_en": "No codes."}
    assert staff.send_form("/console/incidents", **(told | {"effect_en": ""})).status_code == 422
    assert "亮码页面打不开。" in staff.page.text
    page = staff.send_form("/console/incidents", **told)
    path = page.url.path
    assert re.fullmatch(r"/console/incidents/inc_\w+", path)
    with town.services.store.read() as stored:
        assert [one.effect.zh for one in stored.incidents.running()] == ["亮码页面打不开。"]
    staff.send_form(path, act="update", words_zh="原因找到了。", words_en="The cause is found.")
    assert "原因找到了。" in staff.page.text
    assert "已结束" in staff.send_form(path, act="end").text
    assert staff.client.post(path, data=staff.hidden() | {"act": "end"}).status_code in {403, 409}
    staff.get("/console/incidents")
    assert staff.send_form("/console/incidents", **(told | {"kind": "upgrade"})).status_code == 422


def test_a_guardianship_that_waits_is_decided_with_words_for_the_guardian(staff: StaffBrowser, town: Town) -> None:
    minor, grandparent = registered(town, MINOR), registered(town, STRANGER)
    minor.get("/register/guardian")
    minor.send("/register/guardian", relation="grandparent")
    digits = re.findall(r'data-invitation="(\d{6})"', minor.page.text)[0]
    confirm(grandparent, digits, MINOR.number, "grandparent")
    staff.as_operator("zhao", CASES)
    page = staff.get("/console/guardianships").text
    (guardianship,) = re.findall(r'name="guardianship" value="([^"]+)"', page)
    assert staff.send_form("/console/guardianships", guardianship=guardianship, decision="approve").status_code == 422
    done = staff.send_form("/console/guardianships", guardianship=guardianship, decision="approve", words="户口簿相符")
    assert "没有等待决定的监护关系" in done.text
    decided = {"guardianship": guardianship, "decision": "approve", "words": "再"}
    assert staff.client.post("/console/guardianships", data=staff.hidden() | decided).status_code in {403, 404, 409}


def test_the_state_of_the_service_is_seen_by_who_runs_it_without_anybodys_data(staff: StaffBrowser) -> None:
    page = staff.as_operator("li", SYSTEM).get("/console/service").text
    assert page.count("EZT0") >= 20
    assert "SM4-GCM" in page
    assert "双人" not in page.partition("<main")[2]


def test_what_the_checks_found_is_told_in_the_readers_language(staff: StaffBrowser) -> None:
    staff.as_operator("li", SYSTEM)
    chinese = words_of_the_checks(staff.get("/console/service").text)
    assert "正在使用沙盒权威机构（adapter: sandbox），身份都是虚构的。" in chinese
    assert english_in(chinese) == []
    english = words_of_the_checks(staff.get("/console/service?lang=en").text)
    assert "The sandbox authority is in use (adapter: sandbox): identities are invented." in english
    assert re.search("[\u4e00-\u9fff]", english) is None


def words_of_the_checks(page: str) -> str:
    """Return what the first table of the page says."""
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return html.unescape(re.sub("<[^>]+>", " ", table))


# --- audit --------------------------------------------------------------------------------------------------------


def test_the_audit_shows_intent_outcome_and_refusal_and_is_narrowed_by_clicking(
    staff: StaffBrowser, town: Town
) -> None:
    li = StaffBrowser(town).as_operator("li", SYSTEM)
    li.get("/console/operators")
    li.send_form("/console/operators", name="zhao", role_cases="yes")
    li.get("/console/operators")
    li.send_form("/console/operators", name="zhao", role_cases="yes")
    staff.as_operator("chen", AUDIT)
    page = staff.get("/console/audit?operator=li&subject=zhao").text
    steps = re.findall(r'<span class="chip [a-z]*">([^<]+)</span>', page)
    assert steps.count("准备做") == 2
    assert steps.count("被拒绝") == 1
    assert "operator_name_taken" in page
    link = re.findall(r'href="(/console/audit[?][^"]*correlation=[^"]+)"', page)[-1]
    narrowed = staff.get(html.unescape(link)).text
    assert narrowed.count("<tr>") < page.count("<tr>")
    assert "查看审计" in staff.get("/console/audit?operator=chen").text


def test_the_audit_is_turned_page_by_page(staff: StaffBrowser) -> None:
    staff.as_operator("chen", AUDIT)
    for _ in range(60):
        staff.client.get("/console/audit?operator=nobody")
    first = staff.get("/console/audit?operator=chen").text
    (older,) = re.findall(r'href="([^"]*before=[^"]*)"', first)
    second = staff.get(html.unescape(older)).text
    assert first.count("<tr>") == 51
    assert 1 < second.count("<tr>") < 51
    (newer,) = re.findall(r'href="([^"]*after=[^"]*)"', second)
    assert staff.get(html.unescape(newer)).text.count("<tr>") == 51


def test_an_auditor_exports_and_no_cell_is_a_formula(staff: StaffBrowser, town: Town) -> None:
    li = StaffBrowser(town).as_operator("li", SYSTEM)
    li.get("/console/operators/zhao")
    li.get("/console/me")
    li.client.post("/console/operators/%3D1+1/end-sessions", data=li.hidden())
    staff.as_operator("chen", AUDIT).get("/console/audit")
    written = staff.send_form("/console/audit/export", **{"as": "csv"})
    assert written.headers["content-disposition"] == 'attachment; filename="audit.csv"'
    rows = list(csv.DictReader(io.StringIO(written.text)))
    assert {row["operator"] for row in rows} == {"li", "chen"}
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    staff.get("/console/audit")
    document = json.loads(staff.send_form("/console/audit/export", **{"as": "json"}).text)
    assert document["entries"][0]["what"] == "audit.export"
    staff.get("/console/audit")
    assert staff.send_form("/console/audit/export", **{"as": "pdf"}).status_code == 422
