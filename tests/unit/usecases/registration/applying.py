"""Somebody who applies, and what became of the application."""

from __future__ import annotations

from eztong.domain.holder import Holder
from eztong.domain.identity.age import service_date
from eztong.domain.identity.authority_answer import AuthorityAnswer, AuthorityVerdict
from eztong.domain.identity.citizen_number import parse_citizen_number
from eztong.domain.jobs.job import Job, JobKind
from eztong.usecases.registration.accept_agreements import accept_agreements
from eztong.usecases.registration.register_identity import RegisterIdentity, register_identity
from tests.unit.usecases.fakes import START
from tests.unit.usecases.stage import ZHAO, Person, Stage, accepting, confirm

NUMBER = parse_citizen_number(ZHAO.number, today=service_date(START))
PENDING = AuthorityAnswer(verdict=AuthorityVerdict.PENDING, reference="r", detail_code="A90")


def prepare(stage: Stage, person: Person = ZHAO) -> None:
    """Bring the person to the page that asks for name and number."""
    stage.act(accept_agreements, accepting(stage, person.session))
    confirm(stage, person)
    stage.empty_outbox()


def command(person: Person = ZHAO) -> RegisterIdentity:
    return RegisterIdentity(session_hash=person.session, name=person.name, number=person.number)


def apply(stage: Stage, person: Person = ZHAO) -> Holder:
    prepare(stage, person)
    return register_identity(command(person), services=stage.services)


def queued(stage: Stage) -> Job | None:
    return stage.read(lambda stored: stored.jobs.waiting(JobKind.REGISTRATION, stage.holder_id(ZHAO)))


def ended(stage: Stage) -> list[str]:
    """Return how the application's jobs ended."""
    return [
        one.ended_as or ""
        for one in stage.read(lambda stored: stored.jobs.of_holder(stage.holder_id(ZHAO)))
        if one.kind is JobKind.REGISTRATION
    ]


def decisions(stage: Stage) -> list[tuple[str, str]]:
    found = stage.read(lambda stored: stored.holders.events(stage.holder_id(ZHAO)))
    return [(one.kind, one.detail) for one in found if one.kind.startswith("registration_")]
