"""What a family reads where something waits, was left, or went over: the next step, and nothing that is not so."""

from __future__ import annotations

from tests.flows.citizen.browser import Browser, Person, Town
from tests.flows.citizen.guardianship.test_family import (
    CHILD,
    MINOR,
    PARENT,
    STRANGER,
    apply_for_child,
    confirm,
    invite,
    registered,
    run_jobs,
    ward,
)
from tests.flows.citizen.guardianship.test_hand_over import asked, digits_of, grown


def leave(guardian: Browser) -> None:
    here = ward(guardian)
    guardian.get(here)
    guardian.unlock()
    guardian.get(here)
    guardian.send(here, act="leave", understood="yes")


def test_a_minor_whose_guardian_left_reads_the_way_and_a_refused_application_bars_no_claim(town: Town) -> None:
    parent, _ = grown(town)
    leave(parent)
    minor = registered(town, Person(CHILD.name, CHILD.number, "19900000077"))
    assert "data-ward" in confirm(parent, invite(minor), CHILD.number)
    run_jobs(town)
    told = minor.get("/register/result").text
    assert "已经注册过" in told
    assert "由监护人在“为未满 14 周岁的孩子申请”里再次办理" in told
    assert 'href="/feedback?kind=number_appeal"' in told
    apply_for_child(parent)
    assert "等待交给本人" in parent.get("/me/family").text


def test_a_minor_whose_guardian_declared_is_threatened_with_nothing_and_sent_nowhere(town: Town) -> None:
    minor, sibling = registered(town, MINOR), registered(town, PARENT)
    minor.get("/register/guardian")
    minor.send("/register/guardian", relation="sibling")
    digits = minor.page.text.partition('data-invitation="')[2][:6]
    assert "前确认" in minor.get("/register/result").text
    confirm(sibling, digits, MINOR.number, relation="sibling")
    told = minor.get("/register/result").text
    assert "等待核实" in told
    assert "前确认" not in told
    assert 'href="/register/guardian"' not in told


def test_a_guardian_reads_that_somebody_else_claims_the_child_and_not_that_it_was_them(town: Town) -> None:
    parent = registered(town, PARENT)
    apply_for_child(parent)
    run_jobs(town)
    here = ward(parent)
    assert "另有人" not in parent.get(here).text
    apply_for_child(registered(town, STRANGER), relation="grandparent")
    told = parent.get(here).text
    assert "另有人申请这个账户" in told
    assert "另有人申报为监护人" in told
    assert told.count("监护人申报关系并同意") == 1


def test_whoever_took_an_account_over_reads_until_when_it_waits_before_typing_anything(town: Town) -> None:
    parent, here = grown(town)
    own = asked(town, digits_of(parent, here))
    own.send("/take-over/code", otp=own.newest_otp())
    own.set_pin()
    for path, form in (("/me/phone", 'name="phone"'), ("/me/deregister", 'name="understood"')):
        told = own.get(path).text
        assert form not in told, path
        assert "刚交接" in told, path
    told = own.get("/me/deregister").text
    assert told.index("账户刚交接过") < told.index('id="effects"')
    assert "没有通行密钥和 PIN 码" not in told, "no way round the wait is offered"
    assert '<a href="/me">' in told


def test_the_wards_first_message_is_in_the_language_that_the_ward_reads(town: Town) -> None:
    parent, here = grown(town, "en")
    own = asked(town, digits_of(parent, here))
    own.send("/take-over/code", otp=own.newest_otp())
    town.deliver()
    inbox = own.client.get("/sandbox/inbox?format=json").json()
    told = [one["text"] for one in inbox if one["topic"] == "taken_over"]
    assert any("账户" in one for one in told), told


def test_wrong_relation_loses_no_digits(town: Town) -> None:
    minor, parent = registered(town, MINOR), registered(town, PARENT)
    digits = invite(minor)
    assert f'value="{digits}"' in confirm(parent, digits, MINOR.number, relation="sibling")


def test_who_stopped_being_guardian_reads_that_they_were(town: Town) -> None:
    parent = registered(town, PARENT)
    apply_for_child(parent)
    run_jobs(town)
    parent.unlock()
    here = ward(parent)
    parent.get(here)
    assert "7 天内别人申请" in parent.page.text
    parent.send(here, act="leave", understood="yes")
    assert "您曾是" in parent.get("/me/family").text


def test_a_wrong_pin_opens_the_way_for_whoever_forgot_it(town: Town) -> None:
    holder = registered(town, STRANGER)
    holder.set_pin()
    town.pass_time(61)
    elsewhere = town.browser()
    elsewhere.get("/recover")
    elsewhere.send("/recover", name=STRANGER.name, number=STRANGER.number)
    told = elsewhere.send("/recover/code", otp=elsewhere.newest_otp(), pin="402983").text
    assert "PIN 码不对" in told
    assert '<details class="card" open>' in told
