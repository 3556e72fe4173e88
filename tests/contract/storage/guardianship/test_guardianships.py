"""Guardianships: found by ward, guardian and invitation; one is active for a ward; each step is taken once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.guardianship.guardianship import CareEnd, DecidedBy, Guardianship, GuardianshipState
from eztong.domain.guardianship.relation import Relation
from eztong.ports.storage.store import Store
from tests.contract.storage.stage import at, holder_id, in_turn, make
from tests.contract.storage.values import holder

S = GuardianshipState


def invited(number: int = 1, *, ward: int = 1) -> Guardianship:
    return Guardianship(
        ward_id=holder_id(ward),
        guardianship_id=make("gdn", number),
        state=S.INVITED,
        asked_at=at(1),
        ward_relation=Relation.PARENT,
        invite_hash=bytes([number]) * 32,
        sealed_digits=b"sealed digits",
    )


def active(number: int = 1, *, ward: int = 1, guardian: int = 9) -> Guardianship:
    declared = invited(number, ward=ward).declared(holder_id(guardian), Relation.PARENT, now=at(2))
    return declared.decided(holds=True, by=DecidedBy.AUTHORITY, now=at(3))


def handing_over() -> Guardianship:
    offered = active().handing_over(b"h" * 32, b"sealed digits", now=at(4))
    return replace(offered, sealed_phone=b"sealed phone")


def full() -> Guardianship:
    return replace(active().ended(CareEnd.AGE, now=at(5)), sealed_words=b"sealed words")


@pytest.mark.parametrize(
    "one", [invited(), active(), handing_over(), full()], ids=["invited", "active", "handing over", "full"]
)
def test_it_comes_back_by_id_ward_and_guardian(store: Store, one: Guardianship) -> None:
    other = active(2, ward=2, guardian=8)
    store.write(in_turn(*[lambda uow, it=it: uow.guardianships.add(it) for it in (one, other)]))
    with store.read() as stored:
        found = stored.guardianships
        assert found.get(one.guardianship_id) == one
        assert found.get(make("gdn", 7)) is None
        assert list(found.of_ward(holder_id())) == [one]
        assert list(found.of_guardian(holder_id(9))) == ([one] if one.guardian_id else [])
        assert found.active_of(holder_id()) == (one if one.state is S.ACTIVE else None)
        assert found.by_invitation(one.invite_hash or bytes([1]) * 32) == (one if one.invite_hash else None)


def test_the_newest_comes_first_and_what_waits_oldest_first(store: Store) -> None:
    first, second = (
        invited(number, ward=number).declared(holder_id(9), Relation.SIBLING, now=at(number)) for number in (1, 2)
    )
    store.write(in_turn(*[lambda uow, it=it: uow.guardianships.add(it) for it in (second, first, active(3, ward=3))]))
    with store.read() as stored:
        assert list(stored.guardianships.waiting(limit=5).those) == [first, second]
        assert list(stored.guardianships.waiting(limit=1).those) == [first]
        assert [one.guardianship_id for one in stored.guardianships.of_guardian(holder_id(9))] == [
            make("gdn", number) for number in (3, 2, 1)
        ]


def test_two_are_never_active_for_one_ward(store: Store) -> None:
    store.write(lambda uow: uow.guardianships.add(active(1)))
    with pytest.raises(Exception, match=r"(?i)unique"):
        store.write(lambda uow: uow.guardianships.add(active(2, guardian=8)))


def test_each_step_is_taken_once_and_only_from_where_it_was_seen(store: Store) -> None:
    before = invited()
    after = before.declared(holder_id(9), Relation.PARENT, now=at(2))
    store.write(lambda uow: uow.guardianships.add(before))
    assert store.write(lambda uow: uow.guardianships.change(before, after)).value is True
    assert store.write(lambda uow: uow.guardianships.change(before, after)).value is False
    with store.read() as stored:
        assert stored.guardianships.get(before.guardianship_id) == after
        assert stored.guardianships.by_invitation(before.invite_hash or b"") is None


def test_numbers_around_a_ward_are_of_whoever_is_was_or_asked_to_be_its_guardian(store: Store) -> None:
    waiting = [invited(number).declared(holder_id(number), Relation.PARENT, now=at(2)) for number in (2, 3)]
    ended = replace(active(4, guardian=4), state=S.ENDED, ended_by=CareEnd.GUARDIAN, ended_at=at(3))
    others = [invited(5), active(6, ward=2, guardian=5)]
    rows = (active(1), *waiting, ended, *others)
    store.write(in_turn(*[lambda uow, it=it: uow.guardianships.add(it) for it in rows]))
    people = [replace(holder(number), number_index=bytes([number]) * 32) for number in (1, 2, 3, 4, 5, 9)]
    store.write(in_turn(*[lambda uow, it=it: uow.holders.add(it) for it in people]))
    with store.read() as stored:
        found = stored.guardianships.numbers_around(holder_id(), None)
        assert list(found) == [bytes([number]) * 32 for number in (2, 3, 4, 9)]
        assert list(stored.guardianships.numbers_around(holder_id(9), b"n" * 32)) == []


def test_numbers_around_another_application_of_the_same_number_are_found(store: Store) -> None:
    claim = invited(ward=2).declared(holder_id(8), Relation.PARENT, now=at(2))
    both = [replace(holder(number), number_index=b"n" * 32) for number in (1, 2)]
    guardian = replace(holder(8), number_index=b"g" * 32)
    store.write(in_turn(*[lambda uow, it=it: uow.holders.add(it) for it in (*both, guardian)]))
    store.write(lambda uow: uow.guardianships.add(claim))
    with store.read() as stored:
        assert list(stored.guardianships.numbers_around(holder_id(), b"n" * 32)) == [b"g" * 32]
        assert list(stored.guardianships.numbers_around(holder_id(), None)) == []
