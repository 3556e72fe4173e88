"""Records: every use and refused try, own data only, to keep and to contest (2.11, 3.3)."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from eztong.adapters.authority.synthetic import synthetic_citizen
from eztong.domain.access.unlock import UNLOCK_LIFE
from eztong.domain.claims import Claim
from eztong.domain.holder import HolderState
from eztong.usecases.access.find_session import hash_session
from tests.flows.citizen.browser import Browser, Person, Town

OTHER = Person(*synthetic_citizen(7), "19900000002")


def used(browser: Browser, town: Town) -> str:
    """Show a code, let the hotel scan it, and return the digits."""
    digits = browser.show_code()["qr"]
    assert town.verify(digits) == "passed"
    return digits


def change_session(browser: Browser, town: Town, **fields: datetime) -> None:
    session_hash = hash_session(browser.client.cookies["ezt_session"], keys=town.services.keys)
    with town.services.store.read() as stored:
        session = stored.sessions.get(session_hash)
    assert session is not None
    changed = replace(session, **fields)  # type: ignore[arg-type]  # the fields of a session that are times
    town.services.store.write(lambda uow: uow.sessions.update(changed))


def unlock(browser: Browser, town: Town) -> None:
    change_session(browser, town, unlocked_until=town.services.clock.now() + UNLOCK_LIFE)


def record_ids(page: str) -> list[str]:
    return re.findall(r'href="/records/((?:ver|att)_[0-9A-Z]{26})"', page)


def test_nothing_happened_yet_is_said(browser: Browser) -> None:
    browser.register()
    page = browser.get("/records").text
    assert "没有人核验过您" in page
    assert "/records/export" not in page
    assert "没有这样的记录" in browser.get("/records?result=passed").text


def test_a_record_says_the_answers_that_were_told(browser: Browser, town: Town) -> None:
    browser.register()
    request, path = town.ask(Claim.AGE_OVER_18, Claim.MASKED_NAME)
    browser.get(path)
    browser.send(path, act="agree", match=str(request.match_number), claim_age_over_18="yes", claim_masked_name="yes")
    for page in (browser.page.text, browser.get("/records").text):
        for answer in ("是本人", "已满 18 周岁：是", "打码的姓名：测*一"):
            assert answer in page


def test_a_use_and_a_refused_replay_are_both_listed_newest_first(browser: Browser, town: Town) -> None:
    browser.register()
    digits = used(browser, town)
    town.pass_time(1)
    assert town.verify(digits, desk="front-1") == "code_already_used"
    page = browser.get("/records").text
    assert [one[:3] for one in record_ids(page)] == ["att", "ver"]
    for words in ("示例酒店", "酒店入住", "已通过", "尝试被拒绝", "是本人"):
        assert words in page


def test_a_refused_try_says_why_and_that_nothing_was_told(browser: Browser, town: Town) -> None:
    browser.register()
    town.verify(used(browser, town), desk="front-1")
    (refused,) = [one for one in record_ids(browser.get("/records").text) if one.startswith("att")]
    page = browser.get(f"/records/{refused}").text
    assert "已经用过一次" in page
    assert "没有告诉任何信息" in page
    assert "/proof" not in page


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("result=passed", ["ver"]),
        ("result=refused_try", ["att"]),
        ("result=declined", []),
        ("partner=hotel", ["att", "ver"]),
        ("partner=library", []),
        ("period=no-such&result=no-such&after=no-such", ["att", "ver"]),
    ],
)
def test_a_filter_leaves_what_fits(browser: Browser, town: Town, query: str, kinds: list[str]) -> None:
    browser.register()
    digits = used(browser, town)
    town.pass_time(1)
    town.verify(digits, desk="front-1")
    assert [one[:3] for one in record_ids(browser.get(f"/records?{query}").text)] == kinds


def test_what_is_older_than_the_period_is_left_out_until_asked_for(browser: Browser, town: Town) -> None:
    browser.register()
    used(browser, town)
    change_session(browser, town, expires_at=town.services.clock.now() + timedelta(days=400))
    for days, thirty, usual in ((29, 1, 1), (2, 0, 1), (150, 0, 0)):
        town.pass_time(days * 24 * 3600)
        assert len(record_ids(browser.get("/records?period=30").text)) == thirty
        assert len(record_ids(browser.get("/records").text)) == usual
    assert len(record_ids(browser.get("/records?period=all").text)) == 1


def test_pages_follow_each_other_without_gap_or_repeat(
    browser: Browser, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eztong.citizen.records.page.PAGE", 2)
    browser.register()
    used(browser, town)
    for _ in range(2):
        town.pass_time(1)
        digits = used(browser, town)
        town.pass_time(1)
        town.verify(digits, desk="front-1")
    seen, path = [], "/records"
    while path:
        page = browser.get(path).text
        seen += record_ids(page)
        older = re.search(r'href="(/records\?(?!elder|lang)[^"]*after=[^"]*)"', page)
        path = older[1].replace("&amp;", "&") if older else ""
    assert len(seen) == len(set(seen)) == 5
    assert [one[4:] for one in seen] == sorted((one[4:] for one in seen), reverse=True)


def test_the_proof_of_a_use_is_the_holders(browser: Browser, town: Town) -> None:
    browser.register()
    used(browser, town)
    (mine,) = record_ids(browser.get("/records").text)
    proof = json.loads(browser.get(f"/records/{mine}/proof").content)
    assert proof["document"]["id"] == mine
    assert proof["note"]
    stranger = town.browser()
    stranger.register(OTHER)
    for path in (f"/records/{mine}", f"/records/{mine}/proof", f"/records/{mine}/not-me"):
        assert stranger.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/records", "/records/export/csv", "/grants"])
def test_without_a_session_there_is_nothing(browser: Browser, path: str) -> None:
    assert "示例酒店" not in browser.get(path).text


def test_the_export_needs_an_unlock(browser: Browser, town: Town) -> None:
    browser.register()
    used(browser, town)
    town.pass_time(int(UNLOCK_LIFE.total_seconds()) + 1)
    page = browser.get("/records/export/json")
    assert "attachment" not in page.headers.get("content-disposition", "")
    assert "ver_" not in page.text


def test_the_export_holds_every_record_of_the_account(browser: Browser, town: Town) -> None:
    browser.register()
    digits = used(browser, town)
    town.pass_time(1)
    town.verify(digits, desk="front-1")
    unlock(browser, town)
    as_json = json.loads(browser.get("/records/export/json").content)["records"]
    as_csv = list(csv.DictReader(io.StringIO(browser.get("/records/export/csv").content.decode("utf-8-sig"))))
    assert as_json == as_csv
    assert [one["result"] for one in as_json] == ["refused_try", "passed"]
    assert as_json[1]["told"] == "is_person"
    assert browser.get("/records/export/xml").status_code == 404


def test_not_me_with_a_freeze_stops_everything_at_once(browser: Browser, town: Town) -> None:
    browser.register()
    used(browser, town)
    (mine,) = record_ids(browser.get("/records").text)
    waiting = browser.show_code()["qr"]
    browser.get(f"/records/{mine}/not-me")
    page = browser.send(f"/records/{mine}/not-me", act="freeze", note="我没有去过")
    assert re.search(r'<dd class="digits">[0-9 ]{11}</dd>', page.text)
    assert town.accounts_in(HolderState.FROZEN) == 1
    assert town.verify(waiting) == "not_passed"
    assert "示例酒店" not in browser.get("/records").text


def test_not_me_without_a_freeze_only_reports_and_shows_it_once(browser: Browser, town: Town) -> None:
    browser.register()
    used(browser, town)
    (mine,) = record_ids(browser.get("/records").text)
    numbers = set()
    for _ in range(2):
        browser.get(f"/records/{mine}/not-me")
        page = browser.send(f"/records/{mine}/not-me", act="report", note="")
        numbers |= {found.replace(" ", "") for found in re.findall(r'<dd class="digits">([0-9 ]{11})</dd>', page.text)}
    assert len(numbers) == 1
    assert town.accounts_in(HolderState.ACTIVE) == 1
    assert numbers.pop() in browser.get(f"/records/{mine}").text
    assert "您已报告" in browser.get("/records").text


def test_the_note_of_a_report_is_sealed(browser: Browser, town: Town) -> None:
    browser.register()
    used(browser, town)
    (mine,) = record_ids(browser.get("/records").text)
    browser.get(f"/records/{mine}/not-me")
    browser.send(f"/records/{mine}/not-me", act="report", note="我没有去过")
    for file in town.built.settings.database_file.parent.glob("*"):
        if file.is_file():
            assert "我没有去过".encode() not in file.read_bytes()


def test_a_report_without_a_choice_or_with_a_long_note_changes_nothing(browser: Browser, town: Town) -> None:
    browser.register()
    used(browser, town)
    (mine,) = record_ids(browser.get("/records").text)
    for fields in ({"act": "else"}, {"act": "report", "note": "长" * 501}):
        browser.get(f"/records/{mine}/not-me")
        assert browser.send(f"/records/{mine}/not-me", **fields).status_code == 422
    assert "您已报告" not in browser.get("/records").text


def test_a_partner_that_is_switched_off_gets_nothing_until_switched_on(browser: Browser, town: Town) -> None:
    browser.register()
    used(browser, town)
    assert "示例酒店" in browser.get("/grants").text
    page = browser.send("/grants/partners/hotel", switch="off")
    assert 'data-partner="hotel" data-on="no"' in page.text
    assert town.verify(browser.show_code()["qr"]) == "not_passed"
    assert "您关闭了这个商家" in browser.get(f"/records/{record_ids(browser.get('/records').text)[0]}").text
    browser.get("/grants")
    browser.send("/grants/partners/hotel", switch="on")
    assert town.verify(browser.show_code()["qr"]) == "passed"


def test_a_grant_is_shown_withdrawn_and_then_past(browser: Browser, town: Town) -> None:
    browser.register()
    request, path = town.ask(Claim.AGE_OVER_18, grant_days=7)
    browser.get(path)
    browser.send(path, act="agree", match=str(request.match_number), claim_age_over_18="yes")
    grant_ids = re.findall(r'data-grant="(grt_[0-9A-Z]{26})"', browser.get("/grants").text)
    assert len(grant_ids) == 1
    stranger = town.browser()
    stranger.register(OTHER)
    stranger.get("/grants")
    stranger.send(f"/grants/{grant_ids[0]}/withdraw")
    assert "data-grant" in browser.get("/grants").text
    page = browser.send(f"/grants/{grant_ids[0]}/withdraw").text
    assert "data-grant" not in page
    assert "已撤回" in page


def test_a_partner_can_be_switched_off_before_it_was_ever_met(browser: Browser, town: Town) -> None:
    browser.register()
    page = browser.get("/grants").text
    assert "还没有商家核验过您" in page
    assert 'data-partner="hotel" data-on="yes"' in page
    assert 'data-partner="hotel" data-on="no"' in browser.send("/grants/partners/hotel", switch="off").text
    assert town.verify(browser.show_code()["qr"]) == "not_passed"


def test_partners_are_found_by_name_and_those_met_come_first(browser: Browser, town: Town) -> None:
    browser.register()
    used(browser, town)
    page = browser.get("/grants").text
    assert re.findall(r'data-partner="([^"]+)"', page)[0] == "hotel"
    assert len(re.findall(r'data-partner="hotel"', page)) == 1
    found = re.findall(r'data-partner="([^"]+)"', browser.get("/grants?q=图书").text)
    assert found == ["hotel", "library"]
    assert "没有找到这个名称的商家" in browser.get("/grants?q=没有这一家").text


def test_switching_on_again_takes_an_unlock_and_switching_off_does_not(browser: Browser, town: Town) -> None:
    browser.register()
    town.pass_time(181)
    browser.get("/grants")
    assert 'data-partner="hotel" data-on="no"' in browser.send("/grants/partners/hotel", switch="off").text
    page = browser.send("/grants/partners/hotel", switch="on")
    assert page.url.path == "/unlock"
    assert "next=/grants" in str(page.url)
    assert 'data-partner="hotel" data-on="no"' in browser.get("/grants").text
    browser.unlock()
    browser.get("/grants")
    assert 'data-partner="hotel" data-on="yes"' in browser.send("/grants/partners/hotel", switch="on").text


def test_a_switch_needs_the_pages_own_form(browser: Browser, town: Town) -> None:
    browser.register()
    used(browser, town)
    assert browser.client.post("/grants/partners/hotel", data={"switch": "off"}).status_code == 403
    assert town.verify(browser.show_code()["qr"]) == "passed"
