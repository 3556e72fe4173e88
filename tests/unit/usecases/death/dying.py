"""Acts of staff and of the authority around a death."""

from __future__ import annotations

from functools import partial

from eztong.domain.death.after_death import (
    RelativesAsk,
)
from eztong.domain.feedback.ticket import Ticket, TicketKind
from eztong.domain.holder import Holder
from eztong.domain.identity.authority_answer import AuthorityVerdict
from eztong.domain.jobs.job import JobKind
from eztong.domain.operators.proposal import Proposal
from eztong.domain.working_days import WorkCalendar
from eztong.ports.act import Acting
from eztong.usecases.death.answer_relatives import (
    ProposeForRelatives,
    check_for_relatives,
    propose_for_relatives,
)
from eztong.usecases.death.keep_after_death import keep_after_death
from eztong.usecases.feedback.open_ticket import OpenTicket, open_ticket
from eztong.usecases.jobs.run_due import run_due
from eztong.usecases.proposals.decide_proposal import (
    DecideProposal,
    decide_proposal,
)
from tests.unit.usecases.restrictions.acts import answers, check
from tests.unit.usecases.stage import LI, NETWORK, Person, Stage


def die(stage: Stage) -> None:
    """Let the authority say so when Li's identity is checked, and the job that follows be done."""
    answers(stage, AuthorityVerdict.DECEASED)
    check(stage)
    keep(stage)


def keep(stage: Stage) -> None:
    """Do what is due on the accounts of those who died."""
    run_due(JobKind.DEATH, partial(keep_after_death, services=stage.services), services=stage.services)


def ticket(stage: Stage, kind: TicketKind = TicketKind.RELATIVE) -> Ticket:
    """Let a daughter write, without an account."""
    ((before,),) = stage.select("SELECT count(*) FROM tickets")
    command = OpenTicket(session_hash=b"", network=NETWORK, kind=kind, words="我是女儿", secret=f"{before:016}")
    return stage.act(open_ticket, command, calendar=WorkCalendar())


def propose(
    stage: Stage, by: Acting, asked: RelativesAsk, *, of: Ticket | None = None, who: Person = LI, name: str = ""
) -> Proposal:
    written = of or ticket(stage)
    command = ProposeForRelatives(
        ticket_number=written.number, number=who.number, asked=asked, reason="household seen", name=name
    )
    return propose_for_relatives(command, by=by, services=stage.services)


def ask_authority(stage: Stage, by: Acting, *, of: Ticket | None = None, number: str = LI.number) -> Holder:
    """Have it asked by staff; return the account as it stands then."""
    written = of or ticket(stage)
    return check_for_relatives(written.number, number, by=by, services=stage.services)


def approve(stage: Stage, proposal: Proposal, by: Acting) -> None:
    command = DecideProposal(proposal_id=proposal.proposal_id, approve=True, reason="seen too")
    stage.act(decide_proposal, command, by=by, calendar=WorkCalendar())
