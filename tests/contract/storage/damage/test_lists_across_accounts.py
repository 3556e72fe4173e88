"""Of a list across accounts each row is read by itself: a damaged one is counted, and keeps no other from it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from typing import Any, NamedTuple

import pytest

from eztong.adapters.storage.sql.tables import metadata
from eztong.domain.agreements import AgreementState
from eztong.domain.damage import Listed, RowDamaged
from eztong.domain.guardianship.relation import Relation
from eztong.domain.holder import HolderState
from eztong.ports.storage.repositories import Repositories
from eztong.ports.storage.store import UnitOfWork
from tests.contract.storage import values, values_feedback
from tests.contract.storage.agreement_sets import values as sets
from tests.contract.storage.branding import values as branding
from tests.contract.storage.deregistration.test_partner_events import event
from tests.contract.storage.guardianship.test_guardianships import invited
from tests.contract.storage.merchants.test_charges import HOTEL, charge
from tests.contract.storage.message_texts import values as texts
from tests.contract.storage.operators import values as operators
from tests.contract.storage.policy import values as policy
from tests.contract.storage.portal import values as portal_values
from tests.contract.storage.retention import values as periods
from tests.contract.storage.stage import World, at, holder_id, in_turn, partner_id
from tests.contract.storage.talks import values as talks

# The damage is of kinds that only SQLite stores: a server refuses them.
pytestmark = pytest.mark.sqlite

NO_TEXT = "CAST(x'ff' AS TEXT)"


class Case(NamedTuple):
    """A table, what puts row ``n`` into it, a column that gets a wrong word, and how the list is read."""

    table: str
    add: Callable[[UnitOfWork, int], object]
    column: str
    read: Callable[[Repositories], Listed[Any]]


def _declared(uow: UnitOfWork, number: int) -> None:
    declared = invited(number, ward=number).declared(holder_id(9), Relation.SIBLING, now=at(number))
    uow.guardianships.add(declared)


def _applied(uow: UnitOfWork, number: int) -> None:
    uow.holders.add(replace(values.holder(number), state=HolderState.UNDER_REVIEW))


def _provisional(uow: UnitOfWork, number: int) -> None:
    ticket = values_feedback.ticket(number)
    uow.tickets.add(replace(ticket, due=replace(ticket.due, is_provisional=True)))


def _scheduled(uow: UnitOfWork, number: int) -> None:
    uow.agreement_sets.add(replace(sets.agreement_set(number), state=AgreementState.SCHEDULED, in_force_from=at(1)))


def _used(uow: UnitOfWork, number: int) -> None:
    uow.verifications.add(values.verification(number))
    uow.notice_choices.set_per_use(holder_id(), is_on=True, told_until="", now=at(0))


CASES = {
    "guardianships": Case("guardianships", _declared, "relation", lambda s: s.guardianships.waiting(limit=9)),
    "applications": Case("holders", _applied, "stopped", lambda s: s.applications.waiting(limit=9)),
    "tickets": Case(
        "tickets", lambda u, n: u.tickets.add(values_feedback.ticket(n)), "kind", lambda s: s.tickets.queue(limit=9)
    ),
    "provisional": Case("tickets", _provisional, "kind", lambda s: s.tickets.provisional()),
    "talks": Case("talks", lambda u, n: u.talks.add(talks.talk(n)), "stage", lambda s: s.talks.running(limit=9)),
    "proposals": Case(
        "proposals",
        lambda u, n: u.proposals.add(operators.proposal(n, subject=f"csr_{n}")),
        "kind",
        lambda s: s.proposals.list(limit=9),
    ),
    "operators": Case(
        "operators", lambda u, n: u.operators.add(operators.operator(f"o{n}")), "state", lambda s: s.operators.list()
    ),
    "portal people": Case(
        "portal_people",
        lambda u, n: u.portal.add(portal_values.person(n)),
        "state",
        lambda s: s.portal.list(portal_values.person().partner_id),
    ),
    "partner events": Case(
        "partner_events",
        lambda u, n: u.partner_events.add(event(n)),
        "kind",
        lambda s: s.partner_events.unanswered(now=at(99)),
    ),
    "partners": Case("partners", lambda u, n: u.partners.add(values.partner(n)), "state", lambda s: s.partners.list()),
    "scenes": Case(
        "scenes",
        lambda u, n: u.partners.add_scene(partner_id(), replace(values.scene(), scene=f"scene_{n}")),
        "claims",
        lambda s: s.partners.scenes(partner_id()),
    ),
    "charges": Case(
        "charges",
        lambda u, n: u.charges.add(charge(f"c{n}")),
        "finding",
        lambda s: s.charges.of_day(HOTEL, "2026-01-15", skip=0, limit=9),
    ),
    "brand versions": Case(
        "brand_versions",
        lambda u, n: u.brand_versions.add(branding.version(n)),
        "document",
        lambda s: s.brand_versions.list(limit=9),
    ),
    "versions of a text": Case(
        "text_versions",
        lambda u, n: u.text_versions.add(texts.version(n)),
        "state",
        lambda s: s.text_versions.of_text("test", limit=9),
    ),
    "published texts": Case(
        "text_versions",
        lambda u, n: u.text_versions.add(texts.version(n, full=True)),
        "state",
        lambda s: s.text_versions.published(),
    ),
    "versions of the periods": Case(
        "retention_versions",
        lambda u, n: u.retention_versions.add(periods.version(n)),
        "state",
        lambda s: s.retention_versions.list(limit=9),
    ),
    "published periods": Case(
        "retention_versions",
        lambda u, n: u.retention_versions.add(periods.version(n, full=True)),
        "periods",
        lambda s: s.retention_versions.published(),
    ),
    "policy versions": Case(
        "policy_versions",
        lambda u, n: u.policy_versions.add(policy.version(n)),
        "document",
        lambda s: s.policy_versions.list(),
    ),
    "policy decisions": Case(
        "policy_decisions",
        lambda u, n: u.policy_decisions.add(policy.decision(n)),
        "verdict",
        lambda s: s.policy_decisions.page(since=at(0), after=None, limit=9).found,
    ),
    "agreement sets": Case("agreement_sets", _scheduled, "made_at", lambda s: s.agreement_sets.due(now=at(2))),
    "uses": Case("verifications", _used, "verification_id", lambda s: s.notice_choices.untold(before=at(99), limit=9)),
}


def filled(world: World, case: Case) -> None:
    world.store.write(in_turn(*[lambda uow, n=n: case.add(uow, n) for n in (1, 2, 3)]))


def damage(world: World, case: Case, column: str, value: str) -> None:
    """Put a value into the middle one of three rows."""
    key = ", ".join(one.name for one in metadata.tables[case.table].primary_key)
    middle = f"(SELECT {key} FROM {case.table} ORDER BY {key} LIMIT 1 OFFSET 1)"  # noqa: S608 - our own names
    with closing(sqlite3.connect(world.path)) as connection, connection:
        done = connection.execute(f"UPDATE {case.table} SET {column} = {value} WHERE ({key}) = {middle}")  # noqa: S608
        assert done.rowcount == 1


DAMAGE = [(name, value) for name in CASES for value in ("'damaged'", NO_TEXT)]
# Any text is an id.
DAMAGE.remove(("uses", "'damaged'"))


@pytest.mark.parametrize(("name", "value"), DAMAGE)
def test_the_others_are_listed_and_the_damaged_one_is_counted(world: World, name: str, value: str) -> None:
    case = CASES[name]
    filled(world, case)
    with world.store.read() as stored:
        whole = case.read(stored)
        assert (len(whole.those), whole.unreadable, whole.is_empty) == (3, 0, False)
    damage(world, case, case.column, value)
    with world.store.read() as stored:
        found = case.read(stored)
    assert list(found.those) == [whole.those[0], whole.those[2]]
    assert found.failures == ["RowDamaged"]


def test_a_list_of_damaged_rows_alone_is_not_empty(world: World) -> None:
    case = CASES["operators"]
    filled(world, case)
    with closing(sqlite3.connect(world.path)) as connection, connection:
        connection.execute("UPDATE operators SET state = 'damaged'")
    with world.store.read() as stored:
        found = case.read(stored)
    assert (found.those, found.unreadable, found.is_empty) == ([], 3, False)


def test_pages_of_decisions_go_on_behind_a_damaged_one_and_count_it_once(world: World) -> None:
    case = CASES["policy decisions"]
    filled(world, case)
    damage(world, case, "at", "'damaged'")
    readable, damaged, after, pages = [], 0, None, 0
    with world.store.read() as stored:
        while pages == 0 or after is not None:
            page = stored.policy_decisions.page(since=at(0), after=after, limit=2)
            readable += [one.decision_id for one in page.found.those]
            damaged, after, pages = damaged + page.found.unreadable, page.after, pages + 1
    assert (len(readable), len({*readable}), damaged) == (2, 2, 1)


def test_a_page_of_decisions_without_any_place_is_no_end(world: World) -> None:
    case = CASES["policy decisions"]
    filled(world, case)
    with closing(sqlite3.connect(world.path)) as connection, connection:
        connection.execute("UPDATE policy_decisions SET at = 'damaged'")
    with world.store.read() as stored, pytest.raises(RowDamaged):
        stored.policy_decisions.page(since=at(0), after=None, limit=2)
