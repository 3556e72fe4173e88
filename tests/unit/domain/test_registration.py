"""The registration policy: every rule once, their order, and the same decision for the same facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from eztong.domain.holder import HolderState
from eztong.domain.identity.age import AgeBand
from eztong.domain.identity.authority_answer import AuthorityAnswer, AuthoritySignal, AuthorityVerdict
from eztong.domain.registration import (
    POLICY_VERSION,
    Applicant,
    Decision,
    Footing,
    Reason,
    Verdict,
    decide,
    decide_before_authority,
    decide_on_footing,
    state_after,
)

TODAY = date(2026, 1, 15)
ADULT = Applicant(age_band=AgeBand.ADULT)
PASTS = (
    (Applicant(age_band=AgeBand.ADULT, has_account=True), Verdict.REFUSE, Reason.ALREADY_REGISTERED, "R13"),
    (Applicant(age_band=AgeBand.ADULT, service_ended_before=True), Verdict.REVIEW, Reason.SERVICE_ENDED_BEFORE, "R12"),
)
UNPROVEN = sorted(set(AuthorityVerdict) - {AuthorityVerdict.PENDING, AuthorityVerdict.MATCHED})


def answer(
    verdict: AuthorityVerdict = AuthorityVerdict.MATCHED,
    *signals: AuthoritySignal,
    valid_until: date | None = None,
) -> AuthorityAnswer:
    """Return an answer of the authority."""
    return AuthorityAnswer(
        verdict=verdict,
        reference="r",
        detail_code="d",
        signals=frozenset(signals),
        document_valid_until=valid_until,
    )


def rule_of(decision: Decision) -> tuple[Verdict, Reason | None, tuple[str, ...]]:
    """Return what was decided, by which rules."""
    return decision.verdict, decision.reason, decision.rules


@pytest.mark.parametrize(
    ("given", "verdict", "reason", "rule"),
    [
        (answer(), Verdict.APPROVE, None, "R00"),
        (answer(valid_until=TODAY), Verdict.APPROVE, None, "R00"),
        (answer(valid_until=date(2026, 1, 14)), Verdict.APPROVE_RESTRICTED, Reason.DOCUMENT_EXPIRED, "R40"),
        (answer(AuthorityVerdict.MISMATCH), Verdict.REFUSE, Reason.NAME_NUMBER_MISMATCH, "R20"),
        (answer(AuthorityVerdict.NO_RECORD), Verdict.REFUSE, Reason.NO_RECORD, "R21"),
        (answer(AuthorityVerdict.DECEASED), Verdict.REFUSE, Reason.NOT_ELIGIBLE, "R22"),
        (answer(AuthorityVerdict.NEEDS_HUMAN), Verdict.REVIEW, Reason.NAME_NEEDS_PERSON, "R23"),
        (answer(AuthorityVerdict.MATCHED, AuthoritySignal.DEVICE_RISK), Verdict.REFUSE, Reason.DEVICE_RISK, "R30"),
        (answer(AuthorityVerdict.MATCHED, AuthoritySignal.REVIEW_ADVISED), Verdict.REVIEW, Reason.MANUAL_REVIEW, "R31"),
        (answer(AuthorityVerdict.MATCHED, *AuthoritySignal), Verdict.REFUSE, Reason.DEVICE_RISK, "R30"),
        (answer(AuthorityVerdict.MISMATCH, *AuthoritySignal), Verdict.REFUSE, Reason.NAME_NUMBER_MISMATCH, "R20"),
    ],
)
def test_each_answer_of_the_authority_meets_its_rule(
    given: AuthorityAnswer, verdict: Verdict, reason: Reason | None, rule: str
) -> None:
    assert rule_of(decide(ADULT, given, today=TODAY)) == (verdict, reason, (rule,))


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
        assert decide(applicant, answer(verdict), today=TODAY) == early


@pytest.mark.parametrize(("applicant", "verdict", "reason", "rule"), PASTS)
def test_what_is_known_of_a_person_decides_once_name_and_number_belong_together(
    applicant: Applicant, verdict: Verdict, reason: Reason, rule: str
) -> None:
    given = answer(AuthorityVerdict.MATCHED, *AuthoritySignal, valid_until=date(2020, 1, 1))
    assert rule_of(decide(applicant, given, today=TODAY)) == (verdict, reason, (rule,))


@pytest.mark.parametrize("unproven", UNPROVEN)
@pytest.mark.parametrize("applicant", [past[0] for past in PASTS])
def test_nothing_that_is_known_of_a_person_shows_before(applicant: Applicant, unproven: AuthorityVerdict) -> None:
    assert decide_before_authority(applicant) is None
    assert decide(applicant, answer(unproven), today=TODAY) == decide(ADULT, answer(unproven), today=TODAY)


def test_an_adult_without_a_past_goes_to_the_authority() -> None:
    assert decide_before_authority(ADULT) is None


def test_equal_facts_get_equal_decisions_and_every_decision_names_rules_and_policy() -> None:
    facts = product(
        AgeBand, (False, True), set(AuthorityVerdict) - {AuthorityVerdict.PENDING}, (None, date(2020, 1, 1))
    )
    for band, ended, verdict, valid_until in facts:
        applicant = Applicant(age_band=band, service_ended_before=ended)
        first, again = (decide(applicant, answer(verdict, valid_until=valid_until), today=TODAY) for _ in range(2))
        assert first == again
        assert first.rules
        assert first.policy_version == POLICY_VERSION
        assert (first.reason is None) == (first.verdict is Verdict.APPROVE)


def test_nothing_is_decided_while_the_authority_has_not_decided() -> None:
    with pytest.raises(ValueError, match="pending"):
        decide(ADULT, answer(AuthorityVerdict.PENDING), today=TODAY)


def test_each_verdict_leads_to_its_state() -> None:
    reached = {verdict: state_after(Decision(verdict=verdict, reason=None, rules=("R00",))) for verdict in Verdict}
    assert reached == {
        Verdict.APPROVE: HolderState.APPROVED,
        Verdict.APPROVE_RESTRICTED: HolderState.APPROVED,
        Verdict.REFUSE: HolderState.REFUSED,
        Verdict.REVIEW: HolderState.UNDER_REVIEW,
        Verdict.SUPPLEMENT: HolderState.SUPPLEMENT_NEEDED,
    }


FIRM = Footing(has_other_account=False, has_consent=True, takes_document=True, has_room_on_phone=True)


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
