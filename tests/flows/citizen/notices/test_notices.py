"""The page of notices: what was sent to the phone is read again by its holder alone (clause 2.7)."""

from __future__ import annotations

import re
from functools import partial

from eztong.citizen.me.page import UNREAD_SHOWN
from eztong.citizen.notices.page import PAGE
from eztong.domain.holder import Holder
from eztong.domain.identifiers import HolderId
from eztong.domain.notices import Notice, Topic
from eztong.ports.act import SYSTEM
from eztong.ports.storage.store import UnitOfWork
from eztong.usecases.access.find_session import find_session, known_hash
from eztong.usecases.notices.warn_holder import tell_holder
from tests.flows.citizen.browser import Browser, Person, Town

OTHER = Person("测一二", "110000199003080023", "19900000002")
LINK = "https://eid.example.cn/recover/stop/secret"
_UNREAD = 'data-notice="unread"'


def holder_of(browser: Browser) -> Holder:
    services = browser.town.services
    hashed = known_hash(browser.client.cookies["ezt_session"], store=services.store, keys=services.keys)
    with services.store.read() as stored:
        return find_session(hashed, stored=stored, now=services.clock.now()).holder


def _add(odd: Notice, uow: UnitOfWork) -> None:
    uow.notices.add(odd)


def tell(browser: Browser, topic: Topic, **params: str) -> None:
    browser.town.services.perform(SYSTEM, tell_holder, holder_of(browser), topic, params)


def test_every_topic_is_read_again_in_the_language_of_the_page(browser: Browser) -> None:
    browser.register()
    tell(browser, Topic.REGISTERED_AGAIN)
    tell(browser, Topic.RECOVERY_WAITING, until="2026-01-16 09:00", link=LINK)
    chinese = browser.get("/me/notices").text
    for words in ("注册结果", "已通过", "有人用您的姓名和证件号码再次申请注册", "将于 2026年1月16日 09:00 生效"):
        assert words in chinese
    assert "请打开消息中的链接立即阻止" in chinese
    english = browser.get("/me/notices?lang=en").text
    for words in ("Result of your application", "approved. You can use it now.", "stop it at the link in the message"):
        assert words in english
    assert LINK not in chinese + english


def test_unread_notices_are_counted_on_me_until_they_are_marked(browser: Browser) -> None:
    browser.register()
    tell(browser, Topic.PIN_CHANGED)
    assert re.search(r"[2-9] 条未读", browser.get("/me").text)
    page = browser.get("/me/notices")
    assert page.text.count(_UNREAD) >= 2
    tell(browser, Topic.DEVICE_BOUND)
    marked = browser.send("/me/notices")
    assert (marked.status_code, browser.at()) == (200, "/me/notices")
    assert marked.text.count(_UNREAD) == 1
    assert "1 条未读" in browser.get("/me").text
    browser.get("/me/notices")
    assert "全部标为已读" not in browser.send("/me/notices").text
    assert "条未读" not in browser.get("/me").text


def test_many_notices_come_page_by_page_and_are_not_counted_out(browser: Browser) -> None:
    browser.register()
    for _ in range(UNREAD_SHOWN + 1):
        tell(browser, Topic.PIN_CHANGED)
    assert f"{UNREAD_SHOWN}+ 条未读" in browser.get("/me").text
    first = browser.get("/me/notices").text
    assert first.count("data-notice=") == PAGE
    (older,) = re.findall(r'href="(/me/notices\?before=msg_\w+)"', first)
    second = browser.get(older).text
    assert second.count("data-notice=") == PAGE
    assert 'href="/me/notices"' in second
    assert browser.get("/me/notices?before=nothing").text.count("data-notice=") == PAGE


def test_a_holder_reads_the_own_notices_alone(browser: Browser, town: Town) -> None:
    browser.register()
    tell(browser, Topic.CODE_REPLAYED, partner="某某酒店")
    assert "某某酒店" in browser.get("/me/notices").text
    other = town.browser()
    other.register(OTHER)
    assert "某某酒店" not in other.get("/me/notices").text
    stranger = town.browser()
    stranger.get("/me/notices")
    assert stranger.at().startswith("/sign-in")


def test_a_partners_name_is_words_and_no_markup(browser: Browser) -> None:
    browser.register()
    tell(browser, Topic.CODE_REPLAYED, partner="<b>{link}")
    assert "&lt;b&gt;{link}" in browser.get("/me/notices").text


def test_what_another_version_told_or_cannot_be_opened_hides_no_other(browser: Browser, town: Town) -> None:
    browser.register()
    holder_id: HolderId = holder_of(browser).holder_id
    for number, topic in ((1, "no_such_topic"), (2, Topic.PIN_CHANGED)):
        odd = Notice(
            holder_id=holder_id,
            notice_id=f"msg_{'Z' * 25}{number}",
            topic=topic,
            sealed=b"x" * 40,
            at=town.services.clock.now(),
        )
        town.services.store.write(partial(_add, odd))
    shown = browser.get("/me/notices").text
    assert shown.count("这条通知现在无法显示") == 2
    assert "注册结果" in shown
