"""The page of what is told: an address is confirmed by mail, each use is told with a link that freezes (2.4, 2.7)."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from eztong.domain.holder import HolderState
from eztong.domain.notices import Topic
from eztong.usecases.own_notices.tell_uses import tell_uses
from tests.flows.citizen.browser import Browser, Town
from tests.flows.citizen.notices.test_notices import holder_of, tell

HERE = "/me/notices/choices"
ADDRESS = "li.si@example.org"


def newest_link(browser: Browser, topic: Topic) -> str:
    """Return the path of the link in the newest message of a topic."""
    browser.town.deliver()
    messages = browser.client.get("/sandbox/inbox?format=json").json()
    text = next(str(message["text"]) for message in messages if message["topic"] == topic)
    found = re.search(r"https?://\S+", text)
    assert found is not None, text
    return urlsplit(found[0].rstrip(".;")).path


def receivers(browser: Browser, topic: Topic) -> list[str]:
    browser.town.deliver()
    messages = browser.client.get("/sandbox/inbox?format=json").json()
    return sorted(message["phone"] for message in messages if message["topic"] == topic)


def signed_in(browser: Browser) -> Browser:
    browser.register()
    browser.unlock()
    browser.get(HERE)
    return browser


def give(browser: Browser, address: str = ADDRESS, consent: str = "yes") -> str:
    browser.get(HERE)
    return browser.send(HERE, act="add_email", email=address, consent=consent).text


def test_an_address_is_given_confirmed_shown_masked_used_and_removed_alone(browser: Browser, town: Town) -> None:
    signed_in(browser)
    page = give(browser)
    assert "l***@example.org" in page
    assert ADDRESS not in page
    link = newest_link(browser, Topic.EMAIL_PROOF)
    other = town.browser()
    assert "l***@example.org" in other.get(link).text
    assert "邮箱已确认" in other.send(link).text
    assert other.get("/me").url.path == "/sign-in"
    assert "已确认，通知会同时发到这里" in browser.get(HERE).text
    tell(browser, Topic.PIN_CHANGED)
    assert receivers(browser, Topic.PIN_CHANGED) == ["19900000001", ADDRESS]
    browser.get(HERE)
    assert "l***@" not in browser.send(HERE, act="remove_email").text
    assert receivers(browser, Topic.EMAIL_REMOVED) == ["19900000001", ADDRESS]
    assert "邮箱已删除" in browser.get("/me/devices").text


def test_a_link_is_over_once_it_was_used_and_says_so(browser: Browser, town: Town) -> None:
    signed_in(browser)
    give(browser)
    link = newest_link(browser, Topic.EMAIL_PROOF)
    other = town.browser()
    other.get(link)
    other.send(link)
    over = other.get(link)
    assert (over.status_code, "链接已失效" in over.text) == (409, True)
    assert over.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("address", "consent", "said"),
    [("nobody", "yes", "请检查邮箱地址"), (ADDRESS, "", "请勾选邮箱下面的方框")],
)
def test_what_cannot_be_stored_comes_back_with_what_was_typed(
    browser: Browser, address: str, consent: str, said: str
) -> None:
    signed_in(browser)
    page = give(browser, address, consent)
    assert said in page
    assert f'value="{address}"' in page
    assert browser.page.status_code == 422
    assert receivers(browser, Topic.EMAIL_PROOF) == []


def test_a_locked_browser_changes_nothing_and_is_led_to_the_unlock(browser: Browser, town: Town) -> None:
    signed_in(browser)
    town.pass_time(3600)
    browser.get(HERE)
    browser.send(HERE, act="per_use", switch="on")
    assert browser.at() == "/unlock"


def test_each_use_is_told_with_a_link_that_freezes_without_a_sign_in(browser: Browser, town: Town) -> None:
    signed_in(browser)
    assert browser.send(HERE, act="per_use", switch="on").text.count('class="toggle on"') == 1
    assert town.verify(browser.show_code()["number"]) == "passed"
    town.pass_time(3)
    tell_uses(services=town.services)
    link = newest_link(browser, Topic.CODE_USED)
    stranger = town.browser()
    assert "冻结账户" in stranger.get(link).text
    assert holder_of(browser).state is HolderState.ACTIVE
    stranger.send(link)
    assert stranger.at() == "/frozen"
    assert town.accounts_in(HolderState.FROZEN) == 1
    assert stranger.get(link).status_code == 409
    assert "/lost" in stranger.page.text
    browser.get("/me/notices")
    assert browser.at().startswith("/sign-in")


def test_promotions_are_off_and_stay_as_chosen(browser: Browser) -> None:
    signed_in(browser)
    assert 'class="toggle on"' not in browser.page.text
    assert browser.send(HERE, act="promotions", switch="on").text.count('class="toggle on"') == 1
    assert 'class="toggle on"' not in browser.send(HERE, act="promotions", switch="off").text


def test_an_unknown_button_is_refused(browser: Browser) -> None:
    signed_in(browser)
    assert browser.send(HERE, act="something").status_code == 422
