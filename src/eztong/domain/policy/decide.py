"""Decide on an application by a version of the policy: the same facts and the same version, the same decision (2.1).

Pure. Rules are tried in the order of the numbered recipe in :func:`decide`; the first that hits decides. What it looks
at is a few coded words, :class:`Facts`: enough to decide again under another version, too little to say who it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from eztong.domain.holder import HolderState
from eztong.domain.identity.age import AgeBand
from eztong.domain.identity.authority_answer import AuthoritySignal, AuthorityVerdict
from eztong.domain.identity.citizen_number import DocumentType
from eztong.domain.policy.policy import ADJUSTABLE, DECADE, Policy, Rule
from eztong.domain.registration import (
    FIRM,
    Applicant,
    Decision,
    Footing,
    Verdict,
    decide_before_authority,
    decide_by_fixed_rules,
    decide_on_footing,
    decide_on_waiting,
    state_after,
)

LIMIT: Final = "R36"
"""The rule that limits the approvals of a day."""

_IN_ORDER: Final = tuple(rule_id for rule_id in ADJUSTABLE if rule_id != LIMIT)
_APPROVED: Final = Decision(verdict=Verdict.APPROVE, reason=None, rules=("R00",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that a decision looks at.

    ``decade`` is the age in whole decades, in years: 30 from the 30th to the 40th birthday. ``region`` are the first
    two digits of the document's number. ``verdict`` is None where the authority was not asked. ``approved_today``
    counts the accounts that were made since midnight in Shanghai without a person.
    """

    applicant: Applicant
    decade: int
    region: str
    document: DocumentType
    verdict: AuthorityVerdict | None = None
    signals: frozenset[AuthoritySignal] = field(default=frozenset())
    document_expired: bool = False
    approved_today: int = 0
    footing: Footing = FIRM
    waits_already: bool = False
    """Another application of the same number and phone waits for a person."""


def decide(policy: Policy, facts: Facts) -> Decision:
    """Decide on an application with the authority's answer, but for the footing that is read when it is written.

    1. The rules that hold under every version: R10 to R13, R18, R20 to R23.
    2. Signals of the authority (R30, R31).
    3. Kind of document, age, region (R32 to R35).
    4. Document out of date (R40): approved, but restricted, unless the version says otherwise.
       Of a child, for whom a guardian applied, nothing more is asked; a person looks instead.
    5. As many as the version allows were approved today without a person (R36).
    6. Otherwise approved (R00).

    Raises:
        ValueError: there is no answer, and the facts take one (programmer's mistake).
    """
    fixed = decide_by_fixed_rules(facts.applicant, facts.verdict or AuthorityVerdict.PENDING)
    if fixed is not None:
        return fixed
    hit = next((rule_id for rule_id in _IN_ORDER if _hits(policy.rule(rule_id), rule_id, facts)), None)
    decision = _APPROVED if hit is None else _decided(policy, hit, facts)
    return _decided(policy, LIMIT, facts) if makes_account(decision) and _is_full(policy, facts) else decision


def judge(policy: Policy, facts: Facts) -> Decision:
    """Return what becomes of an application with all its facts: :func:`decide`, then footing and who waits already.

    Raises:
        ValueError: there is no answer, and the facts take one (programmer's mistake).
    """
    return finish(decide(policy, facts), facts)


def finish(decision: Decision, facts: Facts) -> Decision:
    """Refuse an approval without its footing (R13, R15 to R17), and a second one that would wait (R14)."""
    return decide_on_waiting(decide_on_footing(decision, facts.footing), waits_already=facts.waits_already)


def makes_account(decision: Decision) -> bool:
    """Say whether the decision makes an account: such ones count towards the approvals of a day."""
    return state_after(decision) is HolderState.APPROVED


def needs_answer(facts: Facts) -> bool:
    """Say whether nothing can be decided of these facts without the authority's answer, and there is none."""
    return facts.verdict in {None, AuthorityVerdict.PENDING} and decide_before_authority(facts.applicant) is None


def decade_of(age: int) -> int:
    """Return the decade of an age in years."""
    return age // DECADE * DECADE


def _hits(rule: Rule | None, rule_id: str, facts: Facts) -> bool:
    if rule is None or rule.does is Verdict.APPROVE:
        return False
    age = rule.number or 0
    return {
        "R30": AuthoritySignal.DEVICE_RISK in facts.signals,
        "R31": AuthoritySignal.REVIEW_ADVISED in facts.signals,
        "R32": facts.document.value in rule.values,
        "R33": facts.decade >= age,
        "R34": facts.decade < age,
        "R35": facts.region in rule.values,
        "R40": facts.document_expired,
    }[rule_id]


def _is_full(policy: Policy, facts: Facts) -> bool:
    rule = policy.rule(LIMIT)
    return rule is not None and rule.number is not None and facts.approved_today >= rule.number


def _decided(policy: Policy, rule_id: str, facts: Facts) -> Decision:
    rule = policy.rule(rule_id)
    if rule is None:
        raise ValueError("a rule that is not set hits nobody")
    # A child, whose guardian applied, answers nobody here: a person looks.
    is_child = facts.applicant.age_band is AgeBand.CHILD
    verdict = Verdict.REVIEW if is_child and rule.does is Verdict.SUPPLEMENT else rule.does
    return Decision(verdict=verdict, reason=ADJUSTABLE[rule_id].reasons[verdict], rules=(rule_id,))
