"""Desks in every store: accounts, sessions, records and signs come back; counters and ends are conditional."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.desks.desk import Desk
from eztong.domain.desks.staff import DeskEntry, DeskSign, Staff, StaffSession, StaffState
from eztong.ports.storage.store import Store
from tests.contract.storage import values_people
from tests.contract.storage.stage import at, each_in_a_thread, in_turn, partner_id

FULL_AND_BARE = pytest.mark.parametrize("full", [True, False], ids=["full", "bare"])


def add_staff(store: Store, *accounts: Staff) -> None:
    for account in accounts:
        store.write(lambda uow, account=account: uow.staff.add(account))  # type: ignore[misc]


def stored_staff(store: Store, staff: Staff) -> Staff | None:
    with store.read() as stored:
        return stored.staff.get(staff.partner_id, staff.staff_id)


@FULL_AND_BARE
def test_an_account_comes_back_by_id_and_by_name(store: Store, *, full: bool) -> None:
    staff = values_people.staff(full=full)
    add_staff(store, staff)
    with store.read() as stored:
        assert stored.staff.get(staff.partner_id, staff.staff_id) == staff
        assert stored.staff.by_login(staff.login) == staff
        assert stored.staff.get(partner_id(2), staff.staff_id) is None
        assert stored.staff.by_login("nobody") is None


def test_a_sign_in_name_exists_once(store: Store) -> None:
    add_staff(store, values_people.staff(1))
    with pytest.raises(Exception, match=r"(?i)unique") as refused:
        add_staff(store, replace(values_people.staff(2), login=values_people.staff(1).login))
    assert type(refused.value).__name__ in {"IntegrityError", "UniqueViolation"}


def test_accounts_are_listed_by_name_for_their_partner_only(store: Store) -> None:
    first, second = values_people.staff(1), values_people.staff(2)
    add_staff(store, second, first, values_people.staff(3, of_partner=2))
    with store.read() as stored:
        assert list(stored.staff.list(partner_id())) == [first, second]


def test_of_wrong_tries_that_race_each_count_is_taken_once(store: Store) -> None:
    staff = values_people.staff()
    add_staff(store, staff)
    after = staff.after_wrong_password(now=at(1))
    won = each_in_a_thread(
        4, lambda _: store.write(lambda uow: uow.staff.set_tries(after, expected=staff.wrong_tries)).value
    )
    assert sorted(won) == [False, False, False, True]
    assert stored_staff(store, staff) == after


def test_a_new_password_forgets_tries_and_lock(store: Store) -> None:
    staff = values_people.staff(full=True)
    add_staff(store, staff)
    store.write(lambda uow: uow.staff.set_password(staff, "$argon2id$other"))
    assert stored_staff(store, staff) == replace(
        staff, password_hash="$argon2id$other", wrong_tries=0, locked_until=None
    )


def test_an_account_is_set_up_once_with_the_password_that_was_seen(store: Store) -> None:
    staff = values_people.staff()
    made = replace(staff, password_hash="$argon2id$new", second_factor=b"sealed", used_step=7)
    add_staff(store, staff, values_people.staff(2))
    seen = ["$argon2id$other", staff.password_hash, staff.password_hash, made.password_hash]
    won = [store.write(lambda uow, one=one: uow.staff.set_up(made, seen=one)).value for one in seen]  # type: ignore[misc]
    assert won == [False, True, False, False]
    assert stored_staff(store, staff) == made
    assert stored_staff(store, values_people.staff(2)) == values_people.staff(2)


def test_a_half_minute_is_taken_once_and_none_before_it(store: Store) -> None:
    staff = values_people.staff()
    add_staff(store, staff)
    won = [store.write(lambda uow, step=step: uow.staff.use_step(staff, step)).value for step in (7, 7, 6, 8)]  # type: ignore[misc]
    assert won == [True, False, False, True]
    raced = each_in_a_thread(4, lambda _: store.write(lambda uow: uow.staff.use_step(staff, 9)).value)
    assert sorted(raced) == [False, False, False, True]


def test_a_factor_is_dropped_with_its_half_minute_and_the_password_stays(store: Store) -> None:
    staff = values_people.staff(full=True)
    add_staff(store, staff)
    store.write(lambda uow: uow.staff.drop_factor(staff))
    assert stored_staff(store, staff) == replace(staff, second_factor=None, used_step=None)


def test_places_at_a_desk_are_given_up_by_sessions_that_live_there_and_no_other(store: Store) -> None:
    there = replace(values_people.staff_session(1, full=True), ended_at=None)
    ended = values_people.staff_session(2, full=True)
    elsewhere = replace(there, session_hash=b"3" * 32, desk="front-2")
    others = replace(there, session_hash=b"4" * 32, partner_id=partner_id(2))
    for session in (there, ended, elsewhere, others):
        store.write(lambda uow, session=session: uow.staff.add_session(session))  # type: ignore[misc]
    assert store.write(lambda uow: uow.staff.give_up_places(partner_id(), "front-1")).value == 1
    with store.read() as stored:
        assert stored.staff.session(there.session_hash) == replace(there, desk=None)
        assert [stored.staff.session(one.session_hash) for one in (ended, elsewhere, others)] == [
            ended,
            elsewhere,
            others,
        ]


@pytest.mark.parametrize("state", StaffState)
def test_every_state_of_an_account_comes_back(store: Store, state: StaffState) -> None:
    staff = values_people.staff()
    add_staff(store, staff)
    store.write(lambda uow: uow.staff.set_state(staff, state))
    assert stored_staff(store, staff) == replace(staff, state=state)


@FULL_AND_BARE
def test_a_desk_session_comes_back(store: Store, *, full: bool) -> None:
    session: StaffSession = values_people.staff_session(full=full)
    store.write(lambda uow: uow.staff.add_session(session))
    with store.read() as stored:
        assert stored.staff.session(session.session_hash) == session
        assert stored.staff.session(b"other") is None


def test_a_changed_desk_session_comes_back(store: Store) -> None:
    before, after = values_people.staff_session(), values_people.staff_session(full=True)
    store.write(in_turn(lambda uow: uow.staff.add_session(before), lambda uow: uow.staff.update_session(after)))
    with store.read() as stored:
        assert stored.staff.session(after.session_hash) == after


def test_ending_sessions_ends_those_of_one_account_that_live(store: Store) -> None:
    mine, others = values_people.staff_session(1), values_people.staff_session(2, of_staff=2)
    store.write(in_turn(lambda uow: uow.staff.add_session(mine), lambda uow: uow.staff.add_session(others)))
    ends = [store.write(lambda uow: uow.staff.end_sessions(partner_id(), mine.staff_id, now=at(9))).value for _ in "ab"]
    assert ends == [1, 0]
    with store.read() as stored:
        assert stored.staff.session(mine.session_hash) == replace(mine, ended_at=at(9))
        assert stored.staff.session(others.session_hash) == others


@FULL_AND_BARE
def test_a_line_of_the_record_comes_back(store: Store, *, full: bool) -> None:
    entry = values_people.desk_entry(full=full)
    store.write(lambda uow: uow.staff.add_entry(entry))
    with store.read() as stored:
        assert list(stored.staff.entries(entry.partner_id, entry.desk, limit=5)) == [entry]


def test_the_record_is_newest_first_cut_and_of_one_desk(store: Store) -> None:
    entries = [values_people.desk_entry(number) for number in (1, 2, 3)]
    elsewhere = replace(values_people.desk_entry(4), desk="other")
    for entry in (*entries, elsewhere):
        store.write(lambda uow, entry=entry: uow.staff.add_entry(entry))  # type: ignore[misc]
    with store.read() as stored:
        assert list(stored.staff.entries(partner_id(), entries[0].desk, limit=2)) == entries[:0:-1]


def test_a_checklist_is_kept_with_its_line(store: Store) -> None:
    first, second = values_people.desk_entry(1), values_people.desk_entry(2)
    store.write(in_turn(lambda uow: uow.staff.add_entry(first), lambda uow: uow.staff.add_entry(second)))
    store.write(lambda uow: uow.staff.set_checklist(first, "guardian relation"))
    with store.read() as stored:
        found: list[DeskEntry] = list(stored.staff.entries(partner_id(), first.desk, limit=5))
    assert [entry.checklist for entry in found] == [second.checklist, "guardian relation"]


@FULL_AND_BARE
def test_a_sign_comes_back_by_its_token(store: Store, *, full: bool) -> None:
    sign = values_people.desk_sign(full=full)
    store.write(lambda uow: uow.staff.add_sign(sign))
    with store.read() as stored:
        assert stored.staff.sign_by_token(sign.token) == sign
        assert stored.staff.sign_by_token("other") is None


def test_a_sign_is_revoked_once_and_then_is_not_in_use(store: Store) -> None:
    sign: DeskSign = values_people.desk_sign()
    store.write(lambda uow: uow.staff.add_sign(sign))
    with store.read() as stored:
        assert stored.staff.live_sign(sign.partner_id, sign.desk, sign.scene) == sign
    won = [store.write(lambda uow: uow.staff.revoke_sign(sign, now=at(8))).value for _ in "ab"]
    assert won == [True, False]
    with store.read() as stored:
        assert stored.staff.live_sign(sign.partner_id, sign.desk, sign.scene) is None


def test_an_ended_desk_stays_on_the_list_and_is_no_place_to_work(store: Store) -> None:
    ended = Desk(desk="desk-1", name="一号", ended_at=at(5))
    store.write(lambda uow: uow.partners.add_desk(partner_id(1), "desk-1", "一号"))
    store.write(lambda uow: uow.partners.add_desk(partner_id(2), "desk-1", "别家"))
    assert store.write(lambda uow: uow.partners.has_desk(partner_id(1), "desk-1")).value is True
    store.write(lambda uow: uow.partners.set_desk(partner_id(1), ended))
    # The writing connection remembers desks: an end is known to the next round.
    assert store.write(lambda uow: uow.partners.has_desk(partner_id(1), "desk-1")).value is False
    with store.read() as stored:
        assert list(stored.partners.all_desks(partner_id(1))) == [ended]
        assert list(stored.partners.desks(partner_id(1))) == [("desk-1", "一号")]
        assert stored.partners.has_desk(partner_id(2), "desk-1")
    store.write(lambda uow: uow.partners.set_desk(partner_id(1), Desk(desk="desk-1", name="一号")))
    assert store.write(lambda uow: uow.partners.has_desk(partner_id(1), "desk-1")).value is True
