"""Facts and versions that tests of the policy decide on."""

from __future__ import annotations

from eztong.domain.identity.age import AgeBand
from eztong.domain.identity.authority_answer import AuthorityVerdict
from eztong.domain.identity.citizen_number import DocumentType
from eztong.domain.policy.decide import Facts
from eztong.domain.policy.policy import Policy, Rule
from eztong.domain.registration import Applicant, Verdict

ADULT = Applicant(age_band=AgeBand.ADULT)
PLAIN = Facts(
    applicant=ADULT,
    decade=30,
    region="11",
    document=DocumentType.RESIDENT_ID,
    verdict=AuthorityVerdict.MATCHED,
)
"""An adult with a valid card whom the authority knows, and nothing besides."""


def version(name: str = "2027-01", **rules: Rule) -> Policy:
    """Return a version that sets some rules."""
    return Policy(version=name, rules=rules)


def setting(rule_id: str, does: Verdict, *values: str, number: int | None = None) -> Policy:
    """Return a version that sets one rule."""
    return Policy(version="2027-01", rules={rule_id: Rule(does=does, values=tuple(sorted(values)), number=number)})
