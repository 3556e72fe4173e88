"""Clause 2.1: the service decides on each application, equally for equal facts, and says why to the applicant."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulators.cast import KEYS, cast_of
from tests.simulators.citizen import Citizen
from tests.simulators.own_copy import copy_of
from tests.simulators.service import Service, running

STATES = {
    "active": "active",
    "restricted": "restricted",
    "refused": "refused",
    "under_review": "under_review",
    "supplement": "supplement_needed",
    "queued": "applied",
    "frozen": "frozen",
    "terminated": "under_review",
    "deregistered_before": "active",
    "already_registered": "active",
}
INPUT_ERRORS = {"X1": "number_check_digit", "X5": "number_kind_off"}
# In process the authority's time-outs and pending answers are met by the queue, not by retries.
QUEUED_FIRST = {"P19", "P21"}


def test_the_page_of_the_invented_people_names_everybody_who_is_tried_here(service: Service) -> None:
    assert set(cast_of(service)) == set(KEYS)
    assert set(cast_of(service, kind="input_error")) == set(INPUT_ERRORS)


@pytest.mark.parametrize("key", [key for key in KEYS if key not in QUEUED_FIRST])
def test_each_persona_meets_its_stated_outcome(service: Service, key: str) -> None:
    answer = service.register(key)
    if key in INPUT_ERRORS:
        assert (answer.status_code, answer.json()["code"]) == (422, INPUT_ERRORS[key])
        return
    found = answer.json()
    kind, _, detail = found["expected"].partition(":")
    assert key in cast_of(service, kind=kind)
    assert found["state"] == STATES[kind], found
    if kind in {"refused", "under_review", "supplement", "restricted"}:
        assert found["reason"] == detail


@pytest.mark.parametrize("key", sorted(QUEUED_FIRST))
def test_an_application_that_the_authority_delays_is_finished_by_itself(service: Service, key: str) -> None:
    assert service.holder(key)["state"] == "applied"
    service.wait_for(lambda: service.holder(key)["state"] == "active", advance=60)


def decision(service: Service, persona: str) -> tuple[str, str | None]:
    """Return state and reason of a persona's application."""
    holder = service.holder(persona)
    return holder["state"], holder["reason"]


def rules(service: Service, persona: str) -> tuple[str, str, str]:
    """Return verdict, rules and policy version as the holder's own copy tells them."""
    (account,) = copy_of(service, service.holder(persona)["id"])["account"]
    assert account["rules"]
    assert account["policy_version"]
    return account["decision"], account["rules"], account["policy_version"]


def test_equal_facts_get_equal_decisions_by_the_same_rules(
    service: Service, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with running(tmp_path_factory.mktemp("again") / "data") as other:
        for persona in ("P01", "P03", "P06", "P08", "P18", "P22", "P23"):
            assert decision(service, persona) == decision(other, persona)
        for persona in ("P01", "P06"):
            assert rules(service, persona) == rules(other, persona)


def test_a_refused_applicant_reads_the_reason_and_what_to_do(service: Service) -> None:
    citizen = Citizen(service)
    page = citizen.register("测无录", "310000198506160044", "19900000061").text
    assert 'data-state="refused"' in page
    assert "310000198506160044" not in page


def test_the_partner_learns_nothing_of_refusals(service: Service) -> None:
    assert "refused" not in service.partners["hotel"].get("/v1/verifications").text


def test_a_child_cannot_finish_alone(service: Service) -> None:
    citizen = Citizen(service)
    page = citizen.register("测小童", "440000201806010092", "19900000062").text
    assert 'data-state="supplement_needed"' in page or "监护" in page


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A sandbox where people decide: elsewhere the same invented people have what their cards say."""
    with running(tmp_path_factory.mktemp("apart") / "data") as service:
        yield service


def test_a_refused_applicant_comes_back_objects_and_is_decided_by_two_different_people(
    apart: Service, tmp_path: Path
) -> None:
    person = ("测无录", "310000198506160044", "19900000063")
    Citizen(apart).register(*person)
    apart.advance(61)
    before = apart.newest_otp(person[2])
    back = Citizen(apart)
    back.open("/register/application")
    back.send("/register/application", phone=person[2])
    apart.wait_for(lambda: apart.newest_otp(person[2]) != before)
    page = back.send("/register/application/code", otp=apart.newest_otp(person[2]), last_four=person[1][-4:]).text
    assert 'data-state="refused"' in page
    assert 'id="appeal"' in page
    assert 'data-state="under_review"' in back.send("/register/appeal", words="我确有户籍记录").text
    listed = json.loads(apart.run("applications", "list", "--json").stdout)
    application = max(one["holder_id"] for one in listed if one["due_at"])
    shown = apart.run("applications", "show", application, "--operator", "demo-li")
    assert (shown.returncode, person[1] in shown.stdout) == (0, False)
    reason = tmp_path / "reason.txt"
    reason.write_text("权威机构仍无记录", "utf-8")
    decide = ("--operator", "demo-li", "--words-file", str(reason))
    approved = apart.run("applications", "approve", application, *decide)
    assert (approved.returncode, "[no_eid_mark]" in approved.stderr) == (3, True)
    assert apart.run("applications", "refuse", application, *decide).returncode == 0
    page = back.open("/register/result").text
    assert "权威机构仍无记录" in page
    assert 'id="appeal"' not in page
    again = apart.run("applications", "refuse", application, *decide)
    assert "[not_under_review]" in again.stderr


def test_what_waits_for_a_person_is_approved_by_one_and_its_applicant_is_told(apart: Service, tmp_path: Path) -> None:
    key = "P22"
    application = apart.holder(key)["id"]
    reason = tmp_path / "reason.txt"
    reason.write_text("核对无误", "utf-8")
    decide = ("--operator", "demo-wang", "--words-file", str(reason), "--json")
    done = apart.run("applications", "approve", application, *decide)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["verdict"] == "approve"
    apart.wait_for(lambda: "已通过，现在可以使用" in apart.inbox())
    assert application not in apart.run("applications", "list", "--json").stdout


def test_a_stricter_version_by_two_operators_decides_new_applications_and_no_old_one(
    apart: Service, tmp_path: Path
) -> None:
    old = apart.holder("P01")
    before = rules(apart, "P01")
    file = tmp_path / "policy.json"
    rule = {"R34": {"does": "review", "age": 120}}
    file.write_text(json.dumps({"format": "eztong/application-policy/v1", "version": "2027-01", "rules": rule}))
    tried = json.loads(apart.run("policy", "simulate", str(file), "--json", "--operator", "demo-li").stdout)
    assert old["id"] in [one for change in tried["changed"] for one in change["applications"]]
    because = ("--reason", "a test", "--operator")
    assert apart.run("policy", "propose", str(file), *because, "demo-li").returncode == 0
    assert apart.run("policy", "approve", "2027-01", *because, "demo-li").returncode != 0
    assert apart.run("policy", "approve", "2027-01", *because, "demo-wang").returncode == 0
    page = Citizen(apart).register("测一二", "110000199003080023", "19900000064").text
    assert 'data-state="under_review"' in page
    assert "按现行规则" in page
    page = Citizen(apart).register("测无录", "310000198506160044", "19900000065").text
    assert 'data-state="refused"' in page, "what the house refuses is refused as before"
    assert rules(apart, "P01") == before


def test_staff_ask_for_more_in_words_and_the_applicant_answers_and_withdraws(apart: Service, tmp_path: Path) -> None:
    waiting = {one["holder_id"] for one in json.loads(apart.run("applications", "list", "--json").stdout)}
    citizen = Citizen(apart)
    citizen.register("测某某", "310000198506150030", "19900000066")
    citizen.open("/register/result")
    assert 'data-state="under_review"' in citizen.send("/register/appeal", words="姓名没有写错").text
    listed = json.loads(apart.run("applications", "list", "--json").stdout)
    (application,) = {one["holder_id"] for one in listed} - waiting
    question = tmp_path / "question.txt"
    question.write_text("您以前用过别的姓名吗？", "utf-8")
    by = ("--operator", "demo-li", "--words-file", str(question))
    assert apart.run("applications", "supplement", application, *by).returncode == 0
    page = citizen.open("/register/result").text
    assert 'data-state="supplement_needed"' in page
    assert "您以前用过别的姓名吗？" in page
    page = citizen.send("/register/answer", words="没有用过").text
    assert 'data-state="under_review"' in page
    assert "没有用过" in apart.run("applications", "show", application, "--operator", "demo-li").stdout
    page = citizen.send("/register/withdraw", understood="1").text
    assert "申请已撤回" in page
    assert application not in apart.run("applications", "list", "--json").stdout
