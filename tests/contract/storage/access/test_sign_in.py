"""PINs and passkeys in the store: they come back whole, and what is single-use is used once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.access.passkey import PasskeyPurpose
from eztong.domain.identifiers import HolderId
from eztong.ports.storage.store import Store, UnitOfWork
from tests.contract.storage import values, values_people
from tests.contract.storage.stage import at, holder_id, in_turn

FULL_AND_BARE = pytest.mark.parametrize("full", [True, False], ids=["full", "bare"])
CHALLENGE = b"challenge"
MINE = b"my session"


@FULL_AND_BARE
def test_a_pin_comes_back(store: Store, *, full: bool) -> None:
    pin = values_people.pin(full=full)
    store.write(lambda uow: uow.pins.save(pin))
    with store.read() as stored:
        assert stored.pins.get(pin.holder_id) == pin


@FULL_AND_BARE
def test_a_pin_saved_again_replaces_the_one_before(store: Store, *, full: bool) -> None:
    before, after = values_people.pin(full=not full), replace(values_people.pin(full=full), sealed_hash=b"other")
    store.write(in_turn(lambda uow: uow.pins.save(before), lambda uow: uow.pins.save(after)))
    with store.read() as stored:
        assert stored.pins.get(after.holder_id) == after


def test_a_removed_pin_is_gone_and_another_account_s_stays(store: Store) -> None:
    mine, theirs = values_people.pin(), values_people.pin(of_holder=2)
    store.write(in_turn(lambda uow: uow.pins.save(mine), lambda uow: uow.pins.save(theirs)))
    store.write(lambda uow: uow.pins.remove(mine.holder_id))
    with store.read() as stored:
        assert stored.pins.get(mine.holder_id) is None
        assert stored.pins.get(theirs.holder_id) == theirs


@FULL_AND_BARE
def test_a_passkey_comes_back(store: Store, *, full: bool) -> None:
    passkey = values_people.passkey(full=full)
    store.write(lambda uow: uow.passkeys.add(passkey))
    with store.read() as stored:
        assert stored.passkeys.get(passkey.credential_id) == passkey


def test_passkeys_are_listed_by_account_newest_first(store: Store) -> None:
    first, second, theirs = values_people.passkey(1), values_people.passkey(2), values_people.passkey(3, of_holder=2)
    store.write(in_turn(*(lambda uow, one=one: uow.passkeys.add(one) for one in (first, second, theirs))))
    with store.read() as stored:
        assert list(stored.passkeys.list(holder_id())) == [second, first]


def test_a_counter_moves_on_once_from_the_same_state(store: Store) -> None:
    passkey = values_people.passkey()
    store.write(lambda uow: uow.passkeys.add(passkey))
    won = [store.write(lambda uow: uow.passkeys.note_use(passkey, sign_count=8, now=at(9))).value for _ in range(2)]
    assert won == [True, False]
    with store.read() as stored:
        assert stored.passkeys.get(passkey.credential_id) == replace(passkey, sign_count=8, last_used_at=at(9))


def test_only_the_account_s_own_passkeys_are_renamed_and_removed(store: Store) -> None:
    theirs = values_people.passkey(of_holder=2)
    store.write(lambda uow: uow.passkeys.add(theirs))

    def try_both(uow: UnitOfWork) -> tuple[bool, bool]:
        renamed = uow.passkeys.rename(holder_id(), theirs.credential_id, "mine now")
        return renamed, uow.passkeys.remove(holder_id(), theirs.credential_id)

    assert store.write(try_both).value == (False, False)
    with store.read() as stored:
        assert stored.passkeys.get(theirs.credential_id) == theirs


def test_a_passkey_is_renamed_and_removed(store: Store) -> None:
    passkey = values_people.passkey()
    store.write(lambda uow: uow.passkeys.add(passkey))
    assert store.write(lambda uow: uow.passkeys.rename(holder_id(), passkey.credential_id, "work phone")).value
    with store.read() as stored:
        assert stored.passkeys.get(passkey.credential_id) == replace(passkey, label="work phone")
    assert store.write(lambda uow: uow.passkeys.remove(holder_id(), passkey.credential_id)).value
    with store.read() as stored:
        assert stored.passkeys.get(passkey.credential_id) is None


def test_all_passkeys_of_an_account_are_removed_at_once(store: Store) -> None:
    mine, theirs = [values_people.passkey(1), values_people.passkey(2)], values_people.passkey(3, of_holder=2)
    store.write(in_turn(*(lambda uow, one=one: uow.passkeys.add(one) for one in (*mine, theirs))))
    assert store.write(lambda uow: uow.passkeys.remove_all(holder_id())).value == 2
    with store.read() as stored:
        assert stored.passkeys.get(theirs.credential_id) == theirs


def use(
    store: Store,
    *,
    challenge: bytes = CHALLENGE,
    session: bytes = MINE,
    purpose: PasskeyPurpose = PasskeyPurpose.UNLOCK,
    of_holder: HolderId | None = None,
    since: int = 0,
) -> bool:
    return store.write(
        lambda uow: uow.passkeys.use_challenge(
            challenge, session_hash=session, purpose=purpose, holder_id=of_holder, since=at(since), now=at(20)
        )
    ).value


def give(
    store: Store,
    challenge: bytes = CHALLENGE,
    *,
    purpose: PasskeyPurpose = PasskeyPurpose.UNLOCK,
    of_holder: HolderId | None = None,
) -> None:
    store.write(
        lambda uow: uow.passkeys.add_challenge(
            challenge, session_hash=MINE, purpose=purpose, holder_id=of_holder, now=at(10)
        )
    )


def test_a_challenge_is_used_once(store: Store) -> None:
    give(store)
    assert [use(store), use(store)] == [True, False]


def test_a_challenge_serves_no_other_session_no_other_purpose_and_not_for_long(store: Store) -> None:
    give(store)
    assert not use(store, session=b"another")
    assert not use(store, purpose=PasskeyPurpose.SIGN_IN)
    assert not use(store, since=10)
    assert use(store)


def test_a_challenge_given_to_an_account_serves_no_other_and_not_a_session_without_one(store: Store) -> None:
    give(store, of_holder=holder_id(1))
    assert not use(store, of_holder=holder_id(2))
    assert not use(store)
    assert use(store, of_holder=holder_id(1))


def test_a_newer_challenge_ends_the_session_s_earlier_one_for_the_same_purpose_only(store: Store) -> None:
    give(store, b"first")
    give(store, b"other purpose", purpose=PasskeyPurpose.SIGN_IN)
    give(store, b"second")
    assert not use(store, challenge=b"first")
    assert use(store, challenge=b"second")
    assert use(store, challenge=b"other purpose", purpose=PasskeyPurpose.SIGN_IN)


def test_accounts_of_a_phone_are_listed_oldest_first(store: Store) -> None:
    holder = values.holder(full=True)
    store.write(lambda uow: uow.holders.add(holder))
    assert holder.phone_index is not None
    with store.read() as stored:
        assert list(stored.holders.by_phone_index(holder.phone_index)) == [holder]
        assert list(stored.holders.by_phone_index(b"another")) == []


def test_only_sessions_that_were_not_ended_are_listed(store: Store) -> None:
    ended = values.session(1, full=True)
    live = replace(values.session(2, full=True), revoked_at=None)
    store.write(in_turn(lambda uow: uow.sessions.add(ended), lambda uow: uow.sessions.add(live)))
    with store.read() as stored:
        assert list(stored.sessions.list(holder_id())) == [live]
