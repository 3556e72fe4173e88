"""The citizen scans the counter: the sign is made by a press, opens a request for its desk only, and can be revoked."""

import re

import pytest

from tests.flows.citizen.browser import PIN, Browser, Town
from tests.flows.desk.clerk import Clerk


@pytest.fixture
def holder(town: Town) -> Browser:
    holder = town.browser()
    holder.register()
    return holder


def make_sign(clerk: Clerk, act: str = "make") -> str:
    """Make the sign; return the path that its QR leads to."""
    clerk.get("/desk/sign")
    page = clerk.send("/desk/sign", csrf=clerk.csrf(), act=act)
    found = re.search(r'data-url="http://[^/"]+(/at/[0-9a-f]{32})"', page.text)
    assert found is not None
    return found[1]


def match_number(clerk: Clerk) -> str:
    found = re.findall(r'match-number digits">(\d\d)<', clerk.get("/desk/live").text)
    assert len(found) == 1
    return str(found[0])


def test_looking_at_the_sign_makes_none(clerk: Clerk) -> None:
    assert "data-url" not in clerk.get("/desk/sign").text
    assert "data-url" not in clerk.get("/desk/sign").text


def test_the_sign_is_the_same_at_every_press_until_it_is_renewed(clerk: Clerk) -> None:
    first = make_sign(clerk)
    assert make_sign(clerk) == first
    assert make_sign(clerk, "renew") != first


def test_looking_at_the_counters_qr_opens_nothing(clerk: Clerk, holder: Browser) -> None:
    path = make_sign(clerk)
    page = holder.get(path).text
    for words in ("示例酒店", "前台一", "酒店入住"):
        assert words in page
    assert "match-number" not in clerk.get("/desk/live").text


def test_the_desk_shows_the_match_number_and_then_the_answer(clerk: Clerk, holder: Browser) -> None:
    holder.get(make_sign(clerk))
    request_path = holder.send(holder.at()).url.path
    assert request_path.startswith("/r/")
    number = match_number(clerk)
    holder.send(request_path, act="agree", match=number, claim_masked_name="yes")
    live = clerk.get("/desk/live").text
    assert "match-number" not in live
    assert 'data-tone="success"' in live
    assert "测*一" in live


def test_the_request_shows_at_its_desk_only(clerk: Clerk, holder: Browser, town: Town) -> None:
    holder.get(make_sign(clerk))
    holder.send(holder.at())
    for login, desk, scene in (("hotel", "front-2", "hotel_check_in"), ("library", "gate-1", "library_entry")):
        other = Clerk(town)
        other.start(login, desk, scene)
        assert "match-number" not in other.get("/desk/live").text


def test_a_refusal_is_told_as_such(clerk: Clerk, holder: Browser) -> None:
    holder.get(make_sign(clerk))
    path = holder.send(holder.at()).url.path
    holder.send(path, act="refuse")
    assert "未获同意" in clerk.get("/desk/live").text
    assert "测" not in clerk.page.text


def test_a_request_nobody_answers_is_timed_out_and_not_refused(clerk: Clerk, holder: Browser, town: Town) -> None:
    holder.get(make_sign(clerk))
    holder.send(holder.at())
    town.pass_time(601)
    live = clerk.get("/desk/live").text
    assert '<li class="wait">' in live
    assert "已超时" in live


def test_a_replaced_sign_opens_nothing_and_says_so(clerk: Clerk, holder: Browser) -> None:
    old = make_sign(clerk)
    holder.get(old)
    make_sign(clerk, "renew")
    assert holder.send(old).status_code == 422
    page = holder.get(old)
    assert page.status_code == 422
    assert "二维码已停用" in page.text
    assert "match-number" not in clerk.get("/desk/live").text


def test_who_is_not_signed_in_opens_nothing(clerk: Clerk, town: Town) -> None:
    path = make_sign(clerk)
    stranger = town.browser()
    assert "请先在这部手机上登录" in stranger.get(path).text
    assert f"/sign-in?next={path}" in stranger.page.text
    assert stranger.send(path, csrf=csrf_of(stranger)).url.path == "/sign-in"
    assert "match-number" not in clerk.get("/desk/live").text


def test_a_phone_that_is_locked_unlocks_first_and_is_back_at_the_counter(
    clerk: Clerk, holder: Browser, town: Town
) -> None:
    path = make_sign(clerk)
    town.pass_time(181)
    assert f"/unlock?next={path}" in holder.get(path).text
    holder.get("/code")
    assert holder.send(path).url.path == "/unlock"
    assert "match-number" not in clerk.get("/desk/live").text
    assert holder.send("/unlock", pin=PIN).url.path == path
    assert holder.send(path).url.path.startswith("/r/")


def test_who_registers_at_the_counter_comes_back_to_it(clerk: Clerk, town: Town) -> None:
    path = make_sign(clerk)
    newcomer = town.browser()
    newcomer.get(path)
    assert f"/unlock/setup?next={path}" in newcomer.register().text


def test_who_has_no_account_yet_opens_nothing(clerk: Clerk, town: Town) -> None:
    path = make_sign(clerk)
    halfway = town.browser()
    halfway.bind_phone()
    assert 'href="/register"' in halfway.get(path).text
    assert halfway.send(path, csrf=csrf_of(halfway)).status_code == 409
    assert "match-number" not in clerk.get("/desk/live").text


def test_an_invented_sign_is_none(town: Town) -> None:
    assert town.browser().get("/at/" + "0" * 32).status_code == 422


def csrf_of(browser: Browser) -> str:
    browser.get("/register")
    return browser.hidden()["csrf"]
