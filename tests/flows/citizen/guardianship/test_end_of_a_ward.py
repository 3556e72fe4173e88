"""The end of a child's account on the pages: where it stands, until when it is undone, and who cannot end it."""

from __future__ import annotations

import re

import pytest

from eztong.domain.jobs.job import JobKind
from eztong.usecases.deregistration.execute_deregistration import execute_deregistration
from eztong.usecases.jobs.run_due import run_due
from tests.flows.citizen.browser import Browser, Town
from tests.flows.citizen.guardianship.test_family import (
    CHILD,
    PARENT,
    STRANGER,
    apply_for_child,
    registered,
    run_jobs,
    ward,
)
from tests.flows.citizen.guardianship.test_hand_over import asked, digits_of, grown, signed_in

DAY = 86_400
FOUR_YEARS = 1461 * DAY


def of_child(town: Town, language: str = "zh-CN") -> tuple[Browser, str]:
    """Return the browser of a parent whose child is registered, and the child's page."""
    parent = registered(town, PARENT, language)
    apply_for_child(parent)
    run_jobs(town)
    return parent, ward(parent)


def end(parent: Browser, here: str) -> tuple[str, str]:
    """End the child's account; return number and secret."""
    parent.unlock()
    parent.get(f"{here}/deregister")
    told = parent.send(f"{here}/deregister", understood="yes").text
    number, secret = re.findall(r'<dd class="digits"[^>]*>([0-9A-Z ]+)</dd>', told)
    return number, secret


def look(browser: Browser, number: str, secret: str) -> str:
    browser.get("/deregistration/status")
    return browser.send("/deregistration/status", number=number, secret=secret).text


def claim(town: Town) -> None:
    apply_for_child(registered(town, STRANGER), relation="grandparent")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_childs_page_says_first_that_the_account_ends_until_when_and_undoes_it(town: Town, language: str) -> None:
    parent, here = of_child(town, language)
    end(parent, here)
    assert "*童" in parent.page.text, "the page names the child"
    assert f'class="button primary" href="{here}"' in parent.page.text
    until = {"zh-CN": "注销最晚可撤回到", "en": "deregistration can be undone until"}[language]
    assert f" · {until} " in parent.get("/me/family").text
    told = parent.get(here).text
    assert told.index('class="banner warning"') < told.index('value="stay"') < told.index("data-state=")
    assert told.count('value="stay"') == 1
    assert {"zh-CN": "之后自动删除", "en": "it is erased for good"}[language] in told
    assert {"zh-CN": "监护关系一同结束", "en": "the guardianship ends with it"}[language] in told
    assert 'class="banner success"' not in parent.get(f"{here}?done=stayed").text, "nothing was undone"
    parent.get(here)
    undone = parent.send(here, act="stay").text
    assert 'class="banner success"' in undone
    assert 'data-state="active"' in undone
    assert until not in parent.get("/me/family").text


def test_an_end_that_a_claim_holds_up_says_so_and_until_when_and_is_undone(town: Town) -> None:
    parent, here = of_child(town)
    number, secret = end(parent, here)
    claim(town)
    for days, said in ((0, "注销中，还可以撤回"), (4, "注销推迟，还可以撤回"), (7, "注销中，还可以撤回")):
        town.pass_time(days * DAY)
        parent = signed_in(town)
        looked = look(town.browser(), number, secret)
        for told in (looked, parent.get(here).text):
            assert said in told, days
            assert ("另有人在申请" in told) is (days < 7), days
            assert ("最多推迟 7 天" in told) is (days == 0), days
        assert ("写给我们" in parent.page.text) is (days < 7), "who disagrees can say so"
        assert ("最晚办结" in looked) is (days == 7), "one date that matters"


def test_whoever_looks_it_up_is_led_to_the_family_to_undo_it_and_not_to_register_after_it(town: Town) -> None:
    parent, here = of_child(town)
    number, secret = end(parent, here)
    assert 'class="button primary" href="/me/family"' in look(parent, number, secret)
    town.pass_time(3 * DAY + 60)
    run_due(
        JobKind.DEREGISTRATION,
        lambda leased: execute_deregistration(leased, services=town.services, remember=lambda _: None),
        services=town.services,
    )
    parent = signed_in(town)
    told = look(parent, number, secret)
    assert 'data-deregistration="done"' in told
    assert 'href="/register"' not in told
    assert 'href="/me/family"' in told
    assert 'href="/register"' in look(town.browser(), number, secret)


def test_nobody_is_offered_what_cannot_be_ended_now(town: Town) -> None:
    parent, here = of_child(town)
    parent.unlock()
    form = parent.get(f"{here}/deregister").text
    assert 'name="understood"' in form
    assert "不需要工作人员审批" not in form
    old_tab = parent.hidden()
    claim(town)
    claimed = parent.get(f"{here}/deregister").text
    assert 'name="understood"' not in claimed
    assert "另有人申请这个账户" in claimed
    assert f'href="{here}"' in claimed
    refused = parent.send(f"{here}/deregister", **old_tab, understood="yes")
    assert refused.status_code == 409
    assert "account_claimed" in refused.text
    assert 'data-state="active"' in parent.get(here).text


def test_what_is_ending_already_leads_to_the_childs_page(town: Town) -> None:
    parent, here = of_child(town)
    end(parent, here)
    parent.get(f"{here}/deregister")
    assert parent.at() == here


def test_a_ward_of_age_is_not_ended_and_its_guardian_may_only_leave(town: Town) -> None:
    _, here = grown(town)
    town.pass_time(FOUR_YEARS)
    run_jobs(town)
    parent = signed_in(town)
    parent.get(f"{here}/deregister")
    assert parent.at() == here
    assert "冻结与结束" not in parent.page.text
    assert parent.page.text.count("不再担任监护人") == 1
    assert 'value="leave"' in parent.page.text


def test_who_can_have_the_account_back_reads_until_when_they_stay_guardian(town: Town) -> None:
    parent, here = grown(town)
    own = asked(town, digits_of(parent, here))
    own.send("/take-over/code", otp=own.newest_otp())
    told = parent.get(here).text
    assert "以后可以结束" in told
    assert "正在注销" not in told
    assert CHILD.number not in told
