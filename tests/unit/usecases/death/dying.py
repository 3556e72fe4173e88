"""Acts of staff and of the authority around a death."""

from __future__ import annotations

from functools import partial

import pytest

from eztong.domain.assistance.assistance import AssistanceState
from eztong.domain.codes.verification import Outcome
from eztong.domain.death.after_death import (
    GRACE,
    ArrangedOtherwise,
    NotApproved,
    NotDeceased,
    NothingAsked,
    NotOfRelatives,
    RelativesAsk,
    Wish,
    wish_of,
)
from eztong.domain.errors import (
    AuthorityUnavailable,
    HolderFrozen,
    Locked,
    NotFound,
    SessionMissing,
    StateConflict,
    TooMany,
)
from eztong.domain.events import EventKind
from eztong.domain.feedback.ticket import Ticket, TicketKind
from eztong.domain.holder import FreezeCause, FreezeReason, Holder, HolderState
from eztong.domain.identity.authority_answer import AuthorityVerdict
from eztong.domain.identity.phone import parse_phone
from eztong.domain.identity.real_name import NameInvalid
from eztong.domain.jobs.job import JobKind
from eztong.domain.notices import Topic
from eztong.domain.operators.operator import OperatorNeeded, OperatorRole, RoleMissing, SameOperator
from eztong.domain.operators.proposal import Proposal
from eztong.domain.own_data.correction import CorrectionState, RefusedBecause
from eztong.domain.own_data.sighting import Occasion
from eztong.domain.recovery import SETTLED
from eztong.domain.restrictions.recheck import CHECKS_BY_STAFF, CHECKS_BY_TICKET, REST
from eztong.domain.working_days import WorkCalendar
from eztong.ports.act import OPERATOR, Acting
from eztong.usecases.access.find_session import find_session
from eztong.usecases.access.sign_in import AskToSignIn, ask_to_sign_in
from eztong.usecases.death.answer_relatives import (
    ProposeForRelatives,
    check_for_relatives,
    copy_for_relatives,
    correct_for_relatives,
    names_for_relatives,
    propose_for_relatives,
)
from eztong.usecases.death.choose_after_death import choose_after_death
from eztong.usecases.death.keep_after_death import keep_after_death
from eztong.usecases.feedback.open_ticket import OpenTicket, open_ticket
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.jobs.run_due import run_due
from eztong.usecases.own_data.list_sightings import walk_sightings
from eztong.usecases.own_data.reveal_identity import open_identity
from eztong.usecases.proposals.decide_proposal import (
    DecideProposal,
    WithdrawProposal,
    decide_proposal,
    withdraw_proposal,
)
from tests.unit.usecases.assistance.helping import again, helping
from tests.unit.usecases.codes.asking import answered, asking, show
from tests.unit.usecases.deregistration.leaving import Listed
from tests.unit.usecases.deregistration.leaving import run as run_erasures
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.restrictions.acts import answers, check, confirms
from tests.unit.usecases.stage import LI, NETWORK, WANG, Person, Stage, asker


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
