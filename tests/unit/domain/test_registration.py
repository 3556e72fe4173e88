"""The rules for applications that hold under every version of the policy: each once, and their order."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.holder import HolderState
from eztong.domain.identity.age import AgeBand
from eztong.domain.identity.authority_answer import AuthorityVerdict
from eztong.domain.registration import (
    FIRM,
    Applicant,
    Decision,
    Footing,
    Reason,
    Verdict,
    decide_before_authority,
    decide_by_fixed_rules,
    decide_on_footing,
    decide_on_waiting,
    state_after,
)

ADULT = Applicant(age_band=AgeBand.ADULT)
PASTS = (
    (Applicant(age_band=AgeBand.ADULT, has_account=True), Verdict.REFUSE, Reason.ALREADY_REGISTERED, "R13"),
    (Applicant(age_band=AgeBand.ADULT, service_ended_before=True), Verdict.REVIEW, Reason.SERVICE_ENDED_BEFORE, "R12"),
    (Applicant(age_band=AgeBand.ADULT, has_open_case=True), Verdict.REVIEW, Reason.MANUAL_REVIEW, "R18"),
)
UNPROVEN = sorted(set(AuthorityVerdict) - {AuthorityVerdict.PENDING, AuthorityVerdict.MATCHED})


def rule_of(decision: Decision) -> tuple[Verdict, Reason | None, tuple[str, ...]]:
    """Return what was decided, by which rules."""
    return decision.verdict, decision.reason, decision.rules


@pytest.mark.parametrize(
    ("given", "verdict", "reason", "rule"),
    [
        (AuthorityVerdict.MISMATCH, Verdict.REFUSE, Reason.NAME_NUMBER_MISMATCH, "R20"),
        (AuthorityVerdict.NO_RECORD, Verdict.REFUSE, Reason.NO_RECORD, "R21"),
        (AuthorityVerdict.DECEASED, Verdict.REFUSE, Reason.NOT_ELIGIBLE, "R22"),
        (AuthorityVerdict.NEEDS_HUMAN, Verdict.REVIEW, Reason.NAME_NEEDS_PERSON, "R23"),
    ],
)
def test_each_answer_of_the_authority_but_a_match_meets_its_rule(
    given: AuthorityVerdict, verdict: Verdict, reason: Reason, rule: str
) -> None:
    decision = decide_by_fixed_rules(ADULT, given)
    assert decision is not None
    assert rule_of(decision) == (verdict, reason, (rule,))


def test_a_match_of_somebody_without_a_past_is_left_to_the_version() -> None:
    assert decide_by_fixed_rules(ADULT, AuthorityVerdict.MATCHED) is None


@pytest.mark.parametrize(
    ("band", "ended", "expected"),
    [
        (AgeBand.CHILD, False, (Verdict.SUPPLEMENT, Reason.GUARDIAN_MUST_APPLY, ("R10",))),
        (AgeBand.MINOR, False, (Verdict.SUPPLEMENT, Reason.GUARDIAN_MUST_CONFIRM, ("R11",))),
        (AgeBand.MINOR, True, (Verdict.SUPPLEMENT, Reason.GUARDIAN_MUST_CONFIRM, ("R11",))),
    ],
)
def test_some_rules_need_no_answer_and_no_answer_overrides_them(
    band: AgeBand, expected: tuple[Verdict, Reason, tuple[str, ...]], *, ended: bool
) -> None:
    applicant = Applicant(age_band=band, service_ended_before=ended)
    early = decide_before_authority(applicant)
    assert early is not None
    assert rule_of(early) == expected
    for verdict in set(AuthorityVerdict) - {AuthorityVerdict.PENDING}:
        assert decide_by_fixed_rules(applicant, verdict) == early


@pytest.mark.parametrize(("applicant", "verdict", "reason", "rule"), PASTS)
def test_what_is_known_of_a_person_decides_once_name_and_number_belong_together(
    applicant: Applicant, verdict: Verdict, reason: Reason, rule: str
) -> None:
    decision = decide_by_fixed_rules(applicant, AuthorityVerdict.MATCHED)
    assert decision is not None
    assert rule_of(decision) == (verdict, reason, (rule,))


@pytest.mark.parametrize("unproven", UNPROVEN)
@pytest.mark.parametrize("applicant", [past[0] for past in PASTS])
def test_nothing_that_is_known_of_a_person_shows_before(applicant: Applicant, unproven: AuthorityVerdict) -> None:
    assert decide_before_authority(applicant) is None
    assert decide_by_fixed_rules(applicant, unproven) == decide_by_fixed_rules(ADULT, unproven)


def test_an_adult_without_a_past_goes_to_the_authority() -> None:
    assert decide_before_authority(ADULT) is None


def test_nothing_is_decided_while_the_authority_has_not_decided() -> None:
    with pytest.raises(ValueError, match="pending"):
        decide_by_fixed_rules(ADULT, AuthorityVerdict.PENDING)


def test_each_verdict_leads_to_its_state() -> None:
    reached = {verdict: state_after(Decision(verdict=verdict, reason=None, rules=("R00",))) for verdict in Verdict}
    assert reached == {
        Verdict.APPROVE: HolderState.APPROVED,
        Verdict.APPROVE_RESTRICTED: HolderState.APPROVED,
        Verdict.REFUSE: HolderState.REFUSED,
        Verdict.REVIEW: HolderState.UNDER_REVIEW,
        Verdict.SUPPLEMENT: HolderState.SUPPLEMENT_NEEDED,
    }


@pytest.mark.parametrize("verdict", [Verdict.APPROVE, Verdict.APPROVE_RESTRICTED])
@pytest.mark.parametrize(
    ("lost", "reason", "rule"),
    [
        (replace(FIRM, has_other_account=True), Reason.ALREADY_REGISTERED, "R13"),
        (replace(FIRM, has_consent=False), Reason.AGREEMENTS_CHANGED, "R15"),
        (replace(FIRM, takes_document=False), Reason.DOCUMENT_NOT_TAKEN, "R16"),
        (replace(FIRM, has_room_on_phone=False), Reason.PHONE_FULL, "R17"),
    ],
)
def test_an_approval_that_has_lost_its_footing_is_refused(
    verdict: Verdict, lost: Footing, reason: Reason, rule: str
) -> None:
    approved = Decision(verdict=verdict, reason=None, rules=("R00",))
    assert rule_of(decide_on_footing(approved, lost)) == (Verdict.REFUSE, reason, (rule,))
    assert decide_on_footing(approved, FIRM) == approved


@pytest.mark.parametrize("verdict", [Verdict.REFUSE, Verdict.REVIEW, Verdict.SUPPLEMENT])
def test_what_makes_no_account_needs_no_footing(verdict: Verdict) -> None:
    decision = Decision(verdict=verdict, reason=Reason.MANUAL_REVIEW, rules=("R31",))
    lost = Footing(has_other_account=True, has_consent=False, takes_document=False, has_room_on_phone=False)
    assert decide_on_footing(decision, lost) == decision


def test_a_second_one_that_would_wait_is_refused_and_any_other_decision_stands() -> None:
    for verdict in Verdict:
        decision = Decision(verdict=verdict, reason=Reason.MANUAL_REVIEW, rules=("R31",))
        assert decide_on_waiting(decision, waits_already=False) == decision
        if verdict is not Verdict.REVIEW:
            assert decide_on_waiting(decision, waits_already=True) == decision
    waiting = Decision(verdict=Verdict.REVIEW, reason=Reason.MANUAL_REVIEW, rules=("R31",))
    refused = decide_on_waiting(waiting, waits_already=True)
    assert rule_of(refused) == (Verdict.REFUSE, Reason.UNDER_REVIEW_ALREADY, ("R14",))
