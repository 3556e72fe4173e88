"""Write down that an account is leaving, and queue what erases it when the cooling is over (clause 2.13)."""

from __future__ import annotations

from eztong.domain.deregistration.deregistration import Deregistration, DeregistrationState, cooling_until
from eztong.domain.errors import StateConflict
from eztong.domain.feedback.ticket import Ticket
from eztong.domain.identifiers import HolderId
from eztong.domain.jobs.job import Job, JobKind
from eztong.ports.act import Act
from eztong.usecases.naming import new_id


def begin_cooling(act: Act, holder_id: HolderId, ticket: Ticket) -> Deregistration:
    """Store the deregistration that ``ticket`` is about, with its job.

    Raises:
        StateConflict: one runs already.
    """
    begun = Deregistration(
        holder_id=holder_id,
        deregistration_id=new_id(act, "drg"),
        ticket_id=ticket.ticket_id,
        state=DeregistrationState.COOLING,
        asked_at=act.now,
        cooling_until=cooling_until(act.now, due_at=ticket.due.at),
    )
    # It names no account: whatever of the account is withdrawn when it is erased, this goes on.
    job = Job(
        job_id=new_id(act, "job"),
        kind=JobKind.DEREGISTRATION,
        key=ticket.ticket_id,
        created_at=act.now,
        next_attempt_at=begun.cooling_until,
    )
    if not (act.uow.deregistrations.add(begun) and act.uow.jobs.add(job)):
        raise StateConflict
    return begun
