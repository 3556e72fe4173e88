"""Versions and decisions for the contract: full with every field, bare with as few as may be."""

from __future__ import annotations

from eztong.domain.policy.policy import Policy, Rule
from eztong.domain.policy.simulation import PastDecision
from eztong.domain.policy.version import PolicyVersion, PublicationState
from eztong.domain.registration import Reason, Verdict
from tests.contract.storage.stage import at, holder_id, make


def version(number: int = 1, *, full: bool = False, name: str | None = None) -> PolicyVersion:
    rules = {"R32": Rule(does=Verdict.REVIEW, values=("HM", "TW")), "R36": Rule(does=Verdict.REVIEW, number=5)}
    return PolicyVersion(
        version_id=make("pol", number),
        policy=Policy(version=name or f"2027-{number}", rules=rules if full else {}),
        state=PublicationState.CALLED_OFF if full else PublicationState.PROPOSED,
        made_by="li.na",
        made_at=at(number),
        in_force_from=at(90) if full else None,
        published_at=at(40) if full else None,
        called_off_by="wang" if full else None,
        called_off_at=at(50) if full else None,
        called_off_because="wrong" if full else None,
    )


def decision(number: int = 1, *, full: bool = False, of_holder: int = 1, second: float | None = None) -> PastDecision:
    return PastDecision(
        holder_id=holder_id(of_holder),
        decision_id=make("dcn", number),
        at=at(number if second is None else second),
        policy_version="2026-03",
        verdict=Verdict.APPROVE_RESTRICTED if full else Verdict.APPROVE,
        reason=Reason.DOCUMENT_EXPIRED if full else None,
        rules="R40" if full else "R00",
        sealed_facts=b"\x00facts",
    )
