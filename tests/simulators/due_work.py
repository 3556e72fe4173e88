"""The worker beside the requests, one run at a time: what is due is done with the handlers of the service."""

from __future__ import annotations

from functools import partial

from eztong.domain.jobs.job import JobKind
from eztong.ports.keys import KeyTurning
from eztong.ports.notifier import Notifier
from eztong.ports.services import Services
from eztong.usecases.contact.settle_phone_change import settle_phone_change
from eztong.usecases.deregistration.execute_deregistration import Remember, execute_deregistration
from eztong.usecases.jobs.queue_run import QueueRun
from eztong.usecases.jobs.run_due import run_due
from eztong.usecases.keys.change_keys import carry_out_rotation
from eztong.usecases.notices.deliver_message import deliver_message
from eztong.usecases.registration.decide_application import resume_registration
from eztong.usecases.requests.set_request_aside import decline_set_aside
from eztong.usecases.restrictions.keep_document import keep_document_day
from eztong.usecases.restrictions.recheck_identity import recheck_by_itself
from eztong.usecases.talks.lapse_proposal import lapse_proposal


def deliver_due_messages(*, services: Services, notifier: Notifier, limit: int | None = None) -> QueueRun:
    """Deliver the messages that are due."""
    handler = partial(deliver_message, keys=services.keys, notifier=notifier)
    return run_due(JobKind.MESSAGE, handler, services=services, limit=limit)


def resume_due_registrations(*, services: Services, limit: int | None = None) -> QueueRun:
    """Ask again for the applications that are due."""
    handler = partial(resume_registration, services=services)
    return run_due(JobKind.REGISTRATION, handler, services=services, limit=limit)


def decline_due_refusals(*, services: Services) -> QueueRun:
    """Decline the requests whose pause is over."""
    handler = partial(decline_set_aside, services=services)
    return run_due(JobKind.REFUSAL, handler, services=services)


def keep_due_days(*, services: Services) -> QueueRun:
    """Remind of documents, and mark the accounts of those that ended."""
    return run_due(JobKind.DOCUMENT, partial(keep_document_day, services=services), services=services)


def check_due_identities(*, services: Services) -> QueueRun:
    """Ask the authority about the accounts whose check is due."""
    return run_due(JobKind.RECHECK, partial(recheck_by_itself, services=services), services=services)


def settle_due_phone_changes(*, services: Services) -> QueueRun:
    """Let the changes of a phone take effect whose waiting is over."""
    handler = partial(settle_phone_change, services=services)
    return run_due(JobKind.PHONE_CHANGE, handler, services=services)


def make_due_keys(*, services: Services, ring: KeyTurning) -> QueueRun:
    """Make the keys that two operators agreed on."""
    handler = partial(carry_out_rotation, services=services, ring=ring)
    return run_due(JobKind.KEY_CEREMONY, handler, services=services)


def lapse_due_proposals(*, services: Services) -> QueueRun:
    """End the talks whose proposal nobody answered in time."""
    return run_due(JobKind.TALK, partial(lapse_proposal, services=services), services=services)


def execute_due_deregistrations(*, services: Services, remember: Remember) -> QueueRun:
    """Erase the accounts whose cooling is over; ``remember`` notes them beside the database."""
    handler = partial(execute_deregistration, services=services, remember=remember)
    return run_due(JobKind.DEREGISTRATION, handler, services=services)
