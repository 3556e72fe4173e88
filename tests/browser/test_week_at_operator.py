"""A week at the operator, in a real browser: what staff do from Monday to Friday, and what becomes of it outside.

The day before, the first operator of all sets up in live mode: a sandbox has operators from its start.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from eztong.gm.csr import build_csr
from eztong.gm.sm2 import PrivateKey
from tests.browser import ways
from tests.browser.conftest import OpenWindow
from tests.browser.steps import at_console, standing
from tests.browser.window import DESK, Window
from tests.simulators.live import environment_of, live_settings
from tests.simulators.outside.certificate import write_certificate
from tests.simulators.outside.tls_proxy import tls_proxy
from tests.simulators.publishing import draft, propose
from tests.simulators.service import Service, running

WORDS = "有人投诉这个账户借用他人的身份码。"
A_DAY = 86_400
MERCHANT = "0EZTSANDBOXHOTEL"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service of its own: days pass here, and a partner is closed."""
    with running(tmp_path_factory.mktemp("week") / "data") as started:
        yield started


@pytest.fixture
def li(open_window: OpenWindow) -> Window:
    return open_window(size=DESK)


@pytest.fixture
def wang(open_window: OpenWindow) -> Window:
    return open_window(size=DESK)


def send(page: Page, button: str, **fields: str) -> None:
    """Fill the fields of the form that has this button, press it, and wait for the page that answers."""
    pressed = page.locator("main").locator(button).first
    form = pressed.locator("xpath=ancestor::form[1]")
    for name, value in fields.items():
        form.locator(f"[name={name}]").fill(value)
    with page.expect_navigation():
        pressed.click()


def approved(window: Window, name: str, kind: str) -> None:
    """As another operator, approve the one proposal of this kind that waits."""
    page = window.staff("/console/proposals", name)
    page.locator("table").first.get_by_role("link", name=kind).click()
    page.wait_for_url("**/console/proposals/prp_*")
    if page.locator("#typed").count():
        # What is not taken back as it was: its word is typed.
        page.fill("#typed", page.locator("#typed-hint").inner_text().rpartition("：")[2].strip())
    send(page, "button[value=approve]", reason="核对过")
    expect(page.locator("main")).to_contain_text("已批准")


@pytest.mark.timeout(180)
def test_sunday_the_first_operator_sets_up_with_what_the_server_printed(tmp_path: Path, browser: Browser) -> None:
    certificate = write_certificate(tmp_path)
    settings = live_settings(tmp_path)
    with tls_proxy(certificate, port=0) as proxy:
        given = {**environment_of(settings), "public_url": proxy.url}
        with running(settings.data_dir, with_partners=False, log=None, **given) as served:
            proxy.port = int(served.url.rpartition(":")[2])
            found = re.search(r"open (\S+)\nand give this word, which works once: (\S+)", served.logged("works once: "))
            assert found is not None
            context = browser.new_context(ignore_https_errors=True, locale="zh-CN")
            page = context.new_page()
            page.goto(found[1])
            at_console.set_up(page, "li.na", found[2])
            expect(page.locator(".who")).to_contain_text("li.na")
            context.clear_cookies()
            page.goto(found[1])
            page.fill("#name", "wang.wu")
            page.fill("#word", found[2])
            page.locator("main form button").click()
            expect(page.locator("[role=alert]")).to_be_visible()
            context.close()


def test_monday_a_colleague_comes_and_an_applicant_is_heard(li: Window, open_window: OpenWindow) -> None:
    own = open_window(size=DESK)
    name, page = at_console.newcomer(li, own), own.page
    expect(page.locator(".who")).to_contain_text(name)
    expect(page.locator("nav.side")).not_to_contain_text("审计")

    citizen = open_window()
    ways.apply_as(citizen, "测某某", ways.new_citizen()[1])
    citizen.page.locator("#words").fill("我的姓名和号码没有写错，请再查一次。")
    citizen.page.locator("#appeal button").click()
    citizen.page.wait_for_selector("[data-state=under_review]")
    page.goto("/console/applications")
    page.keyboard.press("Alt+l")
    page.locator("tbody th a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/applications/hld_*")
    ways.pick(page, "input[value=supplement]")
    send(page, "button.primary", words="请说明姓名以前的写法。")
    citizen.page.reload()
    expect(citizen.page.locator("main")).to_contain_text("请说明姓名以前的写法。")


def test_tuesday_a_partner_goes_from_paper_to_live_gets_its_certificate_and_is_suspended(
    li: Window, wang: Window, service: Service, tmp_path: Path
) -> None:
    bank = at_console.apply_as_bank(li)
    page = li.staff("/console/partners")
    page.locator("a[href^='/console/partners/applications/']").first.click()
    page.wait_for_url("**/console/partners/applications/*")
    for box in page.locator("input[type=checkbox]").all():
        box.check()
    send(page, "button[value=approve]", reason="材料齐全")
    page.goto(f"/console/partners/{bank}")
    send(page, "button[value=live]", reason="合同已签")
    approved(wang, "demo-wang", "上线")
    page.reload()
    expect(page.locator(".facts").first).to_contain_text("正式")

    file = tmp_path / "hotel.csr"
    body = base64.encodebytes(build_csr(PrivateKey.generate(), "Demo Hotel")).decode()
    file.write_text(f"-----BEGIN CERTIFICATE REQUEST-----\n{body}-----END CERTIFICATE REQUEST-----\n")
    by = ("--operator", "demo-li", "--reason", "by letter")
    asked = service.run("partners", "certificate", "request", MERCHANT, str(file), *by)
    assert asked.returncode == 0, asked.stderr
    approved(wang, "demo-wang", "证书")

    send(page, "button[value=suspend]", reason="密钥泄露")
    expect(page.locator("main")).to_contain_text("已暂停")
    page.goto(f"/console/partners/{bank}")
    send(page, "button[value=close]", reason="不再合作", typed="别的名称")
    expect(page.locator("[role=alert]")).to_contain_text("输入的名称和显示的不一致")


def test_wednesday_two_people_publish_the_agreements_and_nobody_alone(
    li: Window, wang: Window, service: Service
) -> None:
    since = service.now().date().replace(year=service.now().year + 1).isoformat()
    propose(service, draft(service, "help@eztong.example", "--from", since)["number"])
    page = li.staff("/console/proposals")
    page.locator("table").first.get_by_role("link").first.click()
    page.wait_for_url("**/console/proposals/prp_*")
    assert page.locator("button[value=approve]").count() == 0
    approved(wang, "demo-wang", "协议")
    expect(li.open("/documents").locator("[data-state='scheduled']")).to_be_visible()


def test_thursday_an_account_ends_by_two_and_a_third_takes_it_back(
    li: Window, wang: Window, open_window: OpenWindow, service: Service
) -> None:
    name = at_console.newcomer(li, open_window(size=DESK))
    # Whoever invited somebody counts as them for a day.
    service.advance(A_DAY + 60)

    holder = service.somebody()
    ticket = ticket_about(open_window())
    page = li.staff("/console/cases")
    ways.pick(page, "input[value=fraud]")
    send(page, "button.primary", account=holder, words=WORDS, evidence=ticket)
    assert "/console/cases/cas_" in page.url, (ticket, page.locator("main").inner_text()[:400])
    case = page.url
    ways.pick(page, "input[value=terminate]")
    send(page, "button.primary", words="多次出借身份码，服务终止。")
    approved(wang, "demo-wang", "账户")

    concerned = open_window()
    concerned.be(holder)
    page = concerned.open("/me/cases")
    page.locator("a[href^='/me/cases/']").first.click()
    expect(page.locator("main")).to_contain_text("多次出借身份码")
    page.locator("main form textarea").fill("不是我借出去的。")
    page.locator("main form:has(textarea) button").click()
    expect(page.locator("main")).to_contain_text("不是我借出去的。")

    li.open(case)
    assert li.page.locator("input[value=lift]").count() == 0
    judge = open_window(size=DESK)
    judge.staff(case, name)
    ways.pick(judge.page, "input[value=lift]")
    send(judge.page, "form[action$='/appeal'] button.primary", words="查明不是本人所为。")
    assert service.code(holder)["number"]


def test_friday_somebody_reads_who_saw_them_a_webhook_is_sent_again_and_the_audit_leaves(
    li: Window, open_window: OpenWindow, service: Service
) -> None:
    holder = service.somebody()
    page = li.staff("/console")
    page.keyboard.press("Alt+f")
    page.fill("#find", holder)
    page.locator("#find").press("Enter")
    page.wait_for_url(f"**/console/people/{holder}")
    page.locator("summary").first.click()
    ways.pick(page, "input[value=answer_person]")
    send(page, "form[action$='/reveal'] button")
    expect(page.locator("main")).to_contain_text(re.compile(r"\d{17}[\dX]"))
    citizen = open_window()
    citizen.be(holder)
    expect(citizen.open("/me/seen").locator("main")).to_contain_text("完整")

    page = at_console.to_incident(li)
    send(page, "button[value=end]")
    expect(page.locator("main")).to_contain_text("已取消")

    page = at_console.to_webhook(li)
    send(page, "button[value=off]")
    expect(page.locator("tbody")).to_contain_text("未送达")
    send(page, "button[value=on]")
    page.locator("tbody button[value=resend]").first.click()
    expect(page.locator("tbody")).not_to_contain_text("操作员停用")

    auditor = open_window(size=DESK)
    at_console.newcomer(li, auditor, "audit")
    page = auditor.open("/console/audit")
    expect(page.locator("nav.side")).not_to_contain_text("账户")
    with page.expect_download() as sent:
        page.locator("form[action$='/export'] button").first.click()
    rows = list(csv.reader(io.StringIO(sent.value.path().read_text("utf-8-sig"))))
    assert any("accounts.reveal" in row for row in rows)
    assert holder not in json.dumps(rows)


@pytest.mark.timeout(180)
def test_friday_noon_an_incident_is_reported_within_its_hours_while_a_restore_is_drilled(
    li: Window, wang: Window, open_window: OpenWindow
) -> None:
    drill = wang.staff("/console/operations", "demo-wang")
    expect(drill.locator("main")).to_contain_text("从来没有")
    send(drill, "form:not([action]) button")

    page = li.staff("/console/incidents")
    page.select_option("#kind", "network")
    page.check("input[name=affects_all]")
    page.fill("#effect_zh", "网络不稳定，部分请求会慢。")
    page.fill("#effect_en", "The network is unsteady; some calls are slow.")
    page.locator("form:has(#kind) button[value=tell]").click()
    page.wait_for_url("**/console/incidents/inc_*")
    incident = page.url.partition("?")[0]
    expect(open_window().open("/").locator("body")).to_contain_text("网络不稳定")

    page.goto("/console/incidents/reports")
    for name, value in (("kind", "incident"), ("grade", "larger"), ("operator_kind", "other")):
        page.check(f"input[name={name}][value={value}]")
    page.select_option("#incident", incident.rpartition("/")[2])
    page.locator("form:has(#noticed) button").click()
    page.wait_for_url("**/console/incidents/reports/irp_*")
    expect(page.locator(".facts").first).to_contain_text(re.compile("还剩 (4 小时 0|3 小时 5)"))
    send(page, "button[value=write]", unit="示例运营者", facts="今晨起网络不稳定")
    send(page, "button[value=first]", recipient="省网信办，编号 2026-17")
    expect(page.locator(".said")).to_contain_text("编号 2026-17")
    page.goto(incident)
    send(page, "button[value=end]")

    # A process of its own, which takes as long as the machine lets it.
    while "演练正在进行" in drill.content():
        drill.wait_for_timeout(2_000)
        drill.reload()
    expect(drill.locator("main")).not_to_contain_text("从来没有")
    expect(drill.locator("main")).to_contain_text("个加密字段")


def test_friday_afternoon_keys_change_and_what_was_proven_before_stays_proven(
    li: Window, wang: Window, open_window: OpenWindow, service: Service, tmp_path: Path
) -> None:
    citizen = open_window()
    standing.helped(citizen)
    with citizen.page.expect_download() as sent:
        citizen.page.locator("a[download]").first.click()
    bundle, keys = tmp_path / "evidence.json", tmp_path / "eztong-keys.json"
    sent.value.save_as(bundle)

    for what in ("results", "kek"):
        expect(at_console.propose_key(li, what).locator("main")).to_contain_text(f"rotate {what}-2")
        assert li.page.locator("button[value=approve]").count() == 0
        approved(wang, "demo-wang", "密钥")
        service.wait_for(lambda key=f"{what}-2": key in li.open("/console/keys").content())  # type: ignore[misc]
    at_console.propose_key(li, "reseal")
    approved(wang, "demo-wang", "密钥")
    service.wait_for(lambda: "resealing" not in li.open("/console/keys").content())
    page = li.page
    expect(page.locator(".facts").first).to_contain_text("已完成")
    expect(page.locator("main")).to_contain_text("demo-wang")

    keys.write_text(service.http.get("/.well-known/eztong-keys.json").text)
    assert "results-2" in keys.read_text()
    verified = service.run("evidence", "verify", str(bundle), "--keys", str(keys), "--json")
    assert (verified.returncode, json.loads(verified.stdout)["valid"]) == (0, True), verified.stderr
    standing.newest_record(citizen)
    expect(citizen.page.locator("main")).to_contain_text("酒店")


def ticket_about(window: Window) -> str:
    """Write a report as anybody does; return its number."""
    page = window.open("/feedback")
    ways.pick(page, "input[value=complaint]")
    page.fill("#words", "有人借用身份码入住。")
    page.locator("main form button.primary").click()
    return (page.locator("[data-ticket]").get_attribute("data-ticket") or "").replace(" ", "")
