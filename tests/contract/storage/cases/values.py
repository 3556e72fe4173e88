"""One value of each kind of cases: ``full`` with every field filled, otherwise with as few as there can be."""

from __future__ import annotations

from eztong.domain.cases.case import (
    Case,
    CaseEvidence,
    CaseMove,
    CaseReason,
    CaseState,
    CaseStep,
    EvidenceKind,
    Measure,
)
from eztong.domain.restrictions.mark import Ceiling
from eztong.domain.working_days import DueDay
from tests.contract.storage.stage import at, holder_id, make, verification_id


def case(number: int = 1, *, full: bool = False, of: int = 1, due: int = 900) -> Case:
    if not full:
        return Case(
            case_id=make("cas", number),
            number=f"482109375{number}",
            holder_id=holder_id(of),
            reason=CaseReason.FRAUD,
            state=CaseState.OPEN,
            opened_by="zhao",
            opened_at=at(number),
            due=DueDay(at(due), is_provisional=False),
        )
    return Case(
        case_id=make("cas", number),
        number=f"482109375{number}",
        holder_id=holder_id(of),
        reason=CaseReason.MALICE,
        state=CaseState.CLOSED,
        opened_by="zhao",
        opened_at=at(number),
        due=DueDay(at(due), is_provisional=True),
        measure=Measure.RESTRICT,
        ceiling=Ceiling.LOW,
        proposal_id=make("prp", number),
        proposed_by="zhao",
        decided_by="qian",
        decided_at=at(number + 1),
        appeal_until=DueDay(at(number + 800), is_provisional=True),
        appealed_at=at(number + 2),
        lifted_at=at(number + 3),
        over_at=at(number + 3),
        claim=10**12,
        secret_hash=b"hash of a secret",
    )


def step(number: int = 1, *, full: bool = False, of_case: int = 1) -> CaseStep:
    return CaseStep(
        holder_id=holder_id(),
        case_id=make("cas", of_case),
        step_id=make("cst", number),
        move=CaseMove.APPEALED if full else CaseMove.OPENED,
        operator="zhao" if full else None,
        at=at(number),
        sealed_words=b"\x00words" if full else None,
    )


def evidence(number: int = 1, *, of_case: int = 1) -> CaseEvidence:
    return CaseEvidence(
        holder_id=holder_id(),
        case_id=make("cas", of_case),
        evidence_id=verification_id(number),
        kind=EvidenceKind.VERIFICATION,
        added_by="zhao",
        added_at=at(number),
    )
