"""The demo's browser reads forms, marks and QR drawings as they stand on a page."""

import pytest

from eztong.cli.demo.browser import Browser
from eztong.cli.demo.checks import Notes, StepFailed
from eztong.cli.demo.pages import read_page
from eztong.cli.demo.qr import draw, scan
from eztong.http.qr_svg import render_qr

PAGE = """
<section data-state="active"><a href="/code">code</a>
<form method="post" action="/go"><input type="hidden" name="csrf" value="t">
<input name="typed"><input type="checkbox" name="tick" value="yes"><input type="radio" name="pick" value="17">
<button>go</button><button name="act" value="refuse">no</button></form>
<form method="post"><button name="act" value="agree">yes</button></form></section>
"""


def test_forms_links_and_marks() -> None:
    page = read_page(PAGE, path="/here", status=200)
    assert page.marks == {"data-state": "active"}
    assert page.links == ["/code"]
    form = page.form("/go")
    assert form is not None
    assert form.names("checkbox") == ["tick"]
    assert form.values("pick") == ["17"]
    assert [button.value for button in form.buttons] == ["", "refuse"]
    assert page.form("/here") is not None
    assert page.form("/elsewhere") is None


@pytest.mark.parametrize(
    "submit",
    [
        lambda browser: browser.submit("/elsewhere"),
        lambda browser: browser.submit("/go", {"missing": "x"}),
        lambda browser: browser.submit("/go", picks={"pick": "18"}),
        lambda browser: browser.submit("/go", press="agree"),
    ],
)
def test_what_is_not_on_the_page_cannot_be_submitted(submit: object) -> None:
    with Browser("http://127.0.0.1:9") as browser:
        browser.page = read_page(PAGE, path="/here", status=200)
        assert callable(submit)
        with pytest.raises(StepFailed):
            submit(browser)


@pytest.mark.parametrize("text", ["1", "7" * 75, "https://eztong.example/r/abc"])
def test_a_drawn_qr_is_read_back(text: str) -> None:
    page = read_page(str(render_qr(text, label="QR")), path="/", status=200)
    assert scan(page) == text
    lines = draw(page).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert len(lines) == (page.qr_size + 1) // 2


def test_a_page_without_a_qr_fails_the_step() -> None:
    with pytest.raises(StepFailed):
        scan(read_page("<p>nothing</p>", path="/", status=200))


def test_a_check_that_does_not_hold_fails_the_step() -> None:
    notes = Notes()
    notes.check("one is one", holds=True)
    with pytest.raises(StepFailed, match="two is one"):
        notes.check("two is one", holds=False)
    assert notes.checked == ["one is one"]
