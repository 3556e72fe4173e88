"""Values come back from the store as they went in: every field, None and nothing, times to the millisecond."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from eztong.domain.access.device import DeviceState
from eztong.domain.holder import Holder, HolderState
from eztong.domain.jobs.job import Job, JobKind
from eztong.domain.partners.partner import PartnerState
from eztong.domain.restrictions.document import IdentityDocument
from eztong.domain.standing import HolderToVerify
from eztong.ports.storage.access.sessions import Session
from eztong.ports.storage.holders import Person
from eztong.ports.storage.store import Store, UnitOfWork
from tests.contract.storage import values
from tests.contract.storage.stage import at, batch_id, holder_id, in_turn, partner_id

FULL_AND_BARE = pytest.mark.parametrize("full", [True, False], ids=["full", "bare"])


@FULL_AND_BARE
def test_a_holder_comes_back(store: Store, *, full: bool) -> None:
    holder = values.holder(full=full)
    store.write(lambda uow: uow.holders.add(holder))
    with store.read() as stored:
        assert stored.holders.get(holder.holder_id) == holder


@FULL_AND_BARE
def test_what_verifying_asks_of_a_holder_is_what_the_whole_holder_says(store: Store, *, full: bool) -> None:
    holder = values.holder(full=full)
    store.write(lambda uow: uow.holders.add(holder))
    with store.read() as stored:
        asked = stored.holders.to_verify(holder.holder_id)
        nobody = stored.holders.to_verify(holder_id(9))
    assert asked is not None
    assert nobody is None
    assert asked.confirmed_at == holder.created_at, "it was never checked since"
    for name in set(HolderToVerify.__struct_fields__) - {"confirmed_at"}:
        assert getattr(asked, name) == getattr(holder, name), name


def test_the_last_check_is_when_a_holder_was_confirmed(store: Store) -> None:
    holder, later = values.holder(), at(7)
    document = IdentityDocument(holder_id=holder.holder_id, checked_at=later)
    store.write(lambda uow: uow.holders.add(holder))
    store.write(lambda uow: uow.restrictions.keep_document(document))
    with store.read() as stored:
        asked = stored.holders.to_verify(holder.holder_id)
    assert asked is not None
    assert asked.confirmed_at == later


@FULL_AND_BARE
def test_an_updated_holder_comes_back(store: Store, *, full: bool) -> None:
    before, after = values.holder(full=not full), values.holder(full=full)
    store.write(in_turn(lambda uow: uow.holders.add(before), lambda uow: uow.holders.update(after)))
    with store.read() as stored:
        assert stored.holders.get(after.holder_id) == replace(after, created_at=before.created_at)


@pytest.mark.parametrize("state", HolderState)
def test_every_state_of_a_holder_comes_back(store: Store, state: HolderState) -> None:
    holder: Holder = replace(values.holder(full=False), state=state)
    store.write(lambda uow: uow.holders.add(holder))
    with store.read() as stored:
        assert stored.holders.get(holder.holder_id) == holder


@pytest.mark.parametrize("person", values.PERSONS, ids=["held", "free"])
def test_a_person_comes_back(store: Store, person: Person) -> None:
    store.write(lambda uow: uow.holders.save_person(person))
    with store.read() as stored:
        assert stored.holders.person(person.number_index) == person


def test_a_person_saved_again_is_changed(store: Store) -> None:
    held, free = values.PERSONS
    store.write(in_turn(lambda uow: uow.holders.save_person(held), lambda uow: uow.holders.save_person(free)))
    with store.read() as stored:
        assert stored.holders.person(free.number_index) == free


def test_an_event_comes_back(store: Store) -> None:
    event = values.event()
    store.write(lambda uow: uow.holders.add_event(event))
    with store.read() as stored:
        assert list(stored.holders.events(event.holder_id)) == [event]


@FULL_AND_BARE
def test_a_device_comes_back(store: Store, *, full: bool) -> None:
    device = values.device(full=full)
    store.write(lambda uow: uow.devices.add(device))
    with store.read() as stored:
        assert stored.devices.get(device.holder_id, device.device_id) == device


def test_a_changed_device_comes_back(store: Store) -> None:
    device = values.device(full=True)
    store.write(
        in_turn(
            lambda uow: uow.devices.add(device),
            lambda uow: uow.devices.set_state(device.holder_id, device.device_id, DeviceState.LOST),
        )
    )
    with store.read() as stored:
        expected = replace(device, state=DeviceState.LOST)
        assert stored.devices.get(device.holder_id, device.device_id) == expected


@FULL_AND_BARE
def test_a_session_comes_back(store: Store, *, full: bool) -> None:
    session = values.session(full=full)
    store.write(lambda uow: uow.sessions.add(session))
    with store.read() as stored:
        assert stored.sessions.get(session.session_hash) == session


@FULL_AND_BARE
def test_an_updated_session_comes_back(store: Store, *, full: bool) -> None:
    before, after = values.session(full=not full), values.session(full=full)
    store.write(in_turn(lambda uow: uow.sessions.add(before), lambda uow: uow.sessions.update(after)))
    with store.read() as stored:
        assert stored.sessions.get(after.session_hash) == after


@FULL_AND_BARE
def test_a_challenge_comes_back(store: Store, *, full: bool) -> None:
    challenge = values.challenge(full=full)
    store.write(lambda uow: uow.sessions.add_challenge(challenge))
    with store.read() as stored:
        assert stored.sessions.newest_challenge(challenge.session_hash, challenge.purpose) == challenge


def test_an_agreement_comes_back(store: Store) -> None:
    agreement = values.agreement()
    store.write(lambda uow: uow.agreements.add(agreement))
    with store.read() as stored:
        assert stored.agreements.version(agreement.kind, agreement.version, agreement.language) == agreement


@FULL_AND_BARE
def test_an_acceptance_comes_back(store: Store, *, full: bool) -> None:
    acceptance = values.acceptance(full=full)
    store.write(
        lambda uow: uow.agreements.add_acceptance(acceptance, document=b"{}", batch_id=batch_id(), leaf_index=3)
    )
    with store.read() as stored:
        assert stored.agreements.newest_acceptance(acceptance.holder_id, acceptance.kind) == acceptance


def test_the_evidence_of_an_acceptance_comes_back(store: Store) -> None:
    acceptance = values.acceptance(full=True)
    store.write(
        lambda uow: uow.agreements.add_acceptance(acceptance, document=b"{}", batch_id=batch_id(), leaf_index=3)
    )
    with store.read() as stored:
        leaf = stored.agreements.acceptance_leaf(acceptance.holder_id, acceptance.acceptance_id)
    assert leaf == (b"{}", batch_id(), 3)


@FULL_AND_BARE
@pytest.mark.parametrize("state", PartnerState)
def test_a_partner_comes_back(store: Store, state: PartnerState, *, full: bool) -> None:
    partner = replace(values.partner(full=full), state=state)
    store.write(lambda uow: uow.partners.add(partner))
    with store.read() as stored:
        assert stored.partners.get(partner.partner_id) == partner


@FULL_AND_BARE
def test_a_scene_comes_back(store: Store, *, full: bool) -> None:
    scene = values.scene(full=full)
    store.write(lambda uow: uow.partners.add_scene(partner_id(), scene))
    with store.read() as stored:
        assert stored.partners.scene(partner_id(), scene.scene) == scene


@FULL_AND_BARE
def test_an_api_key_comes_back_with_its_partner(store: Store, *, full: bool) -> None:
    partner, key = values.partner(), values.api_key(full=full)
    store.write(in_turn(lambda uow: uow.partners.add(partner), lambda uow: uow.partners.add_key(key, key_hash=b"hash")))
    with store.read() as stored:
        assert stored.partners.key_with_partner(b"hash") == (partner, key)


@FULL_AND_BARE
def test_a_code_comes_back(store: Store, *, full: bool) -> None:
    code = values.code(full=full)
    store.write(lambda uow: uow.codes.add(code, number_hash=b"number", qr_hash=b"qr" if full else None))
    with store.read() as stored:
        assert stored.codes.by_hash(b"number") == code


@FULL_AND_BARE
def test_a_refused_try_comes_back(store: Store, *, full: bool) -> None:
    attempt = values.attempt(full=full)
    store.write(lambda uow: uow.codes.add_attempt(attempt))
    with store.read() as stored:
        assert list(stored.codes.attempts(attempt.holder_id)) == [attempt]


@FULL_AND_BARE
def test_a_verification_comes_back(store: Store, *, full: bool) -> None:
    verification = values.verification(full=full)
    store.write(lambda uow: uow.verifications.add(verification))
    with store.read() as stored:
        assert stored.verifications.get(verification.partner_id, verification.verification_id) == verification


def test_an_idempotency_record_comes_back(store: Store) -> None:
    record = values.idempotency()
    store.write(lambda uow: uow.idempotency.add(record))
    with store.read() as stored:
        assert stored.idempotency.get(record.partner_id, record.key_hash) == record


@FULL_AND_BARE
def test_a_request_comes_back(store: Store, *, full: bool) -> None:
    request = values.request(full=full)
    store.write(lambda uow: uow.requests.add(request, token_hash=b"token"))
    with store.read() as stored:
        assert stored.requests.get(request.partner_id, request.request_id) == request


@FULL_AND_BARE
def test_a_grant_comes_back(store: Store, *, full: bool) -> None:
    grant = values.grant(full=full)
    store.write(lambda uow: uow.grants.add(grant))
    with store.read() as stored:
        assert list(stored.grants.list(grant.holder_id, grant.partner_id, grant.scene)) == [grant]


@FULL_AND_BARE
def test_a_job_comes_back(store: Store, *, full: bool) -> None:
    job = values.job(full=full, holder=int(full))
    store.write(lambda uow: uow.jobs.add(job))
    with store.read() as stored:
        assert list(stored.jobs.due(job.kind, now=job.next_attempt_at, limit=5)) == [job]


def test_an_inbox_message_comes_back(store: Store) -> None:
    store.write(lambda uow: uow.inbox.add("msg_1", phone_index=b"index", sealed=b"\x00sealed", at=at(1)))
    with store.read() as stored:
        assert list(stored.inbox.newest(limit=5)) == [("msg_1", b"\x00sealed", at(1))]


def test_what_is_not_there_is_none(store: Store) -> None:
    with store.read() as stored:
        found = (
            stored.holders.get(holder_id()),
            stored.holders.person(b"index"),
            stored.holders.by_number_index(b"index"),
            stored.devices.primary(holder_id()),
            stored.sessions.get(b"session"),
            stored.partners.get(partner_id()),
            stored.partners.key_with_partner(b"hash"),
            stored.codes.by_hash(b"hash"),
            stored.requests.by_token(b"token"),
            stored.settings.get("none"),
        )
    assert found == (None,) * 10


def stored_time(store: Store, moment: datetime) -> datetime:
    session: Session = replace(values.session(full=False), expires_at=moment)
    store.write(lambda uow: uow.sessions.add(session))
    with store.read() as stored:
        found = stored.sessions.get(session.session_hash)
    assert found is not None
    return found.expires_at


def test_a_time_of_another_zone_comes_back_as_the_same_moment(store: Store) -> None:
    moment = datetime(2026, 1, 15, 17, 30, tzinfo=timezone(timedelta(hours=8)))
    assert stored_time(store, moment) == moment


def test_times_come_back_in_utc(store: Store) -> None:
    moment = datetime(2026, 1, 15, 17, 30, tzinfo=timezone(timedelta(hours=8)))
    assert stored_time(store, moment).utcoffset() == timedelta(0)


@pytest.mark.parametrize(("microseconds", "kept"), [(999, 0), (123_999, 123_000), (999_999, 999_000)])
def test_microseconds_are_cut_off(store: Store, microseconds: int, kept: int) -> None:
    assert stored_time(store, at(0).replace(microsecond=microseconds)) == at(0).replace(microsecond=kept)


@pytest.mark.parametrize("year", [1970, 2026, 2099])
def test_every_millisecond_comes_back_exactly(store: Store, year: int) -> None:
    start = at(0).replace(year=year, microsecond=0)
    moments = [start + timedelta(milliseconds=count) for count in range(1000)]
    jobs = [replace(values.job(number), next_attempt_at=moment) for number, moment in enumerate(moments)]

    def queue_all(uow: UnitOfWork) -> None:
        for job in jobs:
            uow.jobs.add(job)

    store.write(queue_all)
    with store.read() as stored:
        due = stored.jobs.due(JobKind.MESSAGE, now=moments[-1], limit=1000)
    assert [job.next_attempt_at for job in due if isinstance(job, Job)] == moments


@pytest.mark.parametrize("text", ["", "张·三", "a'b\"c;--", "多\n行", "𠮷野家", "x" * 5000])
def test_any_text_comes_back(store: Store, text: str) -> None:
    store.write(lambda uow: uow.settings.set("text", text))
    with store.read() as stored:
        assert stored.settings.get("text") == text
