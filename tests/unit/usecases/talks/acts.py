"""Talks of the stage: opened by LI or by a stranger, with an operator for the service."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from eztong.domain.disputes.verify_bundle import VerifiedBundle, verify_bundle
from eztong.domain.feedback.ticket import Ticket, TicketKind
from eztong.domain.jobs.job import JobKind
from eztong.domain.operators.proposal import Proposal
from eztong.domain.talks.talk import Talk
from eztong.domain.working_days import WorkCalendar, parse_year
from eztong.ports.act import Acting
from eztong.usecases.feedback.find_ticket import TicketProof
from eztong.usecases.feedback.open_ticket import OpenTicket
from eztong.usecases.jobs.queue_run import QueueRun
from eztong.usecases.jobs.run_due import run_due
from eztong.usecases.proposals.decide_proposal import DecideProposal, decide_proposal
from eztong.usecases.talks.answer_proposal import (
    AcceptProposal,
    AskerSays,
    accept_proposal,
    give_up,
    say_in_talk,
)
from eztong.usecases.talks.give_talk_evidence import give_talk_evidence
from eztong.usecases.talks.lapse_proposal import lapse_proposal
from eztong.usecases.talks.open_talk import OpenTalk, open_talk
from eztong.usecases.talks.propose_settlement import OfferedSettlement, ServiceSays, declare_failed, propose_settlement
from tests.unit.usecases.disputes.acts import by_hand
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import LI, NETWORK, Stage

NOBODY = b"no session at all"
SECRET = "0" * 15 + "1"
CALENDAR = WorkCalendar([parse_year({"year": 2026, "days_off": ["2026-10-01"], "make_up_days": []})])
UNKNOWN = WorkCalendar()
"""Knows no year: every day is provisional."""

ASKED, OFFERED, ANSWERED = "我被冻结了三天，请赔偿。", "我们道歉，并赔偿二百元。", "请赔偿三百元。"


def open_one(
    stage: Stage,
    *,
    session: bytes = LI.session,
    secret: str = SECRET,
    words: str = ASKED,
    records: tuple[str, ...] = (),
    former: str | None = None,
) -> Ticket:
    asked = OpenTicket(session_hash=session, network=NETWORK, kind=TicketKind.TALKS, words=words, secret=secret)
    return stage.act(open_talk, OpenTalk(ticket=asked, records=records, former=former), calendar=CALENDAR)


def own(ticket: Ticket, *, secret: str | None = None, session: bytes = LI.session) -> TicketProof:
    return TicketProof(number=ticket.number, secret=secret, session_hash=session)


def propose(
    stage: Stage,
    ticket: Ticket,
    words: str = OFFERED,
    *,
    by: Acting | None = None,
    calendar: WorkCalendar = CALENDAR,
) -> Talk:
    """Offer something; to somebody without an account with the approval of another operator."""
    offered = offer(stage, ticket, words, by=by, calendar=calendar)
    if offered.waits is None:
        return offered.talk
    approve(stage, offered.waits, calendar=calendar)
    return now_of(stage, ticket)


def offer(
    stage: Stage,
    ticket: Ticket,
    words: str = OFFERED,
    *,
    by: Acting | None = None,
    calendar: WorkCalendar = CALENDAR,
) -> OfferedSettlement:
    said = ServiceSays(number=ticket.number, words=words)
    return stage.act(propose_settlement, said, by=by or operator(stage), calendar=calendar)


def approve(
    stage: Stage, proposal: Proposal, *, by: Acting | None = None, yes: bool = True, calendar: WorkCalendar = CALENDAR
) -> Proposal:
    """Let another operator decide what one wants to offer."""
    command = DecideProposal(proposal_id=proposal.proposal_id, approve=yes, reason="read")
    return stage.act(decide_proposal, command, by=by or operator(stage, "wang.wei"), calendar=calendar)


def fail(stage: Stage, ticket: Ticket, words: str = "我们没有过错。", *, by: Acting | None = None) -> Talk:
    return stage.act(declare_failed, ServiceSays(number=ticket.number, words=words), by=by or operator(stage))


def accept(stage: Stage, proof: TicketProof, proposal: str | None) -> Talk:
    return stage.act(accept_proposal, AcceptProposal(proof=proof, proposal=proposal or ""))


def say(stage: Stage, proof: TicketProof, proposal: str | None = None, words: str = ANSWERED) -> Talk:
    return stage.act(say_in_talk, AskerSays(proof=proof, words=words, proposal=proposal), calendar=CALENDAR)


def leave_off(stage: Stage, proof: TicketProof, words: str = "") -> Talk:
    return stage.act(give_up, AskerSays(proof=proof, words=words))


def lapse(stage: Stage) -> QueueRun:
    handler = partial(lapse_proposal, services=stage.services)
    return run_due(JobKind.TALK, handler, services=stage.services)


def pass_until(stage: Stage, talk: Talk) -> None:
    assert talk.answer_by is not None
    stage.clock.moment = talk.answer_by.at + timedelta(seconds=1)


def now_of(stage: Stage, ticket: Ticket) -> Talk:
    found = stage.read(lambda stored: stored.talks.get(ticket.ticket_id))
    assert found is not None
    return found


def ticket_now(stage: Stage, ticket: Ticket) -> Ticket:
    found = stage.read(lambda stored: stored.tickets.get(ticket.ticket_id))
    assert found is not None
    return found


def acts_of(stage: Stage, ticket: Ticket) -> list[str]:
    return [one.kind.value for one in stage.read(lambda stored: stored.acts.of_subject(ticket.ticket_id))]


def evidence(stage: Stage, proof: TicketProof) -> VerifiedBundle:
    given = give_talk_evidence(proof, services=stage.services)
    return verify_bundle(given.file, keys={key.key_id: key for key in stage.keys.published()})


def forget(stage: Stage) -> None:
    """Let there be no talks, as after the end of their period of keeping."""
    by_hand(stage, "DELETE FROM talks")
