"""Kinds of events and who did them: the names are those of databases; what is not known is read as such."""

from __future__ import annotations

import pytest

from eztong.domain.events import Actor, EventKind, read_actor, read_kind


def test_names_are_what_databases_hold() -> None:
    assert {kind.name.lower() for kind in EventKind} == {kind.value for kind in EventKind}
    assert {actor.name.lower() for actor in Actor} == {actor.value for actor in Actor}


@pytest.mark.parametrize("kind", EventKind)
def test_every_kind_is_read_as_it_was_written(kind: EventKind) -> None:
    assert read_kind(kind.value) is kind


@pytest.mark.parametrize("actor", Actor)
def test_every_actor_is_read_as_it_was_written(actor: Actor) -> None:
    assert read_actor(actor.value) is actor


def test_the_holder_is_known_by_the_name_of_before() -> None:
    assert read_actor("self") is Actor.HOLDER


@pytest.mark.parametrize("stored", ["of_a_later_version", "", "FROZEN", "frozen ", "x\x00"])
def test_what_this_version_does_not_know_is_read_as_other(stored: str) -> None:
    assert read_kind(stored) is EventKind.OTHER
    assert read_actor(stored) is Actor.OTHER
