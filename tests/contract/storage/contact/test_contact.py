"""Changes of the phone and corrections: found by account and link; one is open at a time; each step is taken once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.contact.phone_change import ChangeState, EndedBy, PhoneChange
from eztong.domain.holder import Holder
from eztong.domain.own_data.correction import Correction, CorrectionState, RefusedBecause
from eztong.ports.storage.store import Store
from tests.contract.storage import values
from tests.contract.storage.contact.values_contact import correction, phone_change
from tests.contract.storage.stage import at, holder_id, in_turn


def newest(store: Store) -> PhoneChange | None:
    with store.read() as stored:
        return stored.phone_changes.newest(holder_id())


@pytest.mark.parametrize("full", [True, False], ids=["full", "bare"])
def test_a_change_comes_back_by_account_id_and_link(store: Store, *, full: bool) -> None:
    one = phone_change(full=full)
    of_another = phone_change(2, of_holder=2)
    store.write(in_turn(lambda uow: uow.phone_changes.add(one), lambda uow: uow.phone_changes.add(of_another)))
    with store.read() as stored:
        assert stored.phone_changes.newest(holder_id()) == one
        assert stored.phone_changes.get(holder_id(), one.change_id) == one
        assert stored.phone_changes.get(holder_id(2), one.change_id) is None
        assert list(stored.phone_changes.list(holder_id())) == [one]
        assert stored.phone_changes.by_link_hash(one.link_hash or b"x") == (one if full else None)


def test_the_newest_comes_first_and_what_was_only_asked_for_is_forgotten(store: Store) -> None:
    done, asked = phone_change(1, full=True), phone_change(2)
    store.write(in_turn(*[lambda uow, one=one: uow.phone_changes.add(one) for one in (asked, done)]))
    with store.read() as stored:
        assert list(stored.phone_changes.list(holder_id())) == [asked, done]
    store.write(lambda uow: uow.phone_changes.forget_asked(holder_id(2)))
    assert newest(store) == asked
    store.write(lambda uow: uow.phone_changes.forget_asked(holder_id()))
    assert newest(store) == done


def test_two_are_never_open_for_one_account(store: Store) -> None:
    store.write(lambda uow: uow.phone_changes.add(replace(phone_change(1), state=ChangeState.WAITING)))
    with pytest.raises(Exception, match=r"(?i)unique"):
        store.write(lambda uow: uow.phone_changes.add(phone_change(2)))


def test_each_step_is_taken_once_and_only_from_where_it_was_seen(store: Store) -> None:
    asked = phone_change()
    waits = replace(asked, state=ChangeState.WAITING, link_hash=b"l" * 32, begun_at=at(5), until=at(9))
    store.write(lambda uow: uow.phone_changes.add(asked))

    def begin() -> bool:
        return store.write(lambda uow: uow.phone_changes.begin(asked, waits)).value

    def end(seen: PhoneChange, state: ChangeState) -> bool:
        return store.write(lambda uow: uow.phone_changes.end(seen, state, by=EndedBy.LINK, now=at(12))).value

    def settle() -> bool:
        return store.write(lambda uow: uow.phone_changes.settle(waits, until=at(9))).value

    assert (begin(), begin()) == (True, False)
    assert newest(store) == waits
    assert (settle(), settle()) == (True, False)
    assert not end(waits, ChangeState.STOPPED)
    done = replace(waits, state=ChangeState.DONE)
    assert newest(store) == done
    assert (end(done, ChangeState.REVERTED), end(done, ChangeState.REVERTED)) == (True, False)
    assert newest(store) == replace(done, state=ChangeState.REVERTED, ended_at=at(12), ended_by=EndedBy.LINK)


def test_a_correction_comes_back_newest_first(store: Store) -> None:
    first, second, other = correction(1, full=True), correction(2), correction(3, of_holder=2)
    store.write(in_turn(*[lambda uow, one=one: uow.corrections.add(one) for one in (second, first, other)]))
    with store.read() as stored:
        assert list(stored.corrections.list(holder_id())) == [second, first]


def test_a_proposed_correction_is_settled_once_and_no_other(store: Store) -> None:
    waits, other = replace(correction(1), state=CorrectionState.PROPOSED), correction(2, full=True)
    store.write(in_turn(*[lambda uow, one=one: uow.corrections.add(one) for one in (waits, other)]))

    def settle(one: Correction) -> bool:
        return store.write(lambda uow: uow.corrections.settle(one)).value

    refused = replace(waits, state=CorrectionState.REFUSED, reason=RefusedBecause.NOT_AGREED)
    assert (settle(other), settle(correction(3)), settle(refused), settle(refused)) == (False, False, True, False)
    with store.read() as stored:
        assert list(stored.corrections.list(holder_id())) == [other, refused]


def test_phone_and_name_change_only_from_what_was_seen(store: Store) -> None:
    seen = values.holder(full=True)
    store.write(lambda uow: uow.holders.add(seen))
    other = replace(seen, phone_index=b"p" * 32, sealed_phone=b"sealed phone", sealed_name=b"sealed name")

    def phone(before: Holder) -> bool:
        return store.write(lambda uow: uow.holders.change_phone(before, other)).value

    def name(before: Holder) -> bool:
        return store.write(lambda uow: uow.holders.change_name(before, other)).value

    assert (phone(seen), phone(seen)) == (True, False)
    assert (name(seen), name(seen)) == (True, False)
    with store.read() as stored:
        assert stored.holders.get(seen.holder_id) == other


def test_an_account_without_a_phone_gets_one_once(store: Store) -> None:
    seen = replace(values.holder(full=True), phone_index=None, sealed_phone=None)
    store.write(lambda uow: uow.holders.add(seen))
    given = replace(seen, phone_index=b"p" * 32, sealed_phone=b"sealed phone")
    tries = [store.write(lambda uow: uow.holders.change_phone(seen, given)).value for _ in range(2)]
    assert tries == [True, False]
