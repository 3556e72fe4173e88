"""The portal as people of a partner use it: signing in, keys, webhooks, desks, people, verifications, usage."""

from __future__ import annotations

import base64
import csv
import html
import io
import re
from contextlib import suppress
from dataclasses import replace

from eztong.domain.desks.staff import Staff
from eztong.domain.errors import TooMany
from eztong.domain.identifiers import PartnerId
from eztong.domain.operators.audit import AuditFilter
from eztong.domain.operators.operator import OperatorRole
from eztong.domain.partners.partner import PartnerState
from eztong.domain.webhooks.endpoint import DisabledBecause
from eztong.partner_portal.visit import FORMS
from eztong.ports.act import SYSTEM
from eztong.usecases.webhooks.manage_endpoints import disable_endpoint
from tests.flows.citizen.browser import ANYBODY, Browser, Town
from tests.flows.console.staff import StaffBrowser
from tests.flows.partner_portal.people import PortalBrowser, standing

HOTEL = PartnerId("hotel")
NONE = "/v1/verifications/ver_01KF0000000000000000000000"


def test_signing_in_leads_back_and_out_again(town: Town) -> None:
    browser = PortalBrowser(town)
    page = browser.get("/partner/verifications?outcome=passed")
    assert page.url.path == "/partner/sign-in"
    assert browser.sign_in(secret="wrong").status_code == 403
    assert browser.get("/partner/verifications?outcome=passed").url.path == "/partner/sign-in"
    done = browser.sign_in(next="/partner/verifications?outcome=passed")
    assert (done.url.path, done.url.params["outcome"]) == ("/partner/verifications", "passed")
    assert browser.get("/partner/sign-in").url.path == "/partner"
    for elsewhere in ("https://evil.example/partner", "//evil.example", "/console", "/partners"):
        led = browser.client.get("/partner/sign-in", params={"next": elsewhere})
        assert led.url.path == "/partner", elsewhere
    browser.get("/partner")
    assert browser.send_form("/partner/sign-out").url.path == "/partner/sign-in"
    assert browser.get("/partner").url.path == "/partner/sign-in"


def test_the_operator_invites_the_first_person_who_sets_up_and_invites_another(town: Town) -> None:
    staff = StaffBrowser(town).as_operator("zhao", OperatorRole.PARTNERS)
    staff.get("/console/partners/game")
    page = staff.send_form("/console/partners/game/people", name="Chen", role="administrator").text
    (word,) = re.findall(r'class="shown-once">([^<]+)<', page)
    assert "chen@game" in page
    assert "/partner/set-up" in page
    chen = PortalBrowser(town)
    chen.get("/partner/set-up")
    assert "对不上" in chen.send_form("/partner/set-up", name="chen@hotel", word=word).text
    offer = chen.send_form("/partner/set-up", name="chen@game", word=word).text
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', offer))
    fields = {name: html.unescape(value) for name, value in fields.items() if name != "csrf"}
    spelt = re.findall(r'class="digits">([A-Z2-7 ]+)<', offer)[0].replace(" ", "")
    assert base64.b32decode(spelt).hex() == fields["key"]
    codes = town.services.one_time_codes
    shown = codes.code_of(bytes.fromhex(fields["key"]), codes.step())
    assert chen.send_form("/partner/set-up", **fields, code=shown).url.path == "/partner"
    chen.get("/partner/people")
    once = chen.once()
    added = chen.send_form("/partner/people", name="qian", role="auditor", once=once)
    first = chen.shown_once()
    assert added.status_code == 200
    # Sent twice, the form shows the same word and adds nobody else.
    chen.send_form("/partner/people", name="qian", role="auditor", once=once)
    assert chen.shown_once() == first != ""
    assert staff.get("/console/partners/game/people/qian").status_code == 200
    assert staff.send_form("/console/partners/game/people/chen/end-sessions").status_code == 200
    assert chen.get("/partner").url.path == "/partner/sign-in"
    staff.get("/console/partners/game/people/chen")
    assert staff.send_form("/console/partners/game/people/chen/disable", typed="qian").status_code == 422
    staff.get("/console/partners/game/people/chen")
    assert "已停用" in staff.send_form("/console/partners/game/people/chen/disable", typed="chen").text


def test_nobody_fills_the_audit_with_forms_that_are_refused(town: Town) -> None:
    auditor, login = PortalBrowser(town).as_person("demo-audit@hotel"), "demo-audit@hotel"
    auditor.get("/partner/me")
    path = "/partner/people/张三 13900001111/role"
    assert auditor.send_form(path, role="administrator").status_code == 403
    entries = AuditFilter(operator=login)
    with town.services.store.read() as stored:
        before = stored.audit.older(entries, limit=99).those
    assert (before[0].step, before[0].subject) == ("refused", "***")
    for _ in range(FORMS.amount):
        with suppress(TooMany):
            town.services.limiter.hit(FORMS, login)
    auditor.get("/partner/me")
    assert auditor.send_form(path, role="administrator").status_code == 429
    with town.services.store.read() as stored:
        assert stored.audit.older(entries, limit=99).those == before
    assert auditor.get("/partner/usage").status_code == 200
    town.pass_time(FORMS.seconds)


def test_a_key_is_made_once_looked_at_and_revoked_and_another_partner_never_sees_it(
    town: Town, li: PortalBrowser
) -> None:
    li.get("/partner/keys")
    fields = {"label": "=till", "days": "30", "scope_verifications:read": "yes", **li.fields_of("/partner/keys")}
    assert li.send_form("/partner/keys", label="till").status_code == 422
    li.get("/partner/keys")
    li.send_form("/partner/keys", **fields)
    key = li.shown_once()
    li.send_form("/partner/keys", **fields)
    assert li.shown_once() == key
    api = town.browser().client
    asked = {"Authorization": f"Bearer {key}"}
    assert api.get(NONE, headers=asked).status_code == 404
    page = li.get("/partner/keys").text
    assert key not in page
    (path,) = re.findall(r'=till</th>.*?href="(/partner/keys/[^"]+)"', page, re.DOTALL)
    other = PortalBrowser(town).as_person("demo-admin@library")
    assert other.get(path).status_code == 404
    other.get("/partner/keys")
    assert other.send_form(path).status_code == 404
    assert api.get(NONE, headers=asked).status_code == 404
    assert key[:16] in li.get(path).text
    assert li.send_form(path).url.params["done"] == "revoked"
    assert api.get(NONE, headers=asked).status_code == 401


def test_webhooks_are_added_tried_rotated_and_stay_off_when_the_operator_says_so(town: Town, li: PortalBrowser) -> None:
    li.get("/partner/webhooks")
    once = li.once()
    fields = {"url": "http://127.0.0.1:9/hooks", "event_request.finished": "yes", "once": once}
    li.send_form("/partner/webhooks", **fields)
    secret = li.shown_once()
    assert secret.startswith("whsec_")
    li.send_form("/partner/webhooks", **fields)
    assert li.shown_once() == secret
    with town.services.store.read() as stored:
        (endpoint,) = stored.webhook_endpoints.list(HOTEL).those
    path = f"/partner/webhooks/{endpoint.endpoint_id}"
    assert PortalBrowser(town).as_person("demo-admin@library").get(path).status_code == 404
    li.get(path)
    assert "测试" in li.send_form(path, act="test").text
    li.send_form(f"{path}/secret", once="r" * 43)
    assert li.shown_once() not in {"", secret}
    # The form's word is of use to nobody else: it would have shown what a colleague's own form made.
    developer = PortalBrowser(town).as_person("demo-dev@hotel")
    developer.get(path)
    assert developer.send_form(f"{path}/secret", once="r" * 43).status_code == 409
    assert developer.shown_once() == ""
    li.get(path)
    changed = {"url": "http://127.0.0.1:9/other", "event_request.declined": "yes"}
    assert "127.0.0.1:9/other" in li.send_form(f"{path}/change", **changed).text
    li.send_form(path, act="off")
    li.send_form(path, act="on")
    town.services.perform(SYSTEM, disable_endpoint, HOTEL, endpoint.endpoint_id, DisabledBecause.OPERATOR)
    page = li.get(path).text
    assert 'value="on"' not in page
    assert 'value="remove"' not in page
    assert li.send_form(path, act="on").status_code == 409
    with town.services.store.read() as stored:
        assert not stored.webhook_endpoints.list(HOTEL).those[0].is_active


def test_desks_and_accounts_are_added_and_ended(town: Town, li: PortalBrowser) -> None:
    li.get("/partner/desks")
    assert li.send_form("/partner/desks", desk="Front 9", desk_name="九号").status_code == 422
    li.get("/partner/desks")
    assert "九号" in li.send_form("/partner/desks", desk="front-9", desk_name="九号").text
    fields = {"login": "night", "label": "夜班", **li.fields_of("/partner/desks/staff")}
    li.send_form("/partner/desks/staff", **fields)
    password = li.shown_once()
    li.send_form("/partner/desks/staff", **fields)
    assert li.shown_once() == password != ""
    with town.services.store.read() as stored:
        staff = stored.staff.by_login("night")
    assert staff is not None
    assert town.services.staff_hasher.is_right(password, staff.password_hash)
    # The account of another partner is not there, whatever is done with it.
    other = PortalBrowser(town).as_person("demo-admin@library")
    assert other.get("/partner/desks/staff/night").status_code == 404
    other.get("/partner/desks")
    assert other.send_form("/partner/desks/staff/night/disable").status_code == 404
    assert li.get("/partner/desks/staff/night").status_code == 200
    assert "已停用" in li.send_form("/partner/desks/staff/night/disable").text


def test_a_verification_is_seen_without_anybodys_data_and_its_evidence_is_taken(
    town: Town, li: PortalBrowser, browser: Browser
) -> None:
    browser.register()
    assert town.verify(browser.show_code()["number"], desk="front-1") == "passed"
    page = li.get("/partner/verifications?outcome=passed&desk=front-1").text
    (path,) = re.findall(r'href="(/partner/verifications/ver_[^"]+)"', page)
    assert path not in li.get("/partner/verifications?outcome=declined").text
    assert li.get("/partner/verifications?day=yesterday").status_code == 422
    shown = li.get(path).text
    with town.services.store.read() as stored:
        (found,) = stored.verifications.list(HOTEL, before=None, limit=9)
    for secret in (str(found.holder_id), ANYBODY.number, ANYBODY.name, str(found.code_id)):
        assert secret not in page + shown
    given = li.send_form(f"{path}/evidence")
    assert given.headers["content-disposition"].startswith("attachment;")
    assert given.json()["manifest"]
    assert str(found.holder_id) not in given.text
    other = PortalBrowser(town).as_person("demo-admin@library")
    assert other.get(path).status_code == 404
    other.get("/partner")
    assert other.send_form(f"{path}/evidence").status_code == 404
    assert "1" in li.get("/partner/usage?days=7").text
    assert '<svg class="chart"' in li.page.text


def test_usage_is_a_chart_a_table_and_a_file_without_formulas(town: Town) -> None:
    other = PortalBrowser(town).as_person("demo-admin@library")
    assert "没有核验" in other.get("/partner/usage?days=7").text
    answer = other.get("/partner/usage/csv?days=7")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert answer.headers["content-disposition"] == 'attachment; filename="usage-library-7.csv"'
    assert len(rows) == 7
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


def test_what_people_do_is_on_the_audit_of_the_operator_in_words(town: Town, li: PortalBrowser) -> None:
    li.get("/partner/desks")
    li.send_form("/partner/desks", desk="back-1", desk_name="后台")
    with town.services.store.read() as stored:
        found = stored.audit.older(AuditFilter(operator="demo-admin@hotel"), limit=9).those
    steps = [(one.step.value, one.what, one.subject, one.door.value) for one in found[:2]]
    assert steps == [
        ("done", "portal.desks.keep", "back-1", "portal"),
        ("intended", "portal.desks.keep", "back-1", "portal"),
    ]
    assert found[0].correlation == found[1].correlation != ""
    page = StaffBrowser(town).as_operator("chen", OperatorRole.AUDIT).get("/console/audit").text
    assert "demo-admin@hotel" in page
    assert "管理柜台和员工" in page
    assert "合作方门户" in page
    assert "back-1" in li.get("/partner/people/demo-admin").text


def test_a_refused_form_is_on_record_too(town: Town) -> None:
    dev = PortalBrowser(town).as_person("demo-dev@hotel")
    dev.get("/partner")
    assert dev.send_form("/partner/people", name="me", role="administrator").status_code == 403
    with town.services.store.read() as stored:
        found = stored.audit.older(AuditFilter(operator="demo-dev@hotel"), limit=1).those
    assert [(one.step.value, one.what, one.error) for one in found] == [
        ("refused", "portal.people.keep", "portal_role_missing")
    ]


def test_a_suspended_partner_reads_why_and_what_is_open(town: Town, li: PortalBrowser) -> None:
    with standing(town, PartnerState.SUSPENDED):
        assert "已被暂停" in li.get("/partner").text
        assert "新建密钥" not in li.get("/partner/keys").text
    with standing(town, PartnerState.CLOSED):
        assert li.get("/partner/keys").status_code == 409
        assert li.get("/partner/verifications").status_code == 200


def test_two_browsers_of_one_person_and_one_ends_the_other(town: Town, li: PortalBrowser) -> None:
    second = PortalBrowser(town).as_person("demo-admin@hotel")
    page = li.get("/partner/me").text
    # The newest stands first.
    path = re.findall(r'action="(/partner/me/sessions/[^"]+/end)"', page)[0]
    assert li.send_form(path).status_code == 200
    assert second.get("/partner").url.path == "/partner/sign-in"
    assert li.get("/partner").url.path == "/partner"


def test_a_desk_is_ended_by_its_id_and_opened_again(li: PortalBrowser) -> None:
    li.get("/partner/desks")
    li.send_form("/partner/desks", desk="garden-1", desk_name="花园")
    path = "/partner/desks/one/garden-1"
    assert path in li.get("/partner/desks").text
    li.get(path)
    wrong = li.send_form(f"{path}/end", typed="garden")
    assert (wrong.status_code, "不是此柜台的编号" in wrong.text) == (422, True)
    ended = li.send_form(f"{path}/end", typed="garden-1")
    assert (ended.url.path, "已停用" in ended.text) == (path, True)
    assert li.send_form(f"{path}/end", typed="garden-1").status_code == 409
    assert "已停用" not in li.send_form(f"{path}/open").text
    assert li.get("/partner/desks/one/nowhere").status_code == 404


def test_an_administrator_requires_an_app_of_desk_staff_and_takes_one_away(town: Town, li: PortalBrowser) -> None:
    li.get("/partner/desks")
    assert "机构要求" in li.send_form("/partner/desks/factor", factor="yes").text
    assert "未要求" in li.send_form("/partner/desks/factor", factor="no").text
    assert li.send_form("/partner/desks/factor", factor="no").status_code == 409
    fields = {"login": "late", "label": "", **li.fields_of("/partner/desks/staff")}
    li.send_form("/partner/desks/staff", **fields)
    store, path = town.services.store, "/partner/desks/staff/late"

    def stored() -> Staff:
        with store.read() as found:
            staff = found.staff.by_login("late")
        assert staff is not None
        return staff

    made = replace(stored(), second_factor=b"sealed", used_step=1)
    assert store.write(lambda uow: uow.staff.set_up(made, seen=made.password_hash)).value
    assert 'name="factor"' in li.get(path).text
    li.send_form(path, once=li.once())
    assert (stored().is_set_up, stored().password_hash != made.password_hash) == (True, True)
    li.send_form(path, once=li.once(), factor="yes")
    assert not stored().is_set_up
    assert 'name="factor"' not in li.get(path).text
