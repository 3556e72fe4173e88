"""Events of an account: every kind and actor comes back, and rows of another version are read for what they are."""

from __future__ import annotations

from dataclasses import replace

from eztong.domain.events import Actor, EventKind
from eztong.ports.storage.holders import HolderEvent
from tests.contract.storage import values
from tests.contract.storage.stage import World, holder_id, in_turn


def read_one(world: World, **stored: str) -> HolderEvent:
    """Return the event of a row that somebody else wrote."""
    row = {"holder_id": holder_id(), "event_id": "evt_1", "kind": "frozen", "actor": "holder", "detail": "", "at": 0}
    filled = row | stored
    marks = ", ".join("?" * len(filled))
    with world.aside() as connection:
        statement = f"INSERT INTO holder_events ({', '.join(filled)}) VALUES ({marks})"  # noqa: S608 - our own names
        connection.execute(statement, list(filled.values()))
    with world.store.read() as found:
        (event,) = found.holders.events(holder_id())
    return event


def test_every_kind_and_every_actor_comes_back(world: World) -> None:
    kinds = [replace(values.event(n), kind=kind) for n, kind in enumerate(set(EventKind) - {EventKind.OTHER})]
    actors = [replace(values.event(n), actor=actor) for n, actor in enumerate(set(Actor) - {Actor.OTHER}, len(kinds))]
    events = kinds + actors
    world.store.write(in_turn(*[lambda uow, one=one: uow.holders.add_event(one) for one in events]))
    with world.store.read() as stored:
        assert list(stored.holders.events(holder_id())) == events[::-1]


def test_what_an_earlier_version_wrote_as_self_is_the_holder(world: World) -> None:
    event = read_one(world, actor="self", detail="channel=web")
    assert (event.actor, event.detail) == (Actor.HOLDER, "channel=web")


def test_what_a_later_version_wrote_stays_readable(world: World) -> None:
    event = read_one(world, kind="moved_house", actor="family", detail="city=110000")
    assert (event.kind, event.actor) == (EventKind.OTHER, Actor.OTHER)
    assert event.detail == "kind=moved_house actor=family city=110000"
    assert [event.fact(name) for name in ("kind", "actor", "city")] == ["moved_house", "family", "110000"]


def test_what_is_not_known_adds_nothing_but_its_name(world: World) -> None:
    assert read_one(world, kind="moved_house").detail == "kind=moved_house"
