"""Talks with the service on the pages: a stage bar, a proposal, its answer, an end, and the file for a court (5.2)."""

from __future__ import annotations

import re

import httpx
import pytest

from eztong.domain.disputes.verify_bundle import VerifiedBundle, verify_bundle
from eztong.domain.events import Actor
from eztong.ports.act import Acting
from eztong.usecases.proposals.decide_proposal import DecideProposal, decide_proposal
from eztong.usecases.talks.propose_settlement import ServiceSays, declare_failed, propose_settlement
from tests.flows.citizen.browser import PIN, Browser, Person, Town

OTHER = Person("测一二", "110000199003080023", "19900000002")
ASKED, OFFERED, WANTED = "我被冻结了三天 <b>", "我们道歉，并赔偿二百元。", "请赔偿三百元。"
LI, WANG = Acting(Actor.OPERATOR, "demo-li"), Acting(Actor.OPERATOR, "demo-wang")


def begin(browser: Browser, address: str = "/feedback?kind=talks", **more: str) -> tuple[str, str]:
    """Open talks as a person does; return number and secret."""
    browser.get(address)
    page = browser.send("/feedback", kind="talks", words=ASKED, **more)
    assert page.status_code == 200, page.text
    number, secret = re.findall(r'<dd class="digits">([0-9A-Z ]+)</dd>', page.text)
    return number.replace(" ", ""), secret


def propose(town: Town, number: str, words: str = OFFERED) -> None:
    """Offer something; to somebody without an account with the approval of another operator."""
    said, calendar = ServiceSays(number=number, words=words), town.services.deployment.calendar
    waits = town.services.perform(LI, propose_settlement, said, calendar=calendar).waits
    if waits is not None:
        decision = DecideProposal(proposal_id=waits.proposal_id, approve=True, reason="read")
        town.services.perform(WANG, decide_proposal, decision, calendar=calendar)


def stage_of(page: str) -> str:
    found = re.search(r'<ol class="steps"[^>]* data-stage="([a-z]+)"', page)
    assert found is not None
    assert page.count('aria-current="step"') == 1
    return found[1]


def proposal_on(page: str) -> str:
    found = re.search(r'name="proposal" value="(tms_\w+)"', page)
    assert found is not None
    return found[1]


def taken(browser: Browser, number: str) -> httpx.Response:
    """Press the button on the page of the talks."""
    browser.get(f"/feedback/{number}")
    return browser.send("/feedback/bundle", number=number)


def verified(town: Town, answer: httpx.Response) -> VerifiedBundle:
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    return verify_bundle(answer.content, keys={key.key_id: key for key in town.services.keys.published()})


def test_a_holder_talks_it_over_and_settles_it(browser: Browser, town: Town) -> None:
    browser.register()
    number, _secret = begin(browser)
    path = f"/feedback/{number}"
    page = browser.get(path).text
    assert (stage_of(page), "&lt;b&gt;" in page, "等待我们提出方案" in page) == ("open", True, True)
    assert 'value="accept"' not in page
    propose(town, number)
    page = browser.get(path).text
    assert (stage_of(page), OFFERED in page) == ("proposed", True)
    browser.send(path, act="say", words=WANTED)
    page = browser.get(path).text
    assert (stage_of(page), WANTED in page) == ("open", True)
    propose(town, number, "好，三百元。")
    page = browser.get(path).text
    unsure = browser.send(path, act="accept", proposal=proposal_on(page))
    assert (unsure.status_code, "请先打勾" in unsure.text) == (422, True)
    browser.get(path)
    browser.send(path, act="accept", sure="1", proposal=proposal_on(page))
    page = browser.get(path).text
    assert (stage_of(page), "您在" in page) == ("settled", True)
    assert "textarea" not in page
    found = verified(town, taken(browser, number))
    assert [one["kind"] for one in found.record["acts"]] == ["talk_proposed", "talk_proposed", "talk_settled"]
    assert "争议协商达成一致" in browser.get("/me/notices").text
    assert "协商已结束" in browser.get("/feedback").text


def test_somebody_without_an_account_ends_talks_by_number_and_secret_and_takes_the_file(
    browser: Browser, town: Town
) -> None:
    number, secret = begin(browser)
    other = town.browser()
    other.get("/feedback/status")
    assert stage_of(other.send("/feedback/status", number=number, secret=secret).text) == "open"
    propose(town, number)
    page = other.send("/feedback/status", number=number, secret=secret).text
    assert (stage_of(page), secret.replace(" ", "") in page) == ("proposed", True)
    page = other.send("/feedback/status", number=number, secret=secret, act="fail", sure="1", words="没有诚意").text
    assert (stage_of(page), "有管辖权的人民法院" in page) == ("failed", True)
    place = town.services.deployment.place_of_signing
    assert place
    assert place in page
    found = verified(town, other.send("/feedback/bundle", number=number, secret=secret))
    assert (found.record["stage"], found.record["court"]["place_of_signing"]) == ("failed", place)
    other.get("/feedback/status")
    assert other.send("/feedback/bundle", number=number, secret="0" * 16).status_code == 404


def test_new_talks_name_the_old_ones_and_the_records_that_were_ticked(browser: Browser, town: Town) -> None:
    browser.register()
    assert town.verify(browser.show_code()["qr"]) == "passed"
    (record,) = set(re.findall(r"/records/(ver_\w+)", browser.get("/records").text))
    assert f"/feedback?kind=talks&amp;record={record}" in browser.get(f"/records/{record}/assist").text
    form = browser.get(f"/feedback?kind=talks&record={record}").text
    assert re.search(rf'name="record-{record}" value="1" checked', form)
    number, _secret = begin(browser, **{f"record-{record}": "1"})
    found = verified(town, taken(browser, number))
    assert found.proofs["result-1"].document["id"] == record
    browser.get("/feedback?kind=talks")
    refused = browser.send("/feedback", kind="talks", words=ASKED, former=number)
    assert (refused.status_code, "还没有结束" in refused.text) == (409, True)
    said = ServiceSays(number=number, words="我们没有过错。")
    town.services.perform(LI, declare_failed, said)
    page = browser.get(f"/feedback/{number}").text
    assert f"/feedback?kind=talks&amp;former={number}" in page
    again, _secret = begin(browser, f"/feedback?kind=talks&former={number}", former=number)
    assert number in browser.get(f"/feedback/{again}").text.replace(" ", "")


@pytest.mark.parametrize("former", ["123", "1234567890"])
def test_a_number_that_is_none_comes_back_with_what_was_written(browser: Browser, former: str) -> None:
    browser.register()
    browser.get("/feedback?kind=talks")
    page = browser.send("/feedback", kind="talks", words=ASKED, former=former)
    assert (page.status_code, "我被冻结了三天" in page.text, former in page.text) == (404, True, True)


def test_nobody_else_sees_answers_or_takes_them(browser: Browser, town: Town) -> None:
    browser.register()
    number, _secret = begin(browser)
    propose(town, number)
    path = f"/feedback/{number}"
    proposal = proposal_on(browser.get(path).text)
    other = town.browser()
    other.register(OTHER)
    for address, fields in ((path, {"act": "accept", "sure": "1", "proposal": proposal}), ("/feedback/bundle", {})):
        other.get("/feedback")
        assert other.send(address, number=number, **fields).status_code == 404
    assert stage_of(browser.get(path).text) == "proposed"
    browser.get(path)
    assert browser.send(path, act="else", proposal=proposal).status_code == 422


def test_a_proposal_that_was_replaced_is_said_so_and_nothing_is_settled(browser: Browser, town: Town) -> None:
    browser.register()
    number, _secret = begin(browser)
    propose(town, number)
    path = f"/feedback/{number}"
    old = proposal_on(browser.get(path).text)
    propose(town, number, "一百元。")
    page = browser.send(path, act="accept", sure="1", proposal=old)
    assert (page.status_code, "新的方案" in page.text, stage_of(page.text)) == (409, True, "proposed")


def test_what_is_final_takes_an_unlock_and_no_secret_stands_in_for_it(browser: Browser, town: Town) -> None:
    browser.register()
    number, secret = begin(browser)
    propose(town, number)
    path = f"/feedback/{number}"
    proposal = proposal_on(browser.get(path).text)
    town.pass_time(181)
    locked = browser.send(path, act="accept", sure="1", proposal=proposal)
    assert (locked.url.path, locked.url.params["next"]) == ("/unlock", path)
    elsewhere = town.browser()
    elsewhere.get("/feedback/status")
    page = elsewhere.send("/feedback/status", number=number, secret=secret).text
    assert (OFFERED in page, 'value="accept"' in page, 'value="fail"' in page) == (True, False, False)
    assert f'href="{path}"' in page
    accept = {"act": "accept", "sure": "1", "proposal": proposal}
    refused = elsewhere.send("/feedback/status", number=number, secret=secret, **accept)
    assert refused.url.path == "/sign-in"
    assert browser.send("/unlock", pin=PIN, next=path).url.path == path
    browser.send(path, **accept)
    assert stage_of(browser.get(path).text) == "settled"


def test_leaving_is_told_of_talks_and_does_not_wait_for_them(browser: Browser) -> None:
    browser.register()
    begin(browser)
    browser.unlock()
    page = browser.get("/me/deregister").text
    assert "1 件与我们的争议" in page
    assert "feedback" in page


def test_it_is_there_in_english_too(browser: Browser, town: Town) -> None:
    browser.register()
    number, _secret = begin(browser)
    propose(town, number)
    page = browser.get(f"/feedback/{number}?lang=en").text
    assert "Accept the proposal" in page
    assert not re.search(r"talks\.[a-z]", page)
