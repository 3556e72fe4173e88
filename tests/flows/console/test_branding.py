"""The brand in the console: looked at, proposed with a file, published by another, and then on every door."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Mapping

import httpx

from eztong.domain.operators.operator import OperatorRole
from eztong.domain.signed_in import PROOF_LIFE
from tests.flows.citizen.browser import Browser, Town
from tests.flows.console.staff import StaffBrowser
from tests.unit.domain.branding.pictures import picture

LEGAL, AUDIT = OperatorRole.LEGAL, OperatorRole.AUDIT
NAMES = {"service_zh": "鹏城通", "service_en": "City Pass", "accent": "#b0183a", "help_line": "0755-12345"}


def send(staff: StaffBrowser, fields: Mapping[str, str], *, mark: bytes = b"") -> httpx.Response:
    """Send the page's form with a file, as a browser does."""
    found = re.search(r'name="csrf" value="([^"]*)"', staff.page.text)
    assert found is not None
    files = {"mark": ("mark.png", mark, "image/png")}
    staff.page = staff.client.post("/console/branding", data={"csrf": found[1], **fields}, files=files)
    return staff.page


def test_an_old_session_proposes_no_brand_and_the_page_that_asks_keeps_the_chosen_file(town: Town) -> None:
    li = StaffBrowser(town).as_operator("li.old", LEGAL)
    town.pass_time(int(PROOF_LIFE.total_seconds()))
    li.get("/console/branding")
    assert send(li, NAMES | {"do": "look"}).status_code == 200
    asked = send(li, NAMES | {"do": "propose", "reason": "new name", "mark_kept": ""}, mark=picture())
    assert (asked.status_code, li.error()) == (403, "operator_proof_needed")
    (kept,) = set(re.findall(r'name="mark_kept" value="([^"]*)"', asked.text))
    assert base64.b64decode(html.unescape(kept)) == picture()
    with town.services.store.read() as stored:
        assert not stored.brand_versions.list(limit=9).those


def test_a_brand_is_looked_at_published_by_two_and_stands_on_every_door(town: Town) -> None:
    li, wang = (StaffBrowser(town).as_operator(name, LEGAL) for name in ("li", "wang"))
    li.get("/console/branding")
    seen = send(li, NAMES | {"do": "look"}, mark=picture()).text
    assert ("data:image/png;base64," in seen, "鹏城通" in seen, "/brand/scope-b0183a." in seen) == (True, True, True)
    kept = re.findall(r'name="mark_kept" value="([^"]*)"', seen)[0]
    page = send(li, NAMES | {"do": "propose", "reason": "new name", "mark_kept": html.unescape(kept)})
    assert page.url.path.startswith("/console/proposals/prp_")
    wang.get(page.url.path)
    assert "/console/branding/brd_" in wang.page.text
    wang.send_form(page.url.path, end="approve", reason="seen")
    town.pass_time(3)
    citizen = Browser(town, language="zh-CN", https=False)
    text = ""
    for path in ("/", "/desk/sign-in", "/console/sign-in", "/about"):
        text = citizen.get(path).text
        assert all(one in text for one in ("鹏城通", "0755-12345", "/brand/accent-b0183a.", "/brand/mark-")), path
        assert "style=" not in text
    (mark,) = set(re.findall(r'"(/brand/mark-[0-9a-f]+\.png)"', text))
    assert citizen.client.get(mark).content == picture()
    assert citizen.client.get("/brand/mark-0000000000000000.png").status_code == 404
    assert "eztong " in text


def test_what_cannot_be_read_is_refused_with_what_would_fit_and_nobody_else_proposes(town: Town) -> None:
    li = StaffBrowser(town).as_operator("li", LEGAL)
    li.get("/console/branding")
    told = send(li, {"do": "propose", "reason": "x", "accent": "#ffcc00"})
    assert (told.status_code, bool(re.search(r"可以改用 #[0-9a-f]{6}。", told.text))) == (422, True)
    assert "服务名称（英文）" in send(li, {"do": "propose", "reason": "x", "service_zh": "城"}).text
    assert send(li, {"do": "look"}, mark=b"<svg onload=alert(1)>").status_code == 422
    assert send(li, {"do": "look"}, mark=bytes(300_000)).status_code == 413
    reader = StaffBrowser(town).as_operator("zhang", AUDIT)
    assert "mark_kept" not in reader.get("/console/branding").text
    assert reader.client.get("/brand/accent-ffcc00.1.css").text == ""
    assert ":root { --accent: #0b6e69;" in reader.client.get("/brand/accent-0b6e69.1.css").text
