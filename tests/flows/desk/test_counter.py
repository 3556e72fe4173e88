"""The counter over HTTP, as without script: huge words, fixed wording, nothing told that was not allowed."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta

import pytest

from eztong.adapters.clock import SandboxClock
from eztong.domain.claims import Claim
from eztong.domain.codes.presentation_code import make_number
from tests.flows.citizen.browser import Browser, Person, Town
from tests.flows.desk.clerk import Clerk

ADULT = Person("测一二", "110000199003080023", "19900000002")


@pytest.fixture
def holder(town: Town) -> Browser:
    holder = town.browser()
    holder.register()
    return holder


def test_a_code_that_passes_is_confirmed_and_names_only_what_was_allowed(clerk: Clerk, holder: Browser) -> None:
    number = holder.show_code()["number"]
    assert clerk.check(number).status_code == 200
    assert clerk.result()["tone"] == "success"
    assert "已确认" in clerk.words()
    assert "未授权提供" in clerk.words()
    assert "测" not in clerk.words()
    assert number not in clerk.page.text


def test_the_verification_names_desk_and_staff(clerk: Clerk, holder: Browser, town: Town) -> None:
    clerk.check(holder.show_code()["number"])
    with town.services.store.read() as stored:
        (found,) = stored.verifications.list(town.caller().partner.partner_id, before=None, limit=5)
        staff = stored.staff.by_login("hotel")
    assert staff is not None
    assert (found.desk, found.api_key_id) == ("front-1", staff.staff_id)
    assert found.verification_id == clerk.result()["number"]


def test_with_a_grant_the_masked_name_and_the_age_are_shown(clerk: Clerk, holder: Browser, town: Town) -> None:
    request, path = town.ask(Claim.MASKED_NAME, Claim.AGE_OVER_18, grant_days=7)
    holder.get(path)
    holder.send(path, act="agree", match=str(request.match_number), claim_masked_name="yes", claim_age_over_18="yes")
    clerk.check(holder.show_code()["number"])
    assert "测*一" in clerk.words()
    assert "年满18周岁 是" in clerk.words()
    assert clerk.get("/desk").text.count("测*一") == 1, "in the last twenty, after the result is gone"


def test_a_frozen_account_is_not_confirmed_in_the_fixed_words(clerk: Clerk, holder: Browser) -> None:
    number = holder.show_code()["number"]
    holder.get("/freeze")
    holder.send("/freeze")
    clerk.check(number)
    assert clerk.result()["tone"] == "danger"
    assert clerk.words().count("未能确认") == 1
    assert "请持码人查看手机提示" in clerk.words()
    assert "冻结" not in clerk.words()
    assert "改用实体证件" in clerk.words()


@pytest.mark.parametrize(
    ("spoil", "tone", "said"),
    [
        (lambda digits: digits[:-1] + str((int(digits[-1]) + 1) % 10), "slip", "有一位对不上"),
        (lambda digits: digits[:-1], "slip", "18 位"),
        (lambda _: "https://example.org/r/abc", "slip", "这不是身份码"),
        (lambda _: "hello", "slip", "这不是身份码"),
        (lambda _: "", "slip", "18 位"),
        (lambda _: "9" * 300, "slip", "18 位"),
    ],
)
def test_a_slip_is_neither_refusal_nor_failure(
    clerk: Clerk, holder: Browser, spoil: Callable[[str], str], tone: str, said: str
) -> None:
    clerk.check(spoil(holder.show_code()["number"]))
    assert clerk.page.status_code == 422
    assert clerk.result()["tone"] == tone
    assert said in clerk.words()


def test_the_same_scan_again_is_an_answer_of_before_and_leaves_no_line_and_no_message(
    clerk: Clerk, holder: Browser, town: Town
) -> None:
    code = holder.show_code()
    clerk.check(code["qr"])
    first, lines = clerk.result(), rows(town)
    for again in (code["qr"], code["number"]):
        assert clerk.check(again).status_code == 200
        assert clerk.result() == first | {"tone": "earlier"}
        assert "此前已核验" in clerk.words()
        assert "还是同一个人吗" in clerk.words()
        assert "是本人" not in clerk.words()
        town.pass_time(10)
    assert rows(town) == lines
    town.deliver()
    assert "code_replayed" not in clerk.get("/sandbox/inbox?format=json").text


def test_what_was_confirmed_is_not_confirmed_again_after_a_freeze(clerk: Clerk, holder: Browser) -> None:
    number = holder.show_code("/code/spoken")["number"]
    clerk.check(number)
    path = clerk.page.url.path
    assert clerk.result()["tone"] == "success"
    holder.get("/freeze")
    holder.send("/freeze")
    for by in ("the code", "the line"):
        seen = clerk.check(number) if by == "the code" else clerk.get(path)
        assert seen.status_code == 200
        assert clerk.result()["tone"] == "danger"
        assert "未能确认" in clerk.words()
        assert "不再有效" in clerk.words()
        assert "冻结" not in clerk.words()
        assert "测" not in clerk.words()


def test_the_answer_has_an_address_that_can_be_loaded_again_and_sends_no_code(
    clerk: Clerk, holder: Browser, town: Town
) -> None:
    number = holder.show_code()["number"]
    clerk.check(number)
    path = clerk.page.url.path
    assert path == f"/desk/checks/{clerk.result()['entry']}"
    assert clerk.get(path).status_code == 200
    assert clerk.result()["tone"] == "success"
    for seconds in (6, 600):
        town.pass_time(seconds)
        assert clerk.get(path).status_code == 200
        assert clerk.result()["tone"] == "earlier", "an old line is no new confirmation"
    assert number not in clerk.page.text


def test_a_line_of_another_desk_or_partner_is_not_shown(clerk: Clerk, holder: Browser, town: Town) -> None:
    clerk.check(holder.show_code()["number"])
    path = clerk.page.url.path
    clerk.send("/desk/place", desk="front-2", scene="hotel_check_in")
    assert clerk.get(path).status_code == 404
    other = Clerk(town)
    other.start("netcafe", "bar-1", "internet_cafe")
    assert other.get(path).status_code == 404


@pytest.mark.parametrize("spoil", ["expired", "used elsewhere", "newer"])
def test_a_code_that_wants_refreshing_is_nobodys_fault_and_stands_in_the_list_once(
    clerk: Clerk, holder: Browser, town: Town, spoil: str
) -> None:
    number = holder.show_code()["number"]
    if spoil == "expired":
        town.pass_time(61)
    elif spoil == "used elsewhere":
        town.verify(number)
    else:
        holder.show_code()
    for _ in range(3):
        assert clerk.check(number).status_code in {409, 410}
        assert clerk.result()["tone"] == "stale"
        assert "请刷新" in clerk.words()
        assert "未能确认" not in clerk.words()
    assert clerk.get("/desk").text.count('<li class="stale">') == 1
    (path,) = re.findall(r'href="(/desk/checks/[^"]+)"', clerk.page.text)
    clerk.get(path)
    assert clerk.result()["tone"] == "stale"


def test_another_staff_session_at_the_desk_is_somebody_else(clerk: Clerk, holder: Browser, town: Town) -> None:
    number = holder.show_code()["number"]
    clerk.check(number)
    other = Clerk(town)
    other.start()
    assert other.check(number).status_code == 409
    assert other.result()["tone"] == "stale"


def rows(town: Town) -> dict[str, int]:
    """Return how many rows each table has."""
    with closing(sqlite3.connect(town.built.settings.database_file)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}  # noqa: S608 - names of our own


def test_the_desk_that_idles_at_its_limit_is_told_to_wait_and_never_not_confirmed(clerk: Clerk) -> None:
    for number in range(10):
        clerk.check(unknown(number))
        assert clerk.result()["tone"] == "danger"
    assert clerk.check(unknown(11)).status_code == 429
    assert clerk.result()["tone"] == "wait"
    assert "15 分钟" in clerk.words()


def test_a_desk_that_is_locked_does_not_lock_the_next_one(clerk: Clerk, holder: Browser) -> None:
    for number in range(10):
        clerk.check(unknown(number))
    clerk.send("/desk/place", desk="front-2", scene="hotel_check_in")
    clerk.check(holder.show_code()["number"])
    assert clerk.result()["tone"] == "success"


def test_the_last_twenty_are_of_this_desk_only(clerk: Clerk, holder: Browser) -> None:
    clerk.check(holder.show_code()["number"])
    assert clerk.get("/desk").text.count('<li class="success">') == 1
    clerk.send("/desk/place", desk="front-2", scene="hotel_check_in")
    assert "这个柜台还没有核验过" in clerk.page.text


def test_the_internet_cafe_wants_to_know_the_age_before_it_serves(town: Town, holder: Browser) -> None:
    cafe = Clerk(town)
    cafe.start("netcafe", "bar-1", "internet_cafe")
    cafe.check(holder.show_code()["number"])
    assert cafe.result()["tone"] == "caution"
    assert "请查验实体证件后再办理" in cafe.words()


def test_a_minor_in_the_internet_cafe_is_never_green_and_an_adult_is(town: Town) -> None:
    birthday = town.browser()
    birthday.register(Person("测成年", "440000200801150286", "19900000028"))
    cafe = Clerk(town)
    cafe.start("netcafe", "bar-1", "internet_cafe")
    cafe.get("/desk/sign")
    sign = re.findall(r'data-url="http://[^/"]+([^"]+)"', cafe.send("/desk/sign", act="make").text)[0]
    tones = []
    # The evening before the eighteenth birthday, and on its morning.
    clock = town.services.clock
    assert isinstance(clock, SandboxClock)
    for hours in (-10, 10):
        clock.set_offset(clock.offset + timedelta(hours=hours))
        birthday.unlock()
        birthday.get(sign)
        path = birthday.send(sign).url.path
        number = re.findall(r'match-number digits">(\d\d)<', cafe.get("/desk/live").text)[0]
        birthday.send(path, act="agree", match=number, claim_age_over_18="yes")
        cafe.get("/desk/live")
        tones.append((cafe.result()["tone"], "本场景不得办理" in cafe.words()))
    assert tones == [("caution", True), ("success", False)]


def test_what_staff_tick_off_is_kept_with_the_check(town: Town, holder: Browser) -> None:
    parcel = Clerk(town)
    parcel.start("parcel", "counter-1", "parcel_posting")
    parcel.check(holder.show_code()["number"])
    parcel.send("/desk/checklist", entry=parcel.result()["entry"], step_opened="yes", step_invented="yes")
    with town.services.store.read() as stored:
        caller = town.caller("parcel")
        assert [e.checklist for e in stored.staff.entries(caller.partner.partner_id, "counter-1", limit=9)] == [
            "opened"
        ]


def test_the_desk_speaks_english(town: Town, holder: Browser) -> None:
    clerk = Clerk(town, language="en")
    clerk.start()
    clerk.check(holder.show_code()["number"])
    assert "Confirmed" in clerk.words()
    assert "18 or older not allowed by the holder" in clerk.words(), "a clerk reads of the holder, not of «you»"
    assert "Whether you" not in clerk.page.text


def unknown(number: int) -> str:
    return make_number(number)


@pytest.mark.parametrize("age", [0, 2 * 24 * 3600], ids=["of today", "of the day before"])
def test_whoever_brings_an_old_qr_again_and_again_closes_the_desk_for_nobody(
    age: int, town: Town, browser: Browser, clerk: Clerk
) -> None:
    browser.register()
    old = browser.show_code()["qr"]
    clerk.check(old)
    town.pass_time(age)
    clerk.start()
    for _ in range(15):
        clerk.check(old)
    browser.unlock()
    clerk.check(browser.show_code()["qr"])
    assert clerk.result()["tone"] == "success", clerk.words()
