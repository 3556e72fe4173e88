"""People of partners and their sessions: found by their own partner, changed from what was seen only."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import msgspec

from eztong.domain.codes.verification import Outcome
from eztong.domain.identifiers import PartnerId
from eztong.domain.identity.age import service_date
from eztong.domain.portal.person import PortalRole, PortalState
from eztong.ports.storage.codes.verifications import AskedVerifications
from eztong.ports.storage.store import Store, UnitOfWork
from tests.contract.storage import values
from tests.contract.storage.portal.values import person, session
from tests.contract.storage.stage import at, partner_id

HOTEL, LIBRARY = PartnerId("hotel"), PartnerId("library")


def test_people_come_back_as_they_were_and_a_name_is_given_once_for_each_partner(store: Store) -> None:
    def add(uow: UnitOfWork) -> list[bool]:
        those = (person(), person(2, full=True), person(partner_id="library"), person())
        return [uow.portal.add(one) for one in those]

    assert store.write(add).value == [True, True, True, False]
    with store.read() as stored:
        assert stored.portal.list(HOTEL).those == [person(), person(2, full=True)]
        assert stored.portal.get(LIBRARY, "p1") == person(partner_id="library")
        assert stored.portal.get(LIBRARY, "p2") is None


def test_whatever_changes_changes_from_what_was_seen_and_ends_the_invitation(store: Store) -> None:
    made = person(full=True)
    ready = replace(made, secret_hash="new", second_factor=b"s", used_step=7, invite_hash=None, invite_until=None)

    def change(uow: UnitOfWork) -> list[bool]:
        uow.portal.add(replace(made, invite_hash=None, invite_until=None))
        portal = uow.portal
        return [
            portal.invite(made),
            portal.set_up(ready, seen="other"),
            portal.set_up(ready, seen=made.secret_hash),
            portal.use_step(HOTEL, "p1", 7),
            portal.use_step(HOTEL, "p1", 8),
            portal.set_role(replace(made, role=PortalRole.AUDITOR), PortalRole.DEVELOPER),
            portal.set_role(made, PortalRole.AUDITOR),
            portal.invite(made),
            portal.move(made, PortalState.DISABLED),
            portal.move(made, PortalState.DISABLED),
            portal.invite(made),
            portal.set_up(ready, seen="new"),
        ]

    done = store.write(change).value
    assert done == [True, False, True, False, True, False, True, True, True, False, False, False]
    with store.read() as stored:
        found = stored.portal.get(HOTEL, "p1")
    assert found == replace(ready, role=PortalRole.AUDITOR, state=PortalState.DISABLED, used_step=8)


def test_a_session_is_used_and_ended_once_and_others_stay(store: Store) -> None:
    def begin(uow: UnitOfWork) -> None:
        for one in (session(), session(2), session(3, name="p2"), session(4, partner_id="library")):
            uow.portal.add_session(one)

    store.write(begin)
    assert store.write(lambda uow: uow.portal.note_use(b"hash1", now=at(9))).value
    with store.read() as stored:
        assert stored.portal.session(b"hash1") == replace(session(), active_at=at(9))
        assert stored.portal.session(b"nothing") is None
        assert [one.session_hash for one in stored.portal.sessions(HOTEL, "p1")] == [b"hash2", b"hash1"]
    assert store.write(lambda uow: uow.portal.prove_session(b"hash1", now=at(9))).value
    with store.read() as stored:
        assert stored.portal.session(b"hash1") == replace(session(), active_at=at(9), proven_at=at(9))
        assert stored.portal.session(b"hash2") == session(2)
    assert store.write(lambda uow: uow.portal.end_session(b"hash1", now=at(10))).value
    assert not store.write(lambda uow: uow.portal.end_session(b"hash1", now=at(11))).value
    assert not store.write(lambda uow: uow.portal.note_use(b"hash1", now=at(11))).value
    assert not store.write(lambda uow: uow.portal.prove_session(b"hash1", now=at(11))).value
    assert store.write(lambda uow: uow.portal.end_sessions(HOTEL, "p1", now=at(12))).value == 1
    with store.read() as stored:
        assert stored.portal.sessions(HOTEL, "p1") == []
        assert len(stored.portal.sessions(HOTEL, "p2")) == len(stored.portal.sessions(LIBRARY, "p1")) == 1


def test_verifications_are_searched_by_whole_values_between_two_ids_and_counted_by_day(store: Store) -> None:
    those = [values.verification(number) for number in range(1, 5)]
    those[1] = msgspec.structs.replace(those[1], outcome=Outcome.DECLINED, desk="other")
    those[3] = msgspec.structs.replace(those[3], created_at=those[3].created_at + timedelta(days=1))

    def add(uow: UnitOfWork) -> None:
        for one in those:
            uow.verifications.add(one)

    store.write(add)
    ids = [one.verification_id for one in those]

    def found(asked: AskedVerifications, *, before: str = "", since: str = "") -> list[str]:
        with store.read() as stored:
            page = stored.verifications.search(partner_id(), asked, before=before, since=since, limit=9)
        return [one.verification_id for one in page.those]

    assert found(AskedVerifications()) == ids[::-1]
    assert found(AskedVerifications(), before=ids[3], since=ids[1]) == [ids[2], ids[1]]
    assert found(AskedVerifications(outcome="declined", scene=those[1].scene, desk="other")) == [ids[1]]
    assert found(AskedVerifications(outcome="declined", desk="front-1")) == []
    day = service_date(those[0].created_at)
    with store.read() as stored:
        counted = sorted(stored.verifications.count_by_day(partner_id(), since=""))
        assert stored.verifications.count_by_day(PartnerId("nobody"), since="") == []
    first = those[0].outcome
    assert counted == sorted([(day, Outcome.DECLINED, 1), (day, first, 2), (day + timedelta(days=1), first, 1)])
