"""The policy for all versions and all facts: equal input, equal decision; nothing fixed is loosened (clause 2.1)."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from eztong.domain.identity.age import AgeBand
from eztong.domain.identity.authority_answer import AuthoritySignal, AuthorityVerdict
from eztong.domain.identity.citizen_number import DocumentType
from eztong.domain.policy.decide import Facts, decide, judge, makes_account
from eztong.domain.policy.document import REGIONS, parse_policy, policy_hash, render_policy
from eztong.domain.policy.facts_record import parse_facts, render_facts
from eztong.domain.policy.policy import ADJUSTABLE, FIXED, LEAST_AGE, MOST_AGE, Adjustable, Policy, Rule, Takes
from eztong.domain.registration import Applicant, Footing, Verdict, decide_by_fixed_rules, decide_on_footing
from tests.unit.domain.policy.cases import ADULT, PLAIN


def _rules(kind: Adjustable) -> st.SearchStrategy[Rule]:
    does = st.sampled_from(sorted(kind.may))
    match kind.takes:
        case Takes.NOTHING:
            return st.builds(Rule, does=does)
        case Takes.AGE:
            ages = st.sampled_from(range(LEAST_AGE, MOST_AGE + 1, 10))
            return st.builds(Rule, does=does, number=ages)
        case Takes.APPROVALS:
            return st.builds(Rule, does=does, number=st.integers(0, 5))
        case Takes.DOCUMENTS | Takes.REGIONS:
            known = REGIONS if kind.takes is Takes.REGIONS else [one.value for one in DocumentType]
            values = st.sets(st.sampled_from(sorted(known)), min_size=1).map(sorted).map(tuple)
            return st.builds(Rule, does=does, values=values)


policies = st.fixed_dictionaries({}, optional={name: _rules(kind) for name, kind in ADJUSTABLE.items()}).map(
    lambda rules: Policy(version="2027-01", rules=dict(sorted(rules.items())))
)
"""Every version that can be written."""

applicants = st.builds(
    Applicant,
    age_band=st.sampled_from(AgeBand),
    service_ended_before=st.booleans(),
    has_open_case=st.booleans(),
    has_account=st.booleans(),
    has_guardian=st.booleans(),
)
footings = st.builds(
    Footing,
    has_other_account=st.booleans(),
    has_consent=st.booleans(),
    takes_document=st.booleans(),
    has_room_on_phone=st.booleans(),
)
facts = st.builds(
    Facts,
    applicant=applicants | st.just(ADULT),
    decade=st.sampled_from(range(0, 120, 10)),
    region=st.sampled_from(sorted(REGIONS)),
    document=st.sampled_from(DocumentType),
    verdict=st.sampled_from(sorted(set(AuthorityVerdict) - {AuthorityVerdict.PENDING}))
    | st.just(AuthorityVerdict.MATCHED),
    signals=st.frozensets(st.sampled_from(AuthoritySignal)),
    document_expired=st.booleans(),
    approved_today=st.integers(0, 5),
    footing=footings | st.just(PLAIN.footing),
    waits_already=st.booleans(),
)
"""Every application that the authority has answered."""


@given(policies, facts)
def test_equal_facts_and_versions_get_equal_decisions_that_name_their_rules(policy: Policy, looked_at: Facts) -> None:
    again = Policy(version="another name", rules=dict(reversed(list(policy.rules.items()))))
    decision = judge(policy, looked_at)
    assert decision == judge(policy, looked_at) == judge(again, looked_at)
    assert set(decision.rules) <= FIXED.keys() | ADJUSTABLE.keys()
    assert (decision.reason is None) == (decision.verdict is Verdict.APPROVE)


@given(policies, facts)
def test_no_version_loosens_a_fixed_rule(policy: Policy, looked_at: Facts) -> None:
    assert looked_at.verdict is not None
    fixed = decide_by_fixed_rules(looked_at.applicant, looked_at.verdict)
    decision = judge(policy, looked_at)
    if fixed is not None:
        assert decide(policy, looked_at) == fixed
        assert not makes_account(decision)
    if makes_account(decision):
        assert decide_on_footing(decision, looked_at.footing) == decision
        assert decision.rules == (("R40",) if looked_at.document_expired else ("R00",))
        assert (decision.verdict is Verdict.APPROVE_RESTRICTED) == looked_at.document_expired


@given(policies, facts)
def test_what_a_version_does_is_what_it_may(policy: Policy, looked_at: Facts) -> None:
    decision = decide(policy, looked_at)
    for rule_id in decision.rules:
        if rule_id in ADJUSTABLE:
            assert decision.verdict in ADJUSTABLE[rule_id].may


@given(policies)
def test_what_is_written_is_read_back_and_has_one_hash(policy: Policy) -> None:
    again = parse_policy(render_policy(policy))
    assert again == policy
    assert policy_hash(again) == policy_hash(policy) != policy_hash(replace(policy, version="other"))


@given(facts)
def test_what_was_looked_at_is_read_back(looked_at: Facts) -> None:
    assert parse_facts(render_facts(looked_at)) == looked_at
