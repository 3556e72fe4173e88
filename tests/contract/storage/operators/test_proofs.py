"""Operators' passkeys, backup codes and emergencies: what is used once is used once, and whose it was stays known."""

from __future__ import annotations

from dataclasses import replace

from eztong.domain.identifiers import ULID_RANDOM_BYTES, make_id
from eztong.domain.identity.age import service_date
from eztong.domain.operators.audit import AuditFilter
from eztong.domain.operators.backup_code import BackupCode
from eztong.domain.operators.break_glass import BreakGlass
from eztong.domain.operators.passkey import OperatorPasskey
from eztong.ports.storage.store import Store
from tests.contract.storage.operators.test_console import add, entry, session
from tests.contract.storage.stage import at, in_turn, make


def passkey(number: int = 1, *, operator: str = "li.na") -> OperatorPasskey:
    return OperatorPasskey(
        credential_id=b"\x00credential%d" % number,
        operator=operator,
        public_key=b"\xffkey",
        sign_count=7,
        label="blue key",
        created_at=at(number),
    )


def glass(number: int = 1) -> BreakGlass:
    return BreakGlass(
        glass_id=make("gls", number), operator="li.na", reason="nobody answers", began_at=at(number), until=at(90)
    )


def test_a_passkey_comes_back_and_its_credential_is_taken_for_good(store: Store) -> None:
    first, second, theirs = passkey(), passkey(2), passkey(3, operator="wang")
    kept = store.write(lambda uow: [uow.operator_passkeys.add(one) for one in (first, second, theirs)]).value
    assert kept == [True, True, True]
    again = replace(passkey(), operator="wang", label="mine")
    assert not store.write(lambda uow: uow.operator_passkeys.add(again)).value
    with store.read() as stored:
        assert stored.operator_passkeys.get(first.credential_id) == first
        assert stored.operator_passkeys.get(b"nothing") is None
        assert list(stored.operator_passkeys.of_operator("li.na")) == [second, first]
        assert list(stored.operator_passkeys.credentials(limit=2)) == [theirs.credential_id, second.credential_id]


def test_a_counter_moves_on_once_and_a_removed_one_moves_no_more(store: Store) -> None:
    made = passkey()
    store.write(lambda uow: uow.operator_passkeys.add(made))
    moved = store.write(
        lambda uow: [uow.operator_passkeys.note_use(made, sign_count=8, now=at(9)) for _ in range(2)]
    ).value
    assert moved == [True, False]
    used = replace(made, sign_count=8, last_used_at=at(9))
    assert not store.write(lambda uow: uow.operator_passkeys.remove("wang", made.credential_id, now=at(10))).value
    gone = store.write(
        lambda uow: [uow.operator_passkeys.remove("li.na", made.credential_id, now=at(10)) for _ in range(2)]
    ).value
    assert gone == [True, False]
    assert not store.write(lambda uow: uow.operator_passkeys.note_use(used, sign_count=9, now=at(11))).value
    with store.read() as stored:
        assert stored.operator_passkeys.get(made.credential_id) == replace(used, removed_at=at(10))
        assert list(stored.operator_passkeys.of_operator("li.na")) == []
        assert list(stored.operator_passkeys.credentials(limit=9)) == []


def test_all_of_an_operator_are_removed_and_nobody_elses(store: Store) -> None:
    store.write(
        in_turn(
            *(
                lambda uow, one=one: uow.operator_passkeys.add(one)
                for one in (passkey(), passkey(2), passkey(3, operator="wang"))
            )
        )
    )
    assert store.write(lambda uow: uow.operator_passkeys.remove_all("li.na", now=at(9))).value == 2
    with store.read() as stored:
        assert len(stored.operator_passkeys.of_operator("wang")) == 1


def test_backup_codes_are_used_once_and_new_ones_end_them(store: Store) -> None:
    codes = [BackupCode(code_hash=b"%d" % number, operator="li.na", created_at=at(1)) for number in (1, 2)]
    store.write(lambda uow: uow.operator_passkeys.set_codes("li.na", codes))
    used = store.write(
        lambda uow: [
            uow.operator_passkeys.use_code(*whose, now=at(5))
            for whose in (("li.na", b"1"), ("li.na", b"1"), ("wang", b"2"), ("li.na", b"3"))
        ]
    ).value
    assert used == [True, False, False, False]
    with store.read() as stored:
        assert list(stored.operator_passkeys.codes("li.na")) == [replace(codes[0], used_at=at(5)), codes[1]]
    store.write(lambda uow: uow.operator_passkeys.set_codes("li.na", codes[1:]))
    with store.read() as stored:
        assert list(stored.operator_passkeys.codes("li.na")) == codes[1:]


def test_a_session_is_proven_until_it_ends(store: Store) -> None:
    store.write(lambda uow: uow.operator_sessions.add(session()))
    assert store.write(lambda uow: uow.operator_sessions.prove(b"hash1", now=at(7))).value
    with store.read() as stored:
        assert stored.operator_sessions.get(b"hash1") == replace(session(), proven_at=at(7))
    store.write(lambda uow: uow.operator_sessions.end(b"hash1", now=at(8)))
    assert not store.write(lambda uow: uow.operator_sessions.prove(b"hash1", now=at(9))).value


def test_an_emergency_is_ended_and_reviewed_once(store: Store) -> None:
    first, second = glass(), glass(2)
    store.write(in_turn(*(lambda uow, one=one: uow.break_glasses.add(one) for one in (first, second))))
    with store.read() as stored:
        assert stored.break_glasses.get(first.glass_id) == first
        assert stored.break_glasses.get("gls_none") is None
        assert list(stored.break_glasses.list(limit=9).those) == [second, first]
        assert list(stored.break_glasses.unreviewed(limit=1).those) == [second]
    assert store.write(lambda uow: [uow.break_glasses.end(first.glass_id, now=at(5)) for _ in range(2)]).value == [
        True,
        False,
    ]
    reviewed = replace(first, ended_at=at(5), reviewed_by="wang", reviewed_at=at(6), review="needed")
    assert store.write(lambda uow: [uow.break_glasses.review(reviewed) for _ in range(2)]).value == [True, False]
    with store.read() as stored:
        assert stored.break_glasses.get(first.glass_id) == reviewed
        assert list(stored.break_glasses.unreviewed(limit=9).those) == [second]


def test_the_different_values_of_the_audit_are_found_by_how_they_begin(store: Store) -> None:
    acts = ("operators.add", "operators.add", "operators.roles", "operator", "audit.read", "sign_in")
    add(store, *(entry(number, what=what) for number, what in enumerate(acts, 1)))
    with store.read() as stored:
        assert list(stored.audit.values("what", "operators.", limit=9)) == ["operators.add", "operators.roles"]
        assert list(stored.audit.values("what", "", limit=2)) == ["audit.read", "operator"]
        assert list(stored.audit.values("operator", "li", limit=9)) == ["li.na"]
        assert list(stored.audit.values("operator", "x", limit=9)) == []


def test_the_audit_of_some_days_is_found_and_paged_within_them(store: Store) -> None:
    ids = {number: make_id("aud", now=at(number), random=bytes(ULID_RANDOM_BYTES)) for number in range(1, 6)}
    add(store, *(entry(number, entry_id=ids[number]) for number in ids))
    day = service_date(at(1))
    everything, nothing = AuditFilter(first_day=day, last_day=day), AuditFilter(last_day=day.replace(year=2000))
    with store.read() as stored:
        found = stored.audit.older(everything, limit=9).those
        assert [one.correlation for one in found] == ["c5", "c4", "c3", "c2", "c1"]
        later = AuditFilter(first_day=day.replace(year=day.year + 1))
        for asked in (nothing, later):
            assert list(stored.audit.older(asked, limit=9).those) == []
        assert list(stored.audit.newer(nothing, after=found[-1].entry_id, limit=9).those) == []
        assert list(stored.audit.newer(later, after=found[-1].entry_id, limit=9).those) == []
        assert len(stored.audit.newer(everything, after=found[-1].entry_id, limit=9).those) == 4
