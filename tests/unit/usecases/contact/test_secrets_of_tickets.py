"""Secrets of tickets end where a loss is told and where an account is recovered: who had the phone may know them."""

from __future__ import annotations

import pytest

from eztong.domain.feedback.ticket import Ticket, TicketKind, TicketUnknown
from eztong.domain.holder import FreezeReason
from eztong.domain.working_days import WorkCalendar
from eztong.usecases.deregistration.ask_deregistration import AskDeregistration
from eztong.usecases.deregistration.deregister_ward import deregister_ward
from eztong.usecases.deregistration.undo_deregistration import undo_ward
from eztong.usecases.feedback.find_ticket import TicketProof, find_ticket
from eztong.usecases.feedback.open_ticket import OpenTicket, open_ticket
from eztong.usecases.guardianship.leave_ward import LeaveWard, leave_ward
from tests.unit.usecases.access.ways import PIN, give_pin
from tests.unit.usecases.deregistration.leaving import ask
from tests.unit.usecases.guardianship.family import registered_child
from tests.unit.usecases.recovery.acts import freeze, recover
from tests.unit.usecases.stage import LI, NETWORK, WANG, Stage

NOBODY = b"no session at all"
CALENDAR = WorkCalendar()
LOSSES = [FreezeReason.PHONE_LOST, FreezeReason.ACCOUNT_STOLEN]


def write(stage: Stage, secret: str, *, session: bytes = LI.session) -> Ticket:
    command = OpenTicket(session_hash=session, network=NETWORK, kind=TicketKind.QUESTION, words="?", secret=secret)
    return stage.act(open_ticket, command, calendar=CALENDAR)


def opens(stage: Stage, ticket: Ticket, secret: str) -> bool:
    proof = TicketProof(number=ticket.number, secret=secret, session_hash=NOBODY)
    try:
        stage.read(lambda stored: find_ticket(proof, stored=stored, keys=stage.keys, now=stage.clock.now()))
    except TicketUnknown:
        return False
    return True


def three(stage: Stage) -> list[tuple[Ticket, str]]:
    """Tickets of LI, of WANG and of nobody, with their secrets."""
    asked = (("1" * 16, LI.session), ("2" * 16, WANG.session), ("3" * 16, NOBODY))
    return [(write(stage, secret, session=session), secret) for secret, session in asked]


@pytest.mark.parametrize("reason", FreezeReason)
def test_a_told_loss_ends_the_secrets_of_this_account_and_of_no_other(stage: Stage, reason: FreezeReason) -> None:
    asked = three(stage)
    stage.clock.pass_by(days=100)
    freeze(stage, reason)
    assert [opens(stage, *one) for one in asked] == [reason not in LOSSES, True, True]


def test_a_recovery_ends_them_and_the_holder_goes_on_by_session(stage: Stage) -> None:
    give_pin(stage)
    asked = three(stage)
    assert recover(stage, pin=PIN) is None
    assert [opens(stage, *one) for one in asked] == [False, True, True]
    (own, _secret), *_ = asked
    assert own.ticket_id in [one.ticket_id for one in stage.read(lambda stored: stored.tickets.list(stage.holder_id()))]


def test_tickets_without_their_secrets_still_count_as_written_by_their_holders(stage: Stage) -> None:
    before = write(stage, "1" * 16).secret_hash
    freeze(stage, FreezeReason.ACCOUNT_STOLEN)
    (now,) = stage.read(lambda stored: stored.tickets.list(stage.holder_id()))
    assert now.secret_hash not in {None, before}


def test_the_secret_of_an_ending_that_runs_ends_with_a_told_loss_and_stays_at_a_recovery(stage: Stage) -> None:
    give_pin(stage)
    secret = "4" * 16
    asked = ask(stage, secret=secret)
    assert recover(stage, pin=PIN) is None
    assert opens(stage, asked.ticket, secret)
    freeze(stage, FreezeReason.ACCOUNT_STOLEN)
    assert not opens(stage, asked.ticket, secret)


def test_what_a_guardian_was_shown_of_a_child_ends_with_the_guardians_own(stage: Stage) -> None:
    kept = registered_child(stage)
    leaving = AskDeregistration(session_hash=LI.session, secret="6" * 16, understood=True)
    asked = stage.act(deregister_ward, leaving, kept.ward_id, calendar=CALENDAR)
    assert opens(stage, asked.ticket, "6" * 16)
    freeze(stage, FreezeReason.PHONE_LOST)
    assert not opens(stage, asked.ticket, "6" * 16)


def test_who_is_guardian_no_more_reads_nothing_of_the_child(stage: Stage) -> None:
    kept = registered_child(stage)
    leaving = AskDeregistration(session_hash=LI.session, secret="6" * 16, understood=True)
    asked = stage.act(deregister_ward, leaving, kept.ward_id, calendar=CALENDAR)
    stage.act(undo_ward, LI.session, kept.ward_id)
    stage.act(leave_ward, LeaveWard(session_hash=LI.session, ward_id=kept.ward_id, understood=True))
    assert not opens(stage, asked.ticket, "6" * 16)
