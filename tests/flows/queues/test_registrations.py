"""The queue of applications never stops: however long one waits and whatever one raises, the next is decided."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from typing_extensions import override

from eztong.domain.guardianship.relation import RelationAnswer, RelationQuestion
from eztong.domain.holder import HolderState
from eztong.domain.identifiers import HolderId
from eztong.domain.identity.authority_answer import AuthorityAnswer, RegistrationStatus
from eztong.domain.identity.citizen_number import CitizenNumber
from eztong.domain.identity.real_name import RealName
from eztong.domain.jobs.job import RULES, Job, JobKind
from eztong.ports.authority import Authority
from eztong.ports.sandbox import AuthorityFault
from eztong.ports.services import Services
from eztong.usecases.sandbox.play_persona import play_registration
from tests.flows.citizen.browser import Person, Town
from tests.simulators.due_work import resume_due_registrations

KIND = JobKind.REGISTRATION
LONGEST = int(RULES[KIND].backoff.longest.total_seconds())


class Stumbling(Authority):
    """Raises something that no port promises for one name, and asks the real authority for all others."""

    def __init__(self, real: Authority, name: str) -> None:
        self._real = real
        self._name = name

    @property
    @override
    def adapter_id(self) -> str:
        return "stumbling"

    @override
    def away_since(self) -> datetime | None:
        return self._real.away_since()

    @override
    def check_health(self) -> None:
        self._real.check_health()

    @override
    def status(self, *, reference: str) -> RegistrationStatus:
        return self._real.status(reference=reference)

    @override
    def revoke(self, *, reference: str) -> RegistrationStatus:
        return self._real.revoke(reference=reference)

    @override
    def relation(self, question: RelationQuestion) -> RelationAnswer:
        return self._real.relation(question)

    @override
    def match(self, *, name: RealName, number: CitizenNumber, reference: str) -> AuthorityAnswer:
        if name.display == self._name:
            raise OSError(name.display)
        return self._real.match(name=name, number=number, reference=reference)


def fault(town: Town, what: AuthorityFault) -> None:
    assert town.built.sandbox is not None
    town.built.sandbox.set_fault(what)


def apply(town: Town, persona: str) -> HolderId:
    """Register a persona; return the account, whatever became of it."""
    assert town.built.sandbox is not None
    return play_registration(town.built.sandbox.persona(persona), services=town.services).holder.holder_id


def state(town: Town, holder_id: HolderId) -> HolderState:
    with town.services.store.read() as stored:
        holder = stored.holders.get(holder_id)
    assert holder is not None
    return holder.state


def waiting(town: Town, holder_id: HolderId) -> Job:
    with town.services.store.read() as stored:
        job = stored.jobs.waiting(KIND, holder_id)
    assert job is not None
    return job


def attempts(town: Town, holder_id: HolderId) -> int:
    return waiting(town, holder_id).attempts


def resume(town: Town, services: Services | None = None) -> dict[str, int]:
    """Let the longest pause pass and run the queue; return what failed."""
    town.pass_time(LONGEST + 1)
    return dict(resume_due_registrations(services=services or town.services).failures)


def test_an_application_that_waits_for_days_keeps_nobody_behind_it_waiting(town: Town) -> None:
    fault(town, AuthorityFault.PENDING)
    first = apply(town, "S1")
    for _ in range(50):
        assert resume(town) == {}
    assert attempts(town, first) == 50
    second = apply(town, "S2")
    fault(town, AuthorityFault.NONE)
    resume(town)
    assert (state(town, first), state(town, second)) == (HolderState.ACTIVE, HolderState.ACTIVE)


def test_ten_thousand_tries_are_fine(town: Town) -> None:
    fault(town, AuthorityFault.PENDING)
    holder_id = apply(town, "S1")
    with closing(sqlite3.connect(town.built.settings.database_file)) as connection, connection:
        connection.execute("UPDATE jobs SET attempts = 10000 WHERE key = ?", (holder_id,))
    assert resume(town) == {}
    job = waiting(town, holder_id)
    assert job.attempts == 10_001
    assert job.next_attempt_at - town.services.clock.now() <= timedelta(seconds=LONGEST)


@pytest.mark.parametrize("spoil", ["authority", "row"])
def test_an_application_that_raises_whatever_it_likes_stops_no_other(town: Town, spoil: str) -> None:
    fault(town, AuthorityFault.DOWN)
    first, second = apply(town, "S1"), apply(town, "S2")
    fault(town, AuthorityFault.NONE)
    services = town.services
    if spoil == "authority":
        assert town.built.sandbox is not None
        services = replace(services, authority=Stumbling(services.authority, town.built.sandbox.persona("S1").name))
    else:
        with services.store.read() as stored:
            holder = stored.holders.get(first)
        assert holder is not None
        spoilt = replace(holder, sealed_name=b"spoilt")
        services.store.write(lambda uow: uow.holders.update(spoilt))
    failures = resume(town, services)
    assert (state(town, second), sum(failures.values())) == (HolderState.ACTIVE, 1)
    assert (state(town, first), attempts(town, first)) == (HolderState.APPLIED, 1)
    assert resume_due_registrations(services=services).failures == {}, "it is postponed"


def test_a_decision_is_counted_once_it_is_committed_and_once_only(town: Town) -> None:
    def counted() -> bytes:
        return next(
            line
            for line in town.built.metrics.render()[0].splitlines()
            if line.startswith(b'eztong_registrations_total{verdict="approve"}')
        )

    fault(town, AuthorityFault.DOWN)
    apply(town, "S1")
    fault(town, AuthorityFault.NONE)
    resume(town)
    resume(town)
    assert counted().endswith(b" 1.0")


def test_a_second_application_of_a_number_and_phone_that_are_under_review_is_refused_and_opens_no_second_review(
    town: Town,
) -> None:
    assert town.built.sandbox is not None
    persona = town.built.sandbox.persona("P22")
    person = Person(persona.name, persona.number, persona.phone)
    pages = []
    for _ in range(3):
        browser = town.browser()
        browser.register(person)
        pages.append(browser.page.text)
    assert town.accounts_in(HolderState.UNDER_REVIEW) == 1
    assert town.accounts_in(HolderState.REFUSED) == 2
    assert "人工复核" in pages[1]
