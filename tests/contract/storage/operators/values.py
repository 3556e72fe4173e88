"""Operators, proposals and acts for the contract: full with every field, bare with as few as may be."""

from __future__ import annotations

from eztong.domain.evidence.attested_act import ActKind, AttestedAct
from eztong.domain.operators.operator import Operator, OperatorRole, OperatorState
from eztong.domain.operators.proposal import Proposal, ProposalKind, ProposalState, SecondStep
from eztong.domain.registration import ApplicationStep, StepKind
from eztong.domain.working_days import DueDay
from tests.contract.storage.stage import at, holder_id, make


def operator(name: str = "li.na", *, full: bool = False) -> Operator:
    return Operator(
        name=name,
        roles=frozenset(OperatorRole) if full else frozenset({OperatorRole.AUDIT}),
        state=OperatorState.DISABLED if full else OperatorState.ACTIVE,
        secret_hash="$argon2id$",
        created_at=at(1),
        added_by="root" if full else None,
        wrong_tries=3 if full else 0,
        locked_until=at(90) if full else None,
        persons=frozenset({b"\x01one", b"\xfftwo"}) if full else frozenset(),
        secret_known_to=frozenset({"root", "wang"}) if full else frozenset(),
        secret_at=at(2) if full else None,
        given_counts_until=at(80) if full else None,
    )


def proposal(number: int = 1, *, full: bool = False, subject: str = "csr_1") -> Proposal:
    return Proposal(
        proposal_id=make("prp", number),
        kind=ProposalKind.CERTIFICATE,
        subject=subject,
        about=holder_id() if full else None,
        reason="by letter",
        by="li.na",
        at=at(number),
        until=at(1000),
        state=ProposalState.APPROVED if full else ProposalState.OPEN,
        ended=SecondStep(by="wang", at=at(50), reason="seen") if full else None,
    )


def act(number: int = 1, *, full: bool = False) -> AttestedAct:
    return AttestedAct(
        act_id=make("act", number),
        kind=ActKind.PROPOSED,
        subject="prp_1",
        actor="operator" if full else "holder",
        operator="li.na" if full else None,
        holder_id=holder_id() if full else None,
        at=at(number),
        salt=b"\x00salt",
    )


def step(number: int = 1, *, full: bool = False, of_holder: int = 1) -> ApplicationStep:
    return ApplicationStep(
        holder_id=holder_id(of_holder),
        step_id=make("stp", number),
        kind=StepKind.APPEAL if full else StepKind.REFUSE,
        rules="" if full else "R51",
        operator=None if full else "li.na",
        at=at(number),
        due=DueDay(at(900), is_provisional=True) if full else None,
        sealed_words=b"\x00words",
    )
