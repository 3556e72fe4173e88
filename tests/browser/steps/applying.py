"""Ways to the pages on which an organisation applies.

A network may hand in a few a day, so each service gets one application: the same form, sent again, is the same one.
"""

from __future__ import annotations

import json
from typing import Any, Final

from playwright.sync_api import Page

from tests.browser.window import Window

_LINES: Final = {
    "name": "青禾连锁药房有限公司",
    "name_en": "Qinghe Pharmacies Ltd",
    "credit_code": "91350100M000100Y43",
    "person": "王芳",
    "email": "wang.fang@qinghe.example",
    "scene_0_title": "处方药购药实名登记",
    "scene_0_title_en": "Buy prescription medicine",
    "scene_0_scene": "prescription",
    "scene_0_purpose": "依法登记购买处方药的人",
    "scene_0_purpose_en": "to register who buys prescription medicine, as the law asks",
    "scene_0_lawful_legitimate_necessary": "药品管理办法要求登记购药人，只核对是否本人。",
    "scene_0_impact_on_rights_and_risk": "编码泄露时可能看出在本药房买过药，不含姓名和号码。",
    "scene_0_protective_measures": "编码加密存放，两年后删除，只有药师可以查看。",
    "redirects": "https://qinghe.example/back",
    "networks": "192.0.2.0/24",
}
_RECEIPTS: Final[dict[str, str]] = {}


def to_filled(window: Window) -> Page:
    """Fill the form in, with one thing wrong, and see where that is."""
    page = _filled(window)
    page.fill("#credit_code", "91350100M000100Y44")
    page.click("button.primary")
    page.wait_for_selector("#credit_code-error")
    return page


def to_sent(window: Window) -> Page:
    """Hand the application in, and see its receipt."""
    page = _filled(window)
    known = _RECEIPTS.setdefault(window.service.url, page.input_value("[name=receipt]"))
    page.evaluate("(known) => { document.querySelector('[name=receipt]').value = known }", known)
    page.click("button.primary")
    page.wait_for_selector("dl.secret")
    return page


def to_state(window: Window) -> Page:
    """See by the receipt that more is asked."""
    application = _handed_in(window)
    if application["state"] == "applied":
        _run(window, "ask", application["application_id"], "--reason", "请写明编码保存多久、谁能查看。")
    page = window.open("/partner/apply/state")
    page.fill("#receipt", _RECEIPTS[window.service.url])
    page.click("button.primary")
    page.wait_for_selector("ol.said")
    return page


def _filled(window: Window) -> Page:
    page = window.open("/partner/apply")
    for name, value in _LINES.items():
        page.fill(f"#{name}", value)
    return page


def _handed_in(window: Window) -> dict[str, Any]:
    if window.service.url not in _RECEIPTS:
        to_sent(window)
    done = window.service.run("partners", "applications", "--json")
    assert done.returncode == 0, done.stderr
    found = [one for one in json.loads(done.stdout) if one["partner"].startswith("org-")]
    return dict(found[0])


def _run(window: Window, *arguments: str) -> None:
    done = window.service.run("partners", *arguments, "--operator", "demo-li")
    assert done.returncode == 0, done.stderr
