"""Operators' sessions, invitations and second factors, and the audit: what the console keeps."""

from __future__ import annotations

from dataclasses import replace

from eztong.domain.operators.audit import AuditDoor, AuditEntry, AuditFilter, AuditStep
from eztong.domain.operators.operator import OperatorRole, OperatorState
from eztong.domain.operators.session import OperatorSession
from eztong.ports.storage.store import Store, UnitOfWork
from tests.contract.storage.operators import values
from tests.contract.storage.stage import at, batch_id, make


def session(number: int = 1, *, operator: str = "li.na") -> OperatorSession:
    return OperatorSession(
        session_hash=b"hash%d" % number,
        session_id=make("ops", number),
        operator=operator,
        created_at=at(number),
        active_at=at(number),
    )


def entry(number: int = 1, **changed: object) -> AuditEntry:
    made = AuditEntry(
        entry_id=make("aud", number),
        at=at(number),
        step=AuditStep.DONE,
        what="operators.add",
        operator="li.na",
        roles=frozenset({"system", "legal"}),
        door=AuditDoor.CONSOLE,
        correlation=f"c{number}",
        subject="wang",
        error="",
        change="a -> b",
        salt=b"salt",
    )
    return replace(made, **changed)  # type: ignore[arg-type]  # the fields of an entry


def add(store: Store, *entries: AuditEntry) -> None:
    def add_all(uow: UnitOfWork) -> None:
        for one in entries:
            uow.audit.add(one, document=b"{}", batch_id=batch_id(), leaf_index=0)

    store.write(add_all)


def test_a_session_is_used_and_ended_once_and_others_stay(store: Store) -> None:
    def begin(uow: UnitOfWork) -> None:
        for one in (session(), session(2), session(3, operator="wang")):
            uow.operator_sessions.add(one)

    store.write(begin)
    assert store.write(lambda uow: uow.operator_sessions.note_use(b"hash1", now=at(9))).value
    with store.read() as stored:
        assert stored.operator_sessions.get(b"hash1") == replace(session(), active_at=at(9))
        assert stored.operator_sessions.get(b"nothing") is None
        assert [one.session_hash for one in stored.operator_sessions.of_operator("li.na")] == [b"hash2", b"hash1"]
    assert store.write(lambda uow: uow.operator_sessions.end(b"hash1", now=at(10))).value
    assert not store.write(lambda uow: uow.operator_sessions.end(b"hash1", now=at(11))).value
    assert not store.write(lambda uow: uow.operator_sessions.note_use(b"hash1", now=at(11))).value
    assert store.write(lambda uow: uow.operator_sessions.end_all("li.na", now=at(12))).value == 1
    with store.read() as stored:
        assert [one.operator for one in stored.operator_sessions.of_operator("wang")] == ["wang"]
        assert stored.operator_sessions.of_operator("li.na") == []


def test_setting_up_happens_from_what_was_seen_only_and_ends_the_invitation(store: Store) -> None:
    made = values.operator()
    store.write(lambda uow: uow.operators.add(made))
    invited = replace(made, invite_hash=b"word", invite_until=at(50))
    assert store.write(lambda uow: uow.operators.invite(invited)).value
    with store.read() as stored:
        assert stored.operators.get("li.na") == invited
    ready = replace(
        made, secret_hash="new", secret_at=at(5), second_factor=b"sealed", used_step=7, wrong_tries=0, locked_until=None
    )
    assert store.write(lambda uow: uow.operators.set_up(ready, seen=made.secret_hash)).value
    assert not store.write(lambda uow: uow.operators.set_up(ready, seen=made.secret_hash)).value
    with store.read() as stored:
        assert stored.operators.get("li.na") == ready


def test_a_half_minute_is_used_once_and_never_an_earlier_one(store: Store) -> None:
    store.write(lambda uow: uow.operators.add(values.operator()))
    taken = store.write(lambda uow: [uow.operators.use_step("li.na", step) for step in (5, 5, 4, 6)]).value
    assert taken == [True, False, False, True]


def test_roles_change_from_what_was_seen_and_nobody_disabled_is_invited(store: Store) -> None:
    made = values.operator()
    store.write(lambda uow: uow.operators.add(made))
    new = frozenset({OperatorRole.AUDIT, OperatorRole.LEGAL})
    assert store.write(lambda uow: uow.operators.set_roles("li.na", new, seen=made.roles)).value
    assert not store.write(lambda uow: uow.operators.set_roles("li.na", new, seen=made.roles)).value
    store.write(lambda uow: uow.operators.move("li.na", OperatorState.DISABLED, seen=OperatorState.ACTIVE))
    assert not store.write(lambda uow: uow.operators.invite(replace(made, invite_hash=b"word"))).value
    with store.read() as stored:
        found = stored.operators.get("li.na")
    assert found is not None
    assert (found.roles, found.invite_hash) == (new, None)


def test_the_audit_comes_back_newest_first_and_page_by_page(store: Store) -> None:
    add(store, *(entry(number) for number in range(1, 6)))
    everything = AuditFilter()
    with store.read() as stored:
        assert stored.audit.get(make("aud", 3)) == entry(3)
        assert stored.audit.get("nothing") is None
        first = stored.audit.older(everything, limit=2).those
        second = stored.audit.older(everything, before=first[-1].entry_id, limit=2).those
        back = stored.audit.newer(everything, after=second[0].entry_id, limit=2).those
    assert [one.correlation for one in (*first, *second)] == ["c5", "c4", "c3", "c2"]
    assert back == first


def test_the_audit_is_searched_by_whole_values_alone_and_together(store: Store) -> None:
    add(store, entry(), entry(2, operator="wang"), entry(3, what="audit.read"), entry(4, subject="zhao", error="no"))

    def found(**asked: str) -> list[str]:
        with store.read() as stored:
            return [one.correlation for one in stored.audit.older(AuditFilter(**asked), limit=9).those]  # type: ignore[arg-type]  # fields of text

    assert found(operator="wang") == ["c2"]
    assert found(operator="wan") == []
    assert found(what="operators.add", operator="li.na") == ["c4", "c1"]
    assert found(subject="zhao") == ["c4"]
    assert found(correlation="c3", what="audit.read", operator="li.na", subject="wang") == ["c3"]
