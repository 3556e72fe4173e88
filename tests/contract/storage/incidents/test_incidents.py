"""Incidents: found while they run and afterwards, changed and ended by one call only, one of the circuit at a time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.incidents.incident import Bilingual, Incident
from eztong.ports.storage.store import Store
from tests.contract.storage.incidents import values
from tests.contract.storage.stage import at, in_turn, make

WORDS = Bilingual("改走人工通道", "Use the manual lane")


@pytest.mark.parametrize("full", [False, True])
def test_an_incident_comes_back(store: Store, *, full: bool) -> None:
    incident = values.incident(full=full)
    assert store.write(lambda uow: uow.incidents.add(incident)).value
    with store.read() as stored:
        assert stored.incidents.get(incident.incident_id) == incident
        assert list(stored.incidents.running()) == ([] if full else [incident])
        assert list(stored.incidents.past(limit=9)) == ([incident] if full else [])
        assert stored.incidents.get(make("inc", 2)) is None


def test_what_runs_comes_newest_first_and_what_has_ended_by_its_end(store: Store) -> None:
    ended = [replace(values.incident(number), ended_at=at(when)) for number, when in ((4, 70), (5, 90), (6, 80))]
    several = [values.incident(2), values.incident(3), values.incident(1), *ended]
    store.write(in_turn(*[lambda uow, one=one: uow.incidents.add(one) for one in several]))
    with store.read() as stored:
        assert [one.incident_id for one in stored.incidents.running()] == [make("inc", n) for n in (3, 2, 1)]
        assert [one.incident_id for one in stored.incidents.past(limit=2)] == [make("inc", 5), make("inc", 6)]


def test_the_circuit_has_one_that_runs_and_operators_as_many_as_they_open(store: Store) -> None:
    first, second = values.by_circuit(1), values.by_circuit(2)
    added = store.write(lambda uow: [uow.incidents.add(one) for one in (first, second, values.incident(3))]).value
    assert added == [True, False, True]
    assert store.write(lambda uow: uow.incidents.end(first.incident_id, ended_at=at(9))).value
    assert store.write(lambda uow: uow.incidents.add(second)).value


def test_an_incident_ends_once(store: Store) -> None:
    store.write(lambda uow: uow.incidents.add(values.incident()))
    name = make("inc", 1)
    assert store.write(lambda uow: uow.incidents.end(name, ended_at=at(9))).value
    assert not store.write(lambda uow: uow.incidents.end(name, ended_at=at(10))).value
    with store.read() as stored:
        assert stored.incidents.get(name) == replace(values.incident(), ended_at=at(9))


@pytest.mark.parametrize("read", [values.incident(), replace(values.incident(), until=at(50), workaround=WORDS)])
def test_a_change_takes_hold_if_nothing_changed_since_it_was_read(store: Store, read: Incident) -> None:
    store.write(lambda uow: uow.incidents.add(read))
    assert store.write(lambda uow: uow.incidents.change(read, until=at(99), workaround=WORDS)).value
    with store.read() as stored:
        changed = stored.incidents.get(read.incident_id)
    assert changed is not None
    assert changed == replace(read, until=at(99), workaround=WORDS)
    assert not store.write(lambda uow: uow.incidents.change(read, until=None, workaround=None)).value
    assert store.write(lambda uow: uow.incidents.change(changed, until=None, workaround=None)).value
    store.write(lambda uow: uow.incidents.end(read.incident_id, ended_at=at(9)))
    gone = replace(read, until=None, workaround=None)
    assert not store.write(lambda uow: uow.incidents.change(gone, until=at(3), workaround=None)).value


def test_updates_come_oldest_first_and_are_of_the_incidents_that_were_asked_for(store: Store) -> None:
    several = [
        values.incident_update(3, of=2),
        values.incident_update(1, of=1),
        values.incident_update(2, full=True, of=3),
        values.incident_update(4, full=True, of=2),
    ]
    store.write(in_turn(*[lambda uow, one=one: uow.incidents.add_update(one) for one in several]))
    with store.read() as stored:
        assert list(stored.incidents.updates(first=make("inc", 2), last=make("inc", 3))) == [
            several[2],
            several[0],
            several[3],
        ]
        assert list(stored.incidents.updates(first=make("inc", 1), last=make("inc", 1))) == [several[1]]
