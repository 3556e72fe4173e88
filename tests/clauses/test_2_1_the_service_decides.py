"""Clause 2.1: the service decides on each application, equally for equal facts, and says why to the applicant."""

from __future__ import annotations

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
