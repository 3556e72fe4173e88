"""A text in the console: looked at beside the program's own, proposed, published by another, set back."""

from __future__ import annotations

from eztong.domain.operators.operator import OperatorRole
from tests.flows.citizen.browser import Town
from tests.flows.console.staff import StaffBrowser

LEGAL, AUDIT = OperatorRole.LEGAL, OperatorRole.AUDIT
PAGE = "/console/texts/code_replayed"
SAID = {"zh": "您的身份码被再次出示：{partner}，已拒绝。", "en": "Your code was shown again at {partner}: refused."}


def test_a_text_is_looked_at_published_by_two_and_set_back(town: Town) -> None:
    li, wang = (StaffBrowser(town).as_operator(name, LEGAL) for name in ("li", "wang"))
    listed = li.get("/console/texts").text
    assert (PAGE in listed, "改过的" in listed) == (True, False)
    li.get(PAGE)
    seen = li.send_form(PAGE, **SAID, do="look").text
    assert ("您的身份码被再次出示：青屿市立图书馆，已拒绝。" in seen, "按 1 条短信计费" in seen, "<del>" in seen) == (
        True,
    ) * 3
    page = li.send_form(PAGE, **SAID, do="propose", reason="plainer")
    assert page.url.path.startswith("/console/proposals/prp_")
    assert "待批准" in wang.get("/console/texts").text
    wang.get(page.url.path)
    assert f"{PAGE}?version=txt_" in wang.page.text
    wang.send_form(page.url.path, end="approve", reason="seen")
    town.pass_time(3)
    assert "已替换" in li.get(PAGE).text
    assert "改回程序自带的文字" in li.page.text
    back = li.send_form(PAGE, **SAID, do="back", reason="as it was").url.path
    wang.get(back)
    wang.send_form(back, end="approve", reason="seen")
    assert "改回程序自带的文字" not in li.get(PAGE).text


def test_a_wrong_text_says_what_is_wrong_and_nobody_else_drafts(town: Town) -> None:
    li = StaffBrowser(town, language="en").as_operator("li", LEGAL)
    li.get(PAGE)
    wrong = li.send_form(PAGE, zh="{name}再次出示", en=SAID["en"], do="propose", reason="x")
    assert (wrong.status_code, "Chinese lacks these placeholders: {partner}" in wrong.text) == (422, True)
    assert "{name}再次出示</textarea>" in wrong.text
    assert li.send_form(PAGE, **SAID, do="propose", reason=" ").status_code == 422
    assert li.get("/console/texts/none").status_code == 404
    assert li.get(f"{PAGE}?version=txt_none").status_code == 404
    reader = StaffBrowser(town).as_operator("zhang", AUDIT)
    assert "<textarea" not in reader.get(PAGE).text
