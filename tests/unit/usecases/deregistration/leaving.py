"""Somebody of the stage who leaves: asks, waits, is erased."""

from __future__ import annotations

from eztong.domain.deregistration.deregistration import (
    Deregistration,
    DeregistrationState,
)
from eztong.domain.holder import Holder
from eztong.domain.identifiers import HolderId
from eztong.domain.jobs.job import JobKind
from eztong.domain.working_days import WorkCalendar
from eztong.usecases.deregistration.ask_deregistration import AskDeregistration, Asked, ask_deregistration
from eztong.usecases.deregistration.execute_deregistration import execute_deregistration
from eztong.usecases.deregistration.revoke_registration import revoke_registration
from eztong.usecases.feedback.find_ticket import TicketProof
from eztong.usecases.jobs.run_due import run_due
from tests.unit.usecases.stage import LI, Stage

CALENDAR = WorkCalendar()
SECRET = "0" * 15 + "1"
S = DeregistrationState


class Listed:
    """The list beside the database."""

    def __init__(self) -> None:
        self.holders: list[HolderId] = []
        self.problem: OSError | None = None

    def add(self, holder_id: HolderId) -> None:
        if self.problem is not None:
            raise self.problem
        self.holders.append(holder_id)


def ask(stage: Stage, *, secret: str = SECRET, understood: bool = True, session: bytes = LI.session) -> Asked:
    command = AskDeregistration(session_hash=session, secret=secret, understood=understood)
    return stage.act(ask_deregistration, command, calendar=CALENDAR)


def proof(asked: Asked, secret: str = SECRET) -> TicketProof:
    return TicketProof(number=asked.ticket.number, secret=secret, session_hash=b"nobody")


def now_of(stage: Stage, asked: Asked) -> Deregistration:
    found = stage.read(lambda stored: stored.deregistrations.of_ticket(asked.ticket.ticket_id))
    assert found is not None
    return found


def account(stage: Stage, holder_id: HolderId) -> Holder:
    found = stage.read(lambda stored: stored.holders.get(holder_id))
    assert found is not None
    return found


def run(stage: Stage, listed: Listed | None = None) -> int:
    remember = (listed or Listed()).add
    return run_due(
        JobKind.DEREGISTRATION,
        lambda leased: execute_deregistration(leased, services=stage.services, remember=remember),
        services=stage.services,
    ).done


def revoke(stage: Stage) -> int:
    return run_due(
        JobKind.REVOCATION,
        lambda leased: revoke_registration(leased, services=stage.services),
        services=stage.services,
    ).done


def leave(stage: Stage) -> Asked:
    """Ask, wait for the end of the cooling, and execute."""
    asked = ask(stage)
    stage.clock.pass_by(hours=72)
    assert run(stage) == 1
    return asked
