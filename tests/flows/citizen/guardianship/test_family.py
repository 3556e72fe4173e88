"""The pages of a family over HTTP: a parent, a child of seven, a minor of sixteen, and somebody who is neither."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from eztong.domain.events import Actor
from eztong.domain.incidents.incident import Affected, Bilingual, IncidentKind
from eztong.domain.jobs.job import JobKind
from eztong.domain.restrictions.mark import Ceiling
from eztong.ports.act import Acting
from eztong.usecases.guardianship.come_of_age import come_of_age
from eztong.usecases.incidents.open_incident import OpenIncident, open_incident
from eztong.usecases.jobs.run_due import run_due
from eztong.usecases.jobs.unreadable import UnreadableJobs
from eztong.usecases.registration.decide_application import resume_registration
from eztong.usecases.restrictions.restrict_for_staff import RestrictHolder, StaffReason, restrict_holder
from tests.flows.citizen.browser import Browser, Person, Town

PARENT = Person("测监护", "440000198806010100", "19900000010")
MINOR = Person("测少年", "440000200906010087", "19900000008")
CHILD = Person("测小童", "440000201806010092")
STRANGER = Person("测一二", "110000199003080023", "19900000002")
TICKS = {"tick_service": "yes", "tick_authorisation": "yes"}


def run_jobs(town: Town) -> None:
    """Do what is due, as the service does beside its requests."""
    for kind, handler in ((JobKind.REGISTRATION, resume_registration), (JobKind.BIRTHDAY, come_of_age)):
        run_due(
            kind,
            lambda leased, do=handler: do(leased, services=town.services),  # type: ignore[misc]  # bound at once
            services=town.services,
            unreadable=UnreadableJobs(kind),
        )


def registered(town: Town, person: Person, language: str = "zh-CN") -> Browser:
    browser = town.browser(language=language)
    browser.register(person)
    return browser


def invite(minor: Browser) -> str:
    minor.get("/register/guardian")
    minor.send("/register/guardian", relation="parent")
    found = re.search(r'data-invitation="(\d{6})"', minor.page.text)
    assert found is not None, minor.page.text
    return found[1]


def confirm(guardian: Browser, digits: str, number: str, relation: str = "parent") -> str:
    guardian.unlock()
    guardian.get("/me/family/confirm")
    return guardian.send("/me/family/confirm", digits=digits, number=number, relation=relation, understood="yes").text


def apply_for_child(guardian: Browser, child: Person = CHILD, relation: str = "parent", **changed: str) -> str:
    guardian.unlock()
    guardian.get("/me/family/child")
    fields = {"name": child.name, "number": child.number, "relation": relation} | TICKS | changed
    return guardian.send("/me/family/child", **fields).text


def ward(guardian: Browser) -> str:
    found = re.findall(r'href="(/me/family/gdn_\w+)" data-ward', guardian.get("/me/family").text)
    assert len(found) == 1, guardian.page.text
    return str(found[0])


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_minor_invites_and_the_parent_confirms_freezes_and_leaves(town: Town, language: str) -> None:
    minor, parent = registered(town, MINOR, language), registered(town, PARENT, language)
    assert "/register/guardian" in minor.get("/register/result").text
    digits = invite(minor)
    assert digits in minor.get("/register/guardian").text
    wrong = confirm(parent, f"{(int(digits) + 1) % 10**6:06}", MINOR.number)
    assert 'id="digits-error"' in wrong
    assert "data-ward" in confirm(parent, digits, MINOR.number)
    run_jobs(town)
    assert 'data-state="active"' in minor.get("/register/result").text
    minor.set_pin()
    assert re.search(r"data-guardian><strong>[^<]*\*[^<]*</strong>", minor.get("/me/family").text), minor.page.text
    assert town.verify(minor.show_code()["number"]) == "passed"
    here = ward(parent)
    assert 'value="freeze"' in parent.get(here).text
    frozen = parent.send(here, act="freeze").text
    assert frozen.index('class="banner danger"') < frozen.index('value="release"') < frozen.index("data-state=")
    released = parent.send(here, act="release").text
    assert 'value="freeze"' in released
    assert 'class="banner success"' in released
    unticked = parent.send(here, act="leave")
    assert unticked.status_code == 422
    assert 'class="banner warning"' in unticked.text
    assert 'class="banner' not in parent.get(here).text
    parent.send(here, act="leave", understood="yes")
    assert parent.at() == "/me/family"
    assert 'data-over="ended"' in parent.page.text
    assert parent.get(here).status_code == 404


def test_planned_work_that_refuses_codes_refuses_a_child_s_too(town: Town) -> None:
    parent = registered(town, PARENT)
    apply_for_child(parent)
    run_jobs(town)
    here = ward(parent)
    start = town.services.clock.now() + timedelta(minutes=1)
    work = OpenIncident(
        kind=IncidentKind.MAINTENANCE,
        affects=(Affected.ALL,),
        effect=Bilingual("系统维护", "The service is maintained"),
        starts_at=start,
        until=start + timedelta(minutes=1),
        refuses=(Affected.CODES,),
    )
    town.services.perform(Acting(Actor.OPERATOR, "demo-li"), open_incident, work)
    town.pass_time(61)
    parent.get(here)
    refused = parent.send(f"{here}/code")
    assert (refused.status_code, 0 < int(refused.headers["retry-after"]) <= 61) == (503, True)
    assert 'data-number="' not in refused.text
    town.pass_time(60)
    parent.get(here)
    assert 'data-number="' in parent.send(f"{here}/code").text


def test_a_parent_applies_for_a_child_and_shows_its_code(town: Town) -> None:
    parent = registered(town, PARENT)
    before = town.accounts()
    assert "没有申请" in apply_for_child(parent, tick_service="")
    assert town.accounts() == before
    apply_for_child(parent)
    run_jobs(town)
    here = ward(parent)
    assert 'data-state="active"' in parent.get(here).text
    parent.send(f"{here}/code")
    found = re.search(r'data-number="(\d{18})"', parent.page.text)
    assert found is not None, parent.page.text
    assert found[1] in parent.get(f"{here}/code").text, "the page can be read again while the code stands"
    assert town.verify(found[1]) == "passed"
    assert "data-by-guardian" in parent.get(here).text
    parent.get(here)
    parent.send(f"{here}/code", act="spoken")
    assert 'data-number="' in parent.page.text
    limits = parent.get(f"{here}/limits").text
    assert 'aria-checked="true"' in limits
    assert parent.send(f"{here}/limits", act="withdraw").status_code == 422
    assert f'action="{here}/code"' in parent.get(here).text, "nothing is withdrawn without the tick"
    parent.get(f"{here}/limits")
    assert f'action="{here}/code"' not in parent.send(f"{here}/limits", act="withdraw", understood="yes").text
    stranger = registered(town, STRANGER)
    assert stranger.get(here).status_code == 404
    assert "没有确认您是监护人" in apply_for_child(stranger)
    assert stranger.get("/me/family/gdn_none").status_code == 404


def test_a_parent_ends_the_childs_account_and_undoes_it_on_the_childs_page(town: Town) -> None:
    parent = registered(town, PARENT)
    apply_for_child(parent)
    run_jobs(town)
    here = ward(parent)
    assert f"{here}/deregister" in parent.get(here).text
    parent.get(f"{here}/deregister")
    assert "核查还没有办结" not in parent.page.text
    command = RestrictHolder(number=CHILD.number, reason=StaffReason.MISUSE, ceiling=Ceiling.NONE)
    restrict_holder(command, by=Acting(Actor.OPERATOR, "demo-wang"), services=town.services)
    assert "核查还没有办结" in parent.get(f"{here}/deregister").text
    assert "deregister" in parent.send(f"{here}/deregister").url.path
    asked = parent.send(f"{here}/deregister", understood="yes").text
    assert "data-secret" in asked
    assert 'data-state="deregistering"' in parent.get(here).text
    number, secret = re.findall(r'<dd class="digits"[^>]*>([^<]+)</dd>', asked)[:2]
    parent.get("/deregistration/status")
    looked = parent.send("/deregistration/status", number=number, secret=secret).text
    assert 'data-deregistration="cooling"' in looked
    assert 'action="/deregistration/undo"' not in looked
    parent.get(here)
    parent.send(here, act="stay")
    assert 'data-state="deregistering"' not in parent.get(here).text
    parent.get("/me")
    assert 'data-state="deregistering"' not in parent.page.text


def test_what_the_authority_does_not_know_waits_on_both_pages(town: Town) -> None:
    minor, grandparent = registered(town, MINOR), registered(town, STRANGER)
    minor.get("/register/guardian")
    minor.send("/register/guardian", relation="grandparent")
    found = re.search(r'data-invitation="(\d{6})"', minor.page.text)
    assert found is not None
    assert "data-waiting" in confirm(grandparent, found[1], MINOR.number, "grandparent")
    assert "data-waits" in minor.get("/register/guardian").text


def test_whoever_is_locked_is_led_to_unlock_and_nothing_typed_counts(town: Town) -> None:
    parent = registered(town, PARENT)
    town.pass_time(200)
    for path in ("/me/family/confirm", "/me/family/child"):
        assert f"/unlock?next={path}" in parent.get(path).text


def test_on_the_18th_birthday_the_ward_is_nobodys(town: Town) -> None:
    minor, parent = registered(town, MINOR), registered(town, PARENT)
    confirm(parent, invite(minor), MINOR.number)
    run_jobs(town)
    birthday = datetime.fromisoformat("2027-06-01T00:00:00+08:00")
    town.pass_time(int((birthday - town.services.clock.now()).total_seconds()))
    run_jobs(town)
    with town.services.store.read() as stored:
        assert stored.guardianships.waiting(limit=1).is_empty
        assert stored.holders.counts() == {"active": 2}
