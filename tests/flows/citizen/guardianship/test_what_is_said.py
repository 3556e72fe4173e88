"""What a family reads where something waits, was left, or went over: the next step, and nothing that is not so."""

from __future__ import annotations

import re

from eztong.domain.events import Actor
from eztong.ports.act import Acting
from eztong.usecases.contact.appeal_number import AppealNumber, appeal_number
from tests.flows.citizen.browser import PIN, Browser, Person, Town
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
from tests.flows.citizen.guardianship.test_hand_over import asked, digits_of, grown, signed_in

OTHER = Person("测一一", "11000019900307001X", "19900000001")


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
    assert "已经有一个您的账户（可能由监护人办理）" in told
    assert "请监护人在“我的 &gt; 家人 &gt; 为孩子申请”里再次办理" in told
    assert 'href="/feedback?kind=number_appeal"' in told
    apply_for_child(parent)
    assert parent.get(ward(parent)).status_code == 200, "the refused application is no account in care"
    assert "等待交给本人" in parent.get("/me/family").text
    over = parent.page.text.partition('data-over="application_refused"')[2].partition("</li>")[0]
    assert "申请没有通过" in over
    assert parent.get(re.findall(r'href="(/me/family/gdn_\w+)"', over)[0]).status_code == 200


def test_a_minor_without_a_guardian_reads_so_and_of_whom_staff_look_at(town: Town) -> None:
    minor, parent = registered(town, MINOR), registered(town, PARENT)
    confirm(parent, invite(minor), MINOR.number)
    run_jobs(town)
    minor.set_pin()
    parent.unlock()
    here = ward(parent)
    parent.get(here)
    parent.send(here, act="freeze")
    town.pass_time(61)
    minor.get("/sign-in")
    minor.send("/sign-in", phone=MINOR.phone)
    minor.send("/sign-in/code", otp=minor.newest_otp(), pin=PIN)
    assert "请让监护人" in minor.get("/register/result").text
    assert "已挂失" not in minor.get("/me").text
    leave(parent)
    told = minor.get("/register/result").text
    assert "账户没有监护人" in told
    assert 'href="/register/guardian"' in told
    assert 'href="/me/family"' in minor.get("/code").text.partition("data-error")[2].partition("</section>")[0]
    assert "请写给我们" not in minor.get("/me/family").text
    apply_for_child(registered(town, OTHER), Person(MINOR.name, MINOR.number), relation="grandparent")
    for path in ("/register/result", "/me/family", "/register/guardian"):
        assert "有人申请做您的监护人" in minor.get(path).text, path
        assert "监护人已经申报" not in minor.page.text, path
    assert "账户要有监护人确认" in minor.page.text
    assert "返回“家人”" in minor.page.text
    minor.unlock()
    minor.get("/register/guardian")
    minor.send("/register/guardian", relation="grandparent")
    digits = minor.page.text.partition('data-invitation="')[2][:6]
    confirm(registered(town, STRANGER), digits, MINOR.number, relation="grandparent")
    assert "您邀请的监护人已经申报" in minor.get("/register/result").text
    assert "监护人已经申报" in minor.get("/me/family").text
    assert 'href="/register/guardian"' not in minor.page.text


def test_a_guardian_reads_that_an_appeal_was_decided_and_not_that_somebody_else_claims_it(town: Town) -> None:
    parent, here = grown(town)
    town.pass_time(4 * 366 * 86_400)
    browser = town.browser()
    browser.get("/feedback?kind=number_appeal")
    asked_for = browser.send("/feedback", kind="number_appeal", words="...").text
    number = re.search(r'<dd class="digits"[^>]*>([\d ]+)</dd>', asked_for)
    assert number is not None, asked_for
    command = AppealNumber(
        ticket_number=number[1].replace(" ", ""),
        name=CHILD.name,
        number=CHILD.number,
        phone="13900000077",
        second="demo-wang",
    )
    appeal_number(command, by=Acting(Actor.OPERATOR, "demo-li"), services=town.services)
    parent = signed_in(town)
    for path in (here, f"{here}/hand-over"):
        told = parent.get(path).text
        assert "号码申诉已通过" in told, path
        assert 'href="/feedback"' in told, path
        assert "另有人" not in told, path
        assert "现在不能交接" not in told, path


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
    stranger = registered(town, STRANGER)
    apply_for_child(stranger, relation="grandparent")
    assert "您申报为" in stranger.get("/me/family").text
    told = parent.get(here).text
    assert "另有人申报为监护人" in told
    claimed = told.partition('id="claimed"')[2].partition("</section>")[0]
    assert claimed.count("另有人申请") == claimed.count("另有人") == 1
    assert 'href="/feedback"' in claimed
    assert told.count("监护人申报关系并同意") == 1


def test_whoever_took_an_account_over_reads_until_when_it_waits_before_typing_anything(town: Town) -> None:
    parent, here = grown(town)
    own = asked(town, digits_of(parent, here))
    own.send("/take-over/code", otp=own.newest_otp())
    own.set_pin()
    forms = {"/me/phone": 'name="phone"', "/me/deregister": 'name="understood"', "/me/correct": 'name="name"'}
    for path, form in forms.items():
        told = own.get(path).text
        assert form not in told, path
        assert "刚交接" in told, path
    phone = own.get("/me/phone").text
    assert "再次更换" not in phone, "it was never changed"
    assert 'href="/feedback"' in phone
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
