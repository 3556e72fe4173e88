"""Tell the authority that a registration has ended, outside any unit of work and again until it confirms (2.13).

The account is erased before: what is sent is the reference of the application, and nothing of the person.
"""

from __future__ import annotations

from eztong.domain.deregistration.deregistration import Deregistration, DeregistrationState
from eztong.domain.identity.authority_answer import RegistrationStatus
from eztong.domain.jobs.fate import Fate, LeasedJob
from eztong.ports.act import SYSTEM, Act
from eztong.ports.services import Services


def revoke_registration(leased: LeasedJob, *, services: Services) -> Fate:
    """Ask the authority to end the registration of the ticket that the job names.

    Raises:
        AuthorityUnavailable, AuthorityAnswerInvalid: nothing is known; it is tried again after a pause.
    """
    with services.store.read() as stored:
        done = stored.deregistrations.of_ticket(leased.job.key)
    if done is None or done.state is not DeregistrationState.DONE or done.authority_reference is None:
        return Fate.DROPPED
    status = services.authority.status(reference=done.authority_reference)
    if status is RegistrationStatus.ACTIVE:
        status = services.authority.revoke(reference=done.authority_reference)
    if status is RegistrationStatus.ACTIVE:
        return Fate.POSTPONED
    services.perform(SYSTEM, _confirm, done)
    return Fate.DONE


def _confirm(act: Act, done: Deregistration) -> None:
    act.uow.deregistrations.confirm_revoked(done.holder_id, now=act.now)
