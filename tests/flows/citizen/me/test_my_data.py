"""The holder's copy: everything that is stored, nobody else's, no secret; only after an unlock, and written down."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import httpx

from eztong.domain.access.unlock import UNLOCK_LIFE
from eztong.domain.claims import Claim
from eztong.ports.sandbox import AuthorityFault
from eztong.usecases.access.find_session import find_session, hash_session
from eztong.usecases.own_data.export_data import collect_data
from tests.flows.citizen.browser import ANYBODY, PIN, Browser, Person, Town
from tests.simulators.pdf_reading import squeezed, text_of

# Words for programs, facts of an event, and the code of a document's or a language's kind.
IN_WORDS = re.compile(r"[a-z_]+|[a-z_]+=.*|0\d|zh-CN|front-1")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")

OTHER = Person("测一二", "110000199003080023", "19900000002")


def take(browser: Browser) -> dict[str, Any]:
    browser.unlock()
    browser.get("/me/data")
    answer = browser.send("/me/data")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def take_paper(browser: Browser) -> httpx.Response:
    browser.get("/me/data")
    return browser.send("/me/data", file="pdf")


def live_a_little(browser: Browser, town: Town) -> None:
    """Be verified, refused, asked; switch, grant and report."""
    browser.register()
    digits = browser.show_code()["number"]
    assert town.verify(digits) == "passed"
    town.verify(digits, desk="front-1")
    request, link = town.ask(Claim.AGE_OVER_18, grant_days=30)
    browser.get(link)
    browser.send(link, act="agree", match=str(request.match_number), claim_age_over_18="yes")
    browser.get("/grants")
    browser.send("/grants/partners/hotel", switch="off")


def test_the_file_holds_who_the_holder_is_and_what_happened(browser: Browser, town: Town) -> None:
    live_a_little(browser, town)
    copy = take(browser)
    assert copy["format"] == "eztong/own-data/v1"
    (account,) = copy["account"]
    assert (account["name"], account["document_number"], account["phone"]) == (
        ANYBODY.name,
        ANYBODY.number,
        ANYBODY.phone,
    )
    assert {one["kind"] for one in copy["acceptances"]} == {"service", "authorisation"}
    assert [one["outcome"] for one in copy["verifications"]].count("passed") == 2
    assert copy["refused_tries"][0]["reason"] == "code_already_used"
    assert copy["grants"][0]["claims"] == ["age_over_18", "is_person"]
    assert copy["partner_switches"][0]["is_on"] is False
    assert copy["answered_requests"][0]["state"] == "finished"
    assert copy["events"][0]["kind"] == "data_exported"


def test_the_file_holds_no_secret_and_no_code(browser: Browser, town: Town) -> None:
    browser.register()
    shown = browser.show_code()
    copy = take(browser)
    text = json.dumps(copy)
    assert shown["number"] not in text
    assert browser.client.cookies["ezt_session"] not in text
    session_hash = hash_session(browser.client.cookies["ezt_session"], keys=town.services.keys)
    assert session_hash.hex() not in text
    with town.services.store.read() as stored:
        session = stored.sessions.get(session_hash)
        assert session is not None
        assert session.holder_id is not None
        holder, pin = stored.holders.get(session.holder_id), stored.pins.get(session.holder_id)
    assert holder is not None
    assert pin is not None
    hidden = [value for row in (holder, pin) for value in (getattr(row, field.name) for field in fields(row))]
    for value in hidden:
        if isinstance(value, bytes):
            assert value.hex() not in text
    assert holder.data_key.wrapped.hex() not in text


def test_nobody_else_is_in_the_file(browser: Browser, town: Town) -> None:
    other = town.browser()
    live_a_little(other, town)
    browser.register(OTHER)
    text = json.dumps(take(browser), ensure_ascii=False)
    for value in (ANYBODY.name, ANYBODY.number, ANYBODY.phone):
        assert value not in text


def test_an_application_that_waits_is_in_the_copy_too(browser: Browser, town: Town) -> None:
    assert town.built.sandbox is not None
    town.built.sandbox.set_fault(AuthorityFault.DOWN)
    browser.register()
    session_hash = hash_session(browser.client.cookies["ezt_session"], keys=town.services.keys)
    with town.services.store.read() as stored:
        holder = find_session(session_hash, stored=stored, now=town.services.clock.now()).holder
        copy = collect_data(holder, stored=stored, keys=town.services.keys, now=town.services.clock.now())
    assert copy["account"][0]["state"] == "applied"
    (waiting,) = [one for one in copy["jobs"] if one["ended_at"] is None]
    assert (waiting["kind"], waiting["attempts"]) == ("registrations", 1)
    assert copy["pin"] == []


def test_the_page_says_what_is_in_it_and_what_is_not(browser: Browser) -> None:
    browser.register()
    page = browser.get("/me/data").text
    assert "里面有什么" in page
    assert "里面没有什么" in page


def test_without_a_fresh_unlock_there_is_no_file(browser: Browser, town: Town) -> None:
    browser.register()
    town.pass_time(int(UNLOCK_LIFE.total_seconds()) + 1)
    browser.get("/me/data")
    answer = browser.send("/me/data")
    assert browser.at() == "/unlock"
    assert ANYBODY.number not in answer.text
    browser.send("/unlock", pin=PIN)
    assert browser.at() == "/me/data"


def test_a_link_cannot_start_the_download(browser: Browser) -> None:
    browser.register()
    assert browser.get("/me/data").headers["content-type"].startswith("text/html")
    assert browser.client.post("/me/data", data={"csrf": "guess"}).status_code == 403


def test_the_download_is_a_file_that_nothing_keeps_and_stands_in_the_log(browser: Browser) -> None:
    browser.register()
    browser.get("/me/data")
    answer = browser.send("/me/data")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="eztong-my-data.json"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert "导出了本账户的全部数据" in browser.get("/me/devices").text


def values_in(found: object) -> Iterator[str]:
    """Give every text and number of a copy that stands on paper as it is, and not in words."""
    match found:
        case dict():
            for value in found.values():
                yield from values_in(value)
        case list():
            for value in found:
                yield from values_in(value)
        case str() if not MOMENT.fullmatch(found) and not IN_WORDS.fullmatch(found):
            yield found
        case int() if not isinstance(found, bool):
            yield str(found)
        case _:
            pass


def test_the_paper_holds_every_value_of_the_file(browser: Browser, town: Town) -> None:
    live_a_little(browser, town)
    copy = take(browser)
    answer = take_paper(browser)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="eztong-my-data.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"
    read = squeezed(text_of(answer.content))
    del copy["format"]
    # The second copy tells of the first.
    missing = [one for one in values_in(copy) if squeezed(one) not in read and "unlocked" not in one]
    assert missing == []
    assert "被拒绝的尝试" in read


def test_without_a_font_the_page_says_so_and_no_copy_is_noted(tmp_path: Path) -> None:
    town = Town(tmp_path, font_folder=tmp_path)
    browser = town.browser()
    browser.register()
    browser.unlock()
    browser.get("/me/data")
    answer = browser.send("/me/data", file="pdf")
    assert answer.status_code == 503
    assert "没有能排中文的字体" in answer.text
    assert "导出了本账户的全部数据" not in browser.get("/me/devices").text
    town.built.close()
