"""What the tests of cases do again and again: Li's account is said to be misused."""

from __future__ import annotations

from dataclasses import dataclass, field

from eztong.domain.cases.case import Case, CaseReason, Measure
from eztong.domain.feedback.ticket import TicketKind
from eztong.domain.operators.proposal import Proposal
from eztong.domain.restrictions.mark import Ceiling
from eztong.ports.act import Acting
from eztong.usecases.cases.appeal_case import AppealCase, DecideAppeal, appeal_case, decide_appeal
from eztong.usecases.cases.find_decision import CaseProof
from eztong.usecases.cases.open_case import OpenCase, find_case, open_case
from eztong.usecases.cases.take_measure import TakeMeasure, propose_measure, warn_account
from eztong.usecases.feedback.open_ticket import add_ticket
from eztong.usecases.proposals.decide_proposal import DecideProposal, decide_proposal
from tests.unit.usecases.deregistration.leaving import CALENDAR
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import LI, WANG, Person, Stage

WHY = "three people say that this account asked them for money"
TOLD = "您的身份码被用于骗取他人钱款"
NOT_SO = "那不是我"


@dataclass
class Staff:
    """Three operators of role cases and legal, who do not know each other's secrets."""

    stage: Stage
    zhao: Acting = field(init=False)
    qian: Acting = field(init=False)
    sun: Acting = field(init=False)

    def __post_init__(self) -> None:
        """Let there be three."""
        self.zhao, self.qian, self.sun = (operator(self.stage, name) for name in ("zhao", "qian", "sun"))

    def opened(self, *, evidence: bool = True, person: Person = LI) -> Case:
        """Let Zhao open a case, with a ticket of Wang's as evidence."""
        held = (ticket_number(self.stage),) if evidence else ()
        command = OpenCase(reason=CaseReason.FRAUD, words=WHY, evidence=held)
        return self.stage.act(open_case, self.stage.holder_id(person), command, by=self.zhao, calendar=CALENDAR)

    def proposed(self, measure: Measure = Measure.TERMINATE, ceiling: Ceiling | None = None) -> tuple[Case, Proposal]:
        """Let Zhao propose a measure in a new case."""
        command = TakeMeasure(case_id=self.opened().case_id, measure=measure, ceiling=ceiling, words=TOLD)
        return self.stage.act(propose_measure, command, by=self.zhao)

    def decide(self, proposal: Proposal, *, approve: bool = True, by: Acting | None = None) -> None:
        """Let Qian decide."""
        command = DecideProposal(proposal_id=proposal.proposal_id, approve=approve, reason="read it all")
        self.stage.act(decide_proposal, command, by=by or self.qian, calendar=CALENDAR)

    def taken(self, measure: Measure = Measure.TERMINATE, ceiling: Ceiling | None = None) -> Case:
        """Let a measure be proposed and approved."""
        case, proposal = self.proposed(measure, ceiling)
        self.decide(proposal)
        return now_of(self.stage, case)

    def warned(self, *, evidence: bool = False) -> Case:
        """Let Zhao warn."""
        command = TakeMeasure(case_id=self.opened(evidence=evidence).case_id, measure=Measure.WARN, words=TOLD)
        return self.stage.act(warn_account, command, by=self.zhao, calendar=CALENDAR)

    def answer(self, case: Case, *, uphold: bool, by: Acting | None = None) -> Case:
        """Let Sun decide on an objection, or take the decision back."""
        command = DecideAppeal(case_id=case.case_id, uphold=uphold, words="we looked at it again")
        return self.stage.act(decide_appeal, command, by=by or self.sun)


def ticket_number(stage: Stage) -> str:
    """Let Wang have written a ticket."""
    return stage.act(add_ticket, TicketKind.REPORT, stage.holder_id(WANG), calendar=CALENDAR).number


def now_of(stage: Stage, case: Case) -> Case:
    """Return the case as it is stored now."""
    return stage.act(find_case, case.case_id)


def secret_of(stage: Stage) -> str:
    """Return the secret that the newest message about a decision tells."""
    message = next(one for one in reversed(stage.messages()) if one.topic == "case_decided")
    return message.params["secret"].replace(" ", "")


def by_secret(stage: Stage, case: Case, secret: str | None = None) -> CaseProof:
    """Return what somebody has who was told, and is not signed in."""
    return CaseProof(number=case.number, secret=secret or secret_of(stage), session_hash=b"nobody")


def appeal(stage: Stage, proof: CaseProof, words: str = NOT_SO) -> Case:
    """Object."""
    return stage.act(appeal_case, AppealCase(proof=proof, words=words), calendar=CALENDAR)
