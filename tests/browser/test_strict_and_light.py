"""What would break the strict policy or the budget of a page is noticed; every page is looked at by the tour."""

from tests.browser.checks.listener import listener
from tests.browser.checks.weight import CODE_PAGE, Budget, first_load, over_the_wire
from tests.browser.ways import to_code
from tests.browser.window import Window


def test_the_code_page_brings_at_most_a_hundred_kilobytes(phone: Window) -> None:
    phone.be(phone.service.somebody())
    assert over_the_wire(phone.page, "/code").excess(CODE_PAGE) == []
    to_code(phone)
    assert first_load(phone.page).excess(CODE_PAGE) == []


def test_a_heavy_page_is_noticed(phone: Window) -> None:
    little = Budget(kilobytes=1, requests=1)
    assert len(over_the_wire(phone.page, "/register").excess(little)) == len(("weight", "requests"))
    assert len(first_load(phone.page).excess(little)) == len(("weight", "requests"))


def test_an_inline_script_is_refused_and_noticed(phone: Window) -> None:
    heard = listener(phone)
    page = phone.open("/")
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'window.owned = 1'}))")
    assert page.evaluate("window.owned") is None
    assert any("Content Security Policy" in complaint for complaint in heard.complaints)


def test_a_picture_from_elsewhere_is_refused_and_noticed(phone: Window) -> None:
    heard = listener(phone)
    page = phone.open("/")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('img'), {src: 'http://127.0.0.2:9/pixel.png'}))"
    )
    page.wait_for_timeout(100)
    assert any("Content Security Policy" in complaint for complaint in heard.complaints)
