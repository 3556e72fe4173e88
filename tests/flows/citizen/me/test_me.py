"""Me: masked with source and date, in full only after an unlock and only on that answer; states say what is true."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from eztong.domain.access.unlock import UNLOCK_LIFE
from eztong.domain.holder import FreezeCause, Holder, HolderState
from eztong.usecases.access.find_session import hash_session
from tests.flows.citizen.browser import ANYBODY, PIN, Browser, Town

IN_FULL = (ANYBODY.name, ANYBODY.number, ANYBODY.phone)


def holder_of(browser: Browser, town: Town) -> Holder:
    session_hash = hash_session(browser.client.cookies["ezt_session"], keys=town.services.keys)
    with town.services.store.read() as stored:
        session = stored.sessions.get(session_hash)
        assert session is not None
        assert session.holder_id is not None
        holder = stored.holders.get(session.holder_id)
    assert holder is not None
    return holder


def put_into(browser: Browser, town: Town, state: HolderState, cause: FreezeCause | None = None) -> None:
    """Move the account to ``state`` without ending its session."""
    changed = replace(holder_of(browser, town).moved_to(state), freeze_cause=cause)
    town.services.store.write(lambda uow: uow.holders.update(changed))


def values(page: str) -> dict[str, str]:
    return dict(re.findall(r'data-known="(\w+)"[^>]*>([^<]+)<', page))


def test_a_visitor_is_asked_to_sign_in_and_comes_back(browser: Browser) -> None:
    browser.get("/me")
    assert browser.at() == "/sign-in"
    assert browser.hidden()["next"] == "/me"


def test_whoever_is_still_registering_is_sent_to_the_step_that_is_due(browser: Browser) -> None:
    browser.accept()
    browser.get("/me")
    assert browser.at() == "/register/phone"


def test_the_values_are_masked_and_say_where_they_come_from(browser: Browser) -> None:
    browser.register()
    page = browser.get("/me").text
    assert values(page) == {"name": "测*一", "number": "1****************X", "phone": "199****0001"}
    assert not any(value in page for value in IN_FULL)
    today = re.findall(r"来自身份机构 · (\d{4}年\d+月\d+日)", page)
    assert len(today) == 2
    assert f"您填写并验证 · {today[0]}" in page
    assert "正常" in page


def test_after_an_unlock_the_values_are_shown_on_that_answer_only(browser: Browser) -> None:
    browser.register()
    browser.unlock()
    browser.get("/me")
    answer = browser.send("/me")
    assert values(answer.text) == dict(zip(("name", "number", "phone"), IN_FULL, strict=True))
    assert answer.headers["Cache-Control"] == "no-store"
    assert '<noscript><meta http-equiv="refresh" content="30; url=/me"></noscript>' in answer.text
    page = browser.get("/me").text
    assert not any(value in page for value in IN_FULL)


def test_without_a_fresh_unlock_it_is_asked_for_and_leads_back(browser: Browser, town: Town) -> None:
    browser.register()
    town.pass_time(int(UNLOCK_LIFE.total_seconds()) + 1)
    browser.get("/me")
    assert not any(value in browser.send("/me").text for value in IN_FULL)
    assert browser.at() == "/unlock"
    browser.send("/unlock", pin=PIN)
    assert browser.at() == "/me"


def test_a_reveal_stands_in_the_log_of_the_devices_page(browser: Browser) -> None:
    browser.register()
    browser.get("/me")
    browser.send("/me")
    assert "查看了完整的姓名和号码" in browser.get("/me/devices").text


def test_a_reveal_that_was_refused_is_not_logged_as_one(browser: Browser, town: Town) -> None:
    browser.register()
    town.pass_time(int(UNLOCK_LIFE.total_seconds()) + 1)
    browser.get("/me")
    browser.send("/me")
    assert "查看了完整的姓名和号码" not in browser.get("/me/devices").text


def test_another_site_cannot_make_the_browser_reveal(browser: Browser) -> None:
    browser.register()
    forged = browser.client.post("/me", data={"csrf": "guess"})
    assert forged.status_code == 403
    assert ANYBODY.number not in forged.text


def test_the_phone_of_a_replaced_device_sees_nothing(browser: Browser, town: Town) -> None:
    browser.register()
    holder = holder_of(browser, town)
    with town.services.store.read() as stored:
        device = stored.devices.primary(holder.holder_id)
    assert device is not None
    unbound = type(device.state).UNBOUND
    town.services.store.write(lambda uow: uow.devices.set_state(holder.holder_id, device.device_id, unbound))
    page = browser.get("/me")
    assert page.status_code == 409
    assert "测*一" not in page.text


@pytest.mark.parametrize(
    ("state", "cause", "words", "ways"),
    [
        (HolderState.FROZEN, FreezeCause.SELF, "请本人找回账户", {"/recover", "/freeze"}),
        (HolderState.FROZEN, FreezeCause.OPERATOR, "停用不是您本人操作的", {"/freeze"}),
        (HolderState.FROZEN, FreezeCause.RISK, "停用不是您本人操作的", {"/freeze"}),
        (HolderState.TERMINATED, None, "原因和申诉期限见发给您的通知", {"/freeze"}),
        (HolderState.DEREGISTERING, None, "撤回的时间内可以撤回", {"/freeze", "/me/deregister"}),
    ],
)
def test_an_account_that_is_not_active_is_told_what_is_true_and_what_to_do(
    browser: Browser, town: Town, state: HolderState, cause: FreezeCause | None, words: str, ways: set[str]
) -> None:
    browser.register()
    put_into(browser, town, state, cause)
    page = browser.get("/me")
    assert page.status_code == 200
    assert words in page.text
    for path in ("/recover", "/freeze"):
        assert (f'class="button primary" href="{path}"' in page.text or f'danger" href="{path}"' in page.text) == (
            path in ways
        )


@pytest.mark.parametrize("state", [HolderState.FROZEN, HolderState.TERMINATED, HolderState.DEREGISTERING])
def test_a_stopped_account_keeps_its_holder_s_right_to_the_data_right_after_signing_in(
    browser: Browser, town: Town, state: HolderState
) -> None:
    browser.register()
    put_into(browser, town, state, FreezeCause.OPERATOR if state is HolderState.FROZEN else None)
    assert "请退出后重新登录" in browser.get("/me").text
    assert values(browser.send("/me").text)["number"] == ANYBODY.number
    browser.get("/me/data")
    (account,) = browser.send("/me/data").json()["account"]
    assert (account["state"], account["stopped"]) == (state, [{"state": "active", "freeze_cause": None}])


def test_a_stopped_account_without_a_device_shows_its_state_but_no_values(browser: Browser, town: Town) -> None:
    browser.register()
    holder = holder_of(browser, town)
    with town.services.store.read() as stored:
        device = stored.devices.primary(holder.holder_id)
    assert device is not None
    lost = type(device.state).LOST
    town.services.store.write(lambda uow: uow.devices.set_state(holder.holder_id, device.device_id, lost))
    put_into(browser, town, HolderState.FROZEN, FreezeCause.SELF)
    page = browser.get("/me").text
    assert "已挂失" in page
    assert values(page) == {}


def test_language_and_large_type_are_switched_from_the_page(browser: Browser) -> None:
    browser.register()
    assert 'class="elder"' in browser.get("/me?elder=1").text
    assert 'class="elder"' in browser.get("/me").text
    assert "Your details" in browser.get("/me?lang=en").text
    assert "Your details" in browser.get("/me").text


def test_signing_out_from_the_page_ends_the_session(browser: Browser) -> None:
    browser.register()
    browser.get("/me")
    browser.send("/sign-out")
    browser.get("/me")
    assert browser.at() == "/sign-in"
