"""The devices page: what it lists, and what each act ends; every act needs a fresh unlock."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from eztong.domain.events import EventKind
from eztong.domain.holder import Holder
from eztong.http.cookies import new_token
from eztong.ports.act import HOLDER, Act
from eztong.ports.storage.holders import HolderEvent
from eztong.usecases.access.find_session import hash_session
from eztong.usecases.access.open_session import Opening, open_session
from eztong.usecases.vault import phone_index
from tests.contract.storage.revisions import insert
from tests.flows.citizen.access.test_sign_in import sign_in
from tests.flows.citizen.browser import ANYBODY, PIN, Browser, Town


def open_devices(browser: Browser) -> str:
    return browser.get("/me/devices").text


def test_the_page_lists_this_device_the_pin_and_the_log(browser: Browser) -> None:
    browser.register()
    page = open_devices(browser)
    assert "这一台" in page
    assert "设置了 PIN 码" in page
    assert "绑定了一台设备" in page


def test_a_replaced_device_stays_listed_as_replaced(town: Town, browser: Browser) -> None:
    browser.register()
    new = town.browser()
    sign_in(new)
    assert "已换成新设备" in open_devices(new)


def test_the_page_is_closed_to_a_browser_without_a_bound_device(town: Town, browser: Browser) -> None:
    browser.register()
    sign_in(town.browser())
    browser.get("/me/devices")
    assert browser.at() == "/sign-in"


@pytest.mark.parametrize("act", ["end_others", "end_session", "unbind", "rename", "remove"])
def test_every_act_needs_a_fresh_unlock(town: Town, browser: Browser, act: str) -> None:
    browser.register()
    open_devices(browser)
    town.pass_time(181)
    browser.send("/me/devices", act=act, name="00", label="x")
    assert browser.at() == "/unlock"
    assert browser.hidden()["next"] == "/me/devices"
    browser.send("/unlock", pin=PIN)
    assert browser.at() == "/me/devices"


@pytest.mark.parametrize("act", ["end_session", "unbind", "rename", "remove"])
def test_what_is_not_the_holder_s_is_not_found(browser: Browser, act: str) -> None:
    browser.register()
    open_devices(browser)
    assert browser.send("/me/devices", act=act, name="00", label="x").status_code == 404


def test_an_act_that_does_not_exist_changes_nothing(browser: Browser) -> None:
    browser.register()
    open_devices(browser)
    assert browser.send("/me/devices", act="destroy", name="00").status_code == 422


def test_a_name_that_is_no_credential_is_refused(browser: Browser) -> None:
    browser.register()
    open_devices(browser)
    assert browser.send("/me/devices", act="remove", name="zz").status_code == 422


def test_stopping_this_device_ends_its_code_and_its_session(browser: Browser, town: Town) -> None:
    browser.register()
    code = browser.show_code()["number"]
    bound = [event.detail for event in _events(town) if event.kind is EventKind.DEVICE_BOUND]
    open_devices(browser)
    browser.send("/me/devices", act="unbind", name=bound[0])
    assert town.verify(code) == "code_cancelled"
    browser.get("/code")
    assert browser.at() == "/sign-in"


def test_another_session_is_listed_and_ended_by_one_press(browser: Browser, town: Town) -> None:
    browser.register()
    other = _same_device_elsewhere(town)
    assert other.get("/me/devices").url.path == "/me/devices"
    page = open_devices(browser)
    name = re.findall(r'value="([0-9a-f]{16})"><button[^>]*value="end_session"', page)
    browser.send("/me/devices", act="end_session", name=name[0])
    assert other.get("/me/devices").url.path == "/sign-in"
    assert open_devices(browser).count("end_session") == 0


def test_all_other_sessions_end_by_one_press_and_this_one_stays(browser: Browser, town: Town) -> None:
    browser.register()
    others = [_same_device_elsewhere(town) for _ in range(2)]
    open_devices(browser)
    browser.send("/me/devices", act="end_others", name="all")
    assert browser.at() == "/me/devices"
    assert {other.get("/me/devices").url.path for other in others} == {"/sign-in"}


def test_an_event_of_a_later_version_is_told_neutrally_and_breaks_no_page(browser: Browser, town: Town) -> None:
    browser.register()
    later = {"holder_id": _holder(town).holder_id, "event_id": "evt_zz", "kind": "moved_house", "actor": "family"}
    insert(town.built.settings.database_file, "holder_events", later | {"detail": "", "at": 0})
    page = open_devices(browser)
    assert "账户有一项其他变动" in page
    assert "moved_house" not in page
    assert browser.get("/me").status_code == 200
    browser.unlock()
    browser.get("/me/data")
    copied = browser.send("/me/data").json()["events"]
    assert any(event["kind"] == "other" and event["detail"] == "kind=moved_house actor=family" for event in copied)


def test_the_log_leaves_out_what_other_pages_tell(browser: Browser, town: Town) -> None:
    browser.register()
    browser.get("/grants")
    browser.send("/grants/partners/hotel", switch="off")
    assert _events(town)[0].kind is EventKind.PARTNER_SWITCHED
    page = open_devices(browser)
    assert "绑定了一台设备" in page
    assert "更改了一家机构的使用开关" not in page
    assert "注册申请已通过" not in page


def _holder(town: Town) -> Holder:
    with town.services.store.read() as stored:
        return stored.holders.by_phone_index(phone_index(ANYBODY.phone, keys=town.services.keys))[0]


def _events(town: Town) -> Sequence[HolderEvent]:
    with town.services.store.read() as stored:
        return stored.holders.events(_holder(town).holder_id)


def _same_device_elsewhere(town: Town) -> Browser:
    """A second browser that came in on the same device, as a passkey lets it."""
    services, holder = town.services, _holder(town)
    token = new_token(entropy=services.entropy)
    opening = Opening(session_hash=b"none", fresh_hash=hash_session(token, keys=services.keys), device_label="browser")

    def open_on_device(act: Act) -> None:
        device = act.uow.devices.primary(holder.holder_id)
        open_session(act, holder, opening, device=device, how="passkey")

    services.perform(HOLDER, open_on_device)
    other = town.browser()
    other.bring_token(token)
    return other
