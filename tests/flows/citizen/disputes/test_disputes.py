"""Help with a record on the pages: a number and a day, and one file that holds with the published keys (2.15)."""

from __future__ import annotations

import json
import re

from eztong.domain.disputes.verify_bundle import verify_bundle
from tests.flows.citizen.browser import Browser, Person, Town

OTHER = Person("测一二", "110000199003080023", "19900000002")
WORDS = "我没有入住过 <b>"


def records(browser: Browser) -> list[str]:
    """Return the ids of the holder's records, newest first."""
    return re.findall(r'href="/records/((?:ver|att)_[0-9A-Z]{26})"', browser.get("/records").text)


def replayed(browser: Browser, town: Town) -> tuple[str, str]:
    """Register, be verified once, and tried once more at another desk; return the try and the use."""
    browser.register()
    digits = browser.show_code()["qr"]
    assert town.verify(digits) == "passed"
    town.pass_time(1)
    town.verify(digits, desk="front-1")
    attempt, use = records(browser)
    return attempt, use


def assist(browser: Browser, record: str, **fields: str) -> str:
    """Ask on the page of a record; return the page that answers."""
    browser.get(f"/records/{record}")
    assert f"/records/{record}/assist" in browser.page.text
    browser.get(f"/records/{record}/assist")
    return str(browser.send(f"/records/{record}/assist", **fields).text)


def test_help_brings_a_number_a_day_and_a_file_that_holds(browser: Browser, town: Town) -> None:
    for record in replayed(browser, town):
        page = assist(browser, record, act="assist", words=WORDS)
        number = re.search(r'<dd class="digits">([0-9 ]{11})</dd>', page)
        assert number is not None
        assert "最晚答复" in page
        ticket = browser.get(f"/feedback/{number[1].replace(' ', '')}").text
        assert record in ticket
        assert "我没有入住过 &lt;b&gt;" in ticket
        answer = browser.get(f"/records/{record}/bundle")
        assert answer.headers["content-disposition"] == f'attachment; filename="eztong-evidence-{record}.json"'
        assert answer.headers["cache-control"] == "no-store"
        keys = {key.key_id: key for key in town.services.keys.published()}
        verified = verify_bundle(answer.content, keys=keys)
        assert verified.record["id"] == record
        assert verified.manifest.document["missing"] == {}


def test_the_file_alone_opens_no_ticket_and_is_the_same_each_time(browser: Browser, town: Town) -> None:
    _attempt, use = replayed(browser, town)
    assert browser.get(f"/records/{use}/bundle").status_code == 404
    page = assist(browser, use, act="file")
    assert "data-bundle" in page
    assert "data-ticket" not in page
    first = browser.get(f"/records/{use}/bundle").content
    town.pass_time(100)
    assert browser.get(f"/records/{use}/bundle").content == first
    assert "没有" not in assist(browser, use, act="assist").partition("data-bundle")[2].partition("<form")[0]


def test_asking_twice_keeps_the_ticket(browser: Browser, town: Town) -> None:
    _attempt, use = replayed(browser, town)
    pages = [assist(browser, use, act="assist") for _ in range(2)]
    tickets = {re.search(r'data-ticket="(\d+)"', page)[1] for page in pages}  # type: ignore[index]  # it is there
    assert len(tickets) == 1
    assert "textarea" not in pages[1]


def test_what_was_not_understood_is_said_on_the_page(browser: Browser, town: Town) -> None:
    _attempt, use = replayed(browser, town)
    page = assist(browser, use, act="assist", words="长" * 1001)
    assert "没有完成" in page
    assert "data-ticket" not in page
    browser.get(f"/records/{use}/assist")
    assert browser.send(f"/records/{use}/assist", act="else").status_code == 422


def test_it_is_for_the_holder_alone(browser: Browser, town: Town) -> None:
    _attempt, use = replayed(browser, town)
    assist(browser, use, act="file")
    stranger = town.browser()
    assert "eztong/bundle" not in stranger.get(f"/records/{use}/bundle").text
    stranger.register(OTHER)
    for path in ("assist", "bundle"):
        assert stranger.get(f"/records/{use}/{path}").status_code == 404


def test_the_history_says_that_evidence_was_made_and_the_export_has_it(browser: Browser, town: Town) -> None:
    _attempt, use = replayed(browser, town)
    assist(browser, use, act="file")
    browser.unlock()
    browser.get("/me/data")
    copy = json.loads(browser.send("/me/data").content)
    assert [one["record_id"] for one in copy["bundles"]] == [use]
    assert "bundle_made" in [one["kind"] for one in copy["events"]]
