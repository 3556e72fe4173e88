"""Lists and look-ups: the newest first, page by page, and never anything of somebody else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.access.device import DeviceState
from eztong.domain.access.otp import OtpPurpose
from eztong.domain.agreements import AgreementKind, AgreementState
from eztong.domain.grants import GrantState
from eztong.domain.holder import HolderState
from eztong.domain.identifiers import HolderId
from eztong.domain.partners.partner import PartnerState
from eztong.ports.storage.store import Store, UnitOfWork
from tests.contract.storage import values
from tests.contract.storage.stage import (
    World,
    at,
    batch_id,
    device_id,
    holder_id,
    in_turn,
    make,
    partner_id,
    request_id,
    verification_id,
)


@pytest.fixture
def with_verifications(store: Store) -> Store:
    """Five verifications of partner 1 and holder 1, put in out of order, among those of others."""

    def add(uow: UnitOfWork) -> None:
        for number in (3, 1, 5, 2, 4):
            uow.verifications.add(values.verification(number))
        uow.verifications.add(values.verification(6, of_partner=2, of_holder=2))
        uow.verifications.add(values.verification(7, full=False, of_partner=3))

    store.write(add)
    return store


def page(store: Store, before: int | None, limit: int) -> list[str]:
    with store.read() as stored:
        start = None if before is None else verification_id(before)
        return [one.verification_id for one in stored.verifications.list(partner_id(), before=start, limit=limit)]


def ids(*numbers: int) -> list[str]:
    return [verification_id(number) for number in numbers]


def test_verifications_come_newest_first(with_verifications: Store) -> None:
    assert page(with_verifications, None, 50) == ids(5, 4, 3, 2, 1)


def test_a_page_has_no_more_than_asked_for(with_verifications: Store) -> None:
    assert page(with_verifications, None, 2) == ids(5, 4)


def test_the_next_page_starts_below_the_last_id(with_verifications: Store) -> None:
    assert page(with_verifications, 4, 2) == ids(3, 2)


def test_the_last_page_is_short(with_verifications: Store) -> None:
    assert page(with_verifications, 2, 2) == ids(1)


def test_after_the_last_page_there_is_nothing(with_verifications: Store) -> None:
    assert page(with_verifications, 1, 2) == []


def test_a_verification_of_another_partner_is_not_there(with_verifications: Store) -> None:
    with with_verifications.read() as stored:
        assert stored.verifications.get(partner_id(), verification_id(6)) is None


def test_a_holder_sees_what_all_partners_asked(with_verifications: Store) -> None:
    with with_verifications.read() as stored:
        found = stored.verifications.for_holder(holder_id(1), before=verification_id(5), limit=2)
    assert [one.verification_id for one in found] == ids(4, 3)


def test_a_holder_does_not_see_others(with_verifications: Store) -> None:
    with with_verifications.read() as stored:
        found = stored.verifications.for_holder(holder_id(2), before=None, limit=50)
    assert [one.verification_id for one in found] == ids(6)


def add_requests(store: Store) -> None:
    def add(uow: UnitOfWork) -> None:
        for number in (2, 3, 1):
            uow.requests.add(values.request(number), token_hash=bytes([number]))
        uow.requests.add(values.request(4, of_partner=2), token_hash=bytes([4]))

    store.write(add)


def test_requests_come_newest_first_page_by_page(store: Store) -> None:
    add_requests(store)
    with store.read() as stored:
        first = stored.requests.list(partner_id(), before=None, limit=2)
        rest = stored.requests.list(partner_id(), before=first[-1].request_id, limit=2)
    assert [one.request_id for one in (*first, *rest)] == [request_id(number) for number in (3, 2, 1)]


def test_a_request_of_another_partner_is_not_there(store: Store) -> None:
    add_requests(store)
    with store.read() as stored:
        assert stored.requests.get(partner_id(), request_id(4)) is None


def test_the_sandbox_finds_a_request_of_any_partner(store: Store) -> None:
    add_requests(store)
    with store.read() as stored:
        assert stored.requests.find(request_id(4)) == values.request(4, of_partner=2)


def test_the_newest_account_of_a_number_is_found(store: Store) -> None:
    old, new = (replace(values.holder(number, full=True), created_at=at(number)) for number in (1, 2))
    store.write(in_turn(lambda uow: uow.holders.add(new), lambda uow: uow.holders.add(old)))
    with store.read() as stored:
        assert stored.holders.by_number_index(values.INDEX) == new


def test_accounts_are_counted_by_state(store: Store) -> None:
    holders = [replace(values.holder(number), state=HolderState.ACTIVE) for number in (1, 2)]
    store.write(in_turn(*[lambda uow, one=one: uow.holders.add(one) for one in (*holders, values.holder(3))]))
    with store.read() as stored:
        assert stored.holders.counts() == {"active": 2, "draft": 1}


def test_applications_that_wait_for_an_answer_are_found_in_their_order(store: Store) -> None:
    asked = [replace(values.holder(number), state=HolderState.SUPPLEMENT_NEEDED) for number in (1, 3, 4)]
    store.write(in_turn(*[lambda uow, one=one: uow.holders.add(one) for one in (*asked, values.holder(2))]))
    with store.read() as stored:
        assert stored.applications.asked_after(HolderId(""), limit=2).those == [one.holder_id for one in asked[:2]]
        assert stored.applications.asked_after(asked[1].holder_id, limit=2).those == [asked[2].holder_id]


def test_events_come_newest_first(store: Store) -> None:
    store.write(in_turn(*[lambda uow, n=number: uow.holders.add_event(values.event(n)) for number in (2, 3, 1)]))
    with store.read() as stored:
        assert [one.event_id for one in stored.holders.events(holder_id())] == [make("evt", n) for n in (3, 2, 1)]


def test_devices_come_newest_first(store: Store) -> None:
    store.write(in_turn(*[lambda uow, n=number: uow.devices.add(values.device(n)) for number in (2, 3, 1)]))
    with store.read() as stored:
        assert [one.device_id for one in stored.devices.list(holder_id())] == [device_id(n) for n in (3, 2, 1)]


def test_the_primary_device_is_the_bound_one(store: Store) -> None:
    lost = replace(values.device(1), state=DeviceState.LOST)
    pending, bound = values.device(2, full=False), values.device(3)
    store.write(in_turn(*[lambda uow, one=one: uow.devices.add(one) for one in (lost, pending, bound)]))
    with store.read() as stored:
        assert stored.devices.primary(holder_id()) == bound


def test_the_device_of_another_holder_is_not_there(store: Store) -> None:
    store.write(lambda uow: uow.devices.add(values.device(1, of_holder=2)))
    with store.read() as stored:
        assert stored.devices.get(holder_id(1), device_id(1)) is None


def test_ending_all_sessions_counts_only_those_that_lived(store: Store) -> None:
    live = replace(values.session(1), revoked_at=None)
    others = [values.session(2), replace(values.session(3, of_holder=2), revoked_at=None)]
    store.write(in_turn(*[lambda uow, one=one: uow.sessions.add(one) for one in (live, *others)]))
    assert store.write(lambda uow: uow.sessions.revoke_all(holder_id(), now=at(99))).value == 1


def test_an_ended_session_says_when(store: Store) -> None:
    live = replace(values.session(), revoked_at=None)
    store.write(lambda uow: uow.sessions.add(live))
    store.write(lambda uow: uow.sessions.revoke_all(holder_id(), now=at(99)))
    with store.read() as stored:
        assert stored.sessions.get(live.session_hash) == replace(live, revoked_at=at(99))


def test_the_newest_message_code_of_the_purpose_is_found(store: Store) -> None:
    sent = [
        values.challenge(2),
        values.challenge(1),
        values.challenge(3, purpose=OtpPurpose.FREEZE),
        replace(values.challenge(4), session_hash=b"another"),
    ]
    store.write(in_turn(*[lambda uow, one=one: uow.sessions.add_challenge(one) for one in sent]))
    with store.read() as stored:
        assert stored.sessions.newest_challenge(b"session", OtpPurpose.REGISTER) == sent[0]


def test_the_agreement_in_force_is_of_the_language_asked_for(store: Store) -> None:
    versions = [
        values.agreement("1.0", state=AgreementState.SUPERSEDED),
        values.agreement("2.0"),
        values.agreement("2.0", language="en"),
        values.agreement("3.0", state=AgreementState.SCHEDULED),
    ]
    store.write(in_turn(*[lambda uow, one=one: uow.agreements.add(one) for one in versions]))
    with store.read() as stored:
        assert stored.agreements.in_force(AgreementKind.SERVICE, "zh-CN") == versions[1]


def test_no_agreement_of_the_other_kind_is_in_force(store: Store) -> None:
    store.write(lambda uow: uow.agreements.add(values.agreement()))
    with store.read() as stored:
        assert stored.agreements.in_force(AgreementKind.AUTHORISATION, "zh-CN") is None


def add_acceptances(store: Store) -> None:
    def add(uow: UnitOfWork) -> None:
        for number, kind in ((2, AgreementKind.SERVICE), (1, AgreementKind.SERVICE), (3, AgreementKind.AUTHORISATION)):
            acceptance = values.acceptance(number, kind=kind)
            uow.agreements.add_acceptance(acceptance, document=b"{}", batch_id=batch_id(), leaf_index=number)

    store.write(add)


def test_the_newest_acceptance_of_a_kind_is_found(store: Store) -> None:
    add_acceptances(store)
    with store.read() as stored:
        assert stored.agreements.newest_acceptance(holder_id(), AgreementKind.SERVICE) == values.acceptance(2)


def test_what_was_signed_comes_newest_first_with_and_without_a_switch(store: Store) -> None:
    add_acceptances(store)
    with store.read() as stored:
        signed = stored.agreements.signed(holder_id())
        assert [one.acceptance_id for one in signed] == [values.acceptance(n).acceptance_id for n in (3, 2, 1)]
        assert stored.agreements.allowance(holder_id(), partner_id()).signed == tuple(signed)
        assert stored.agreements.allowance(holder_id(2), partner_id()).signed == ()


def test_a_version_that_another_connection_publishes_counts_from_the_next_round(world: World) -> None:
    store, agreement = world.store, values.agreement()
    store.write(lambda uow: uow.agreements.add(agreement))
    counting = [store.write(lambda uow: uow.agreements.versions_that_count()).value for _ in range(2)]
    assert counting[0] == counting[1]
    assert counting[0][AgreementKind.SERVICE] == {agreement.version}
    with world.aside() as other:
        other.execute("UPDATE agreements SET version = version || 'x'")
    after = store.write(lambda uow: uow.agreements.versions_that_count()).value
    assert after[AgreementKind.SERVICE] == {agreement.version + "x"}


def test_acceptances_come_newest_first(store: Store) -> None:
    add_acceptances(store)
    with store.read() as stored:
        found = [one.acceptance_id for one in stored.agreements.acceptances(holder_id())]
    assert found == [make("acc", number) for number in (3, 2, 1)]


def test_the_evidence_of_another_holder_is_not_there(store: Store) -> None:
    add_acceptances(store)
    with store.read() as stored:
        assert stored.agreements.acceptance_leaf(holder_id(2), make("acc", 1)) is None


def test_partners_are_listed(store: Store) -> None:
    store.write(in_turn(*[lambda uow, n=number: uow.partners.add(values.partner(n)) for number in (2, 1)]))
    with store.read() as stored:
        assert list(stored.partners.list().those) == [values.partner(1), values.partner(2)]


def test_a_partner_can_be_suspended(store: Store) -> None:
    store.write(lambda uow: uow.partners.add(values.partner()))
    store.write(lambda uow: uow.partners.set_state(partner_id(), PartnerState.SUSPENDED))
    with store.read() as stored:
        assert stored.partners.get(partner_id()) == replace(values.partner(), state=PartnerState.SUSPENDED)


def test_scenes_of_other_partners_are_not_listed(store: Store) -> None:
    mine, theirs = values.scene("a"), values.scene("b")
    store.write(
        in_turn(
            lambda uow: uow.partners.add_scene(partner_id(1), mine),
            lambda uow: uow.partners.add_scene(partner_id(2), theirs),
        )
    )
    with store.read() as stored:
        assert list(stored.partners.scenes(partner_id(1)).those) == [mine]


def test_desks_are_listed_with_their_names(store: Store) -> None:
    store.write(
        in_turn(
            lambda uow: uow.partners.add_desk(partner_id(1), "desk-2", "二号"),
            lambda uow: uow.partners.add_desk(partner_id(1), "desk-1", "一号"),
            lambda uow: uow.partners.add_desk(partner_id(2), "desk-3", "三号"),
        )
    )
    with store.read() as stored:
        assert list(stored.partners.desks(partner_id(1))) == [("desk-1", "一号"), ("desk-2", "二号")]


@pytest.mark.parametrize(("partner", "expected"), [(1, True), (2, False)])
def test_a_desk_belongs_to_its_partner(store: Store, partner: int, *, expected: bool) -> None:
    store.write(lambda uow: uow.partners.add_desk(partner_id(1), "desk-1", "一号"))
    with store.read() as stored:
        assert stored.partners.has_desk(partner_id(partner), "desk-1") is expected


def add_key(store: Store) -> None:
    store.write(
        in_turn(
            lambda uow: uow.partners.add(values.partner()),
            lambda uow: uow.partners.add_key(values.api_key(), key_hash=b"hash"),
        )
    )


def test_a_key_is_revoked_once(store: Store) -> None:
    add_key(store)

    def revoke(uow: UnitOfWork) -> bool:
        return uow.partners.revoke_key(partner_id(), make("key", 1), now=at(7))

    assert [store.write(revoke).value for _ in range(2)] == [True, False]


def test_a_revoked_key_says_since_when(store: Store) -> None:
    add_key(store)
    store.write(lambda uow: uow.partners.revoke_key(partner_id(), make("key", 1), now=at(7)))
    with store.read() as stored:
        assert list(stored.partners.keys(partner_id())) == [replace(values.api_key(), revoked_at=at(7))]


def test_a_partner_cannot_revoke_the_key_of_another(store: Store) -> None:
    add_key(store)
    assert store.write(lambda uow: uow.partners.revoke_key(partner_id(2), make("key", 1), now=at(7))).value is False


@pytest.mark.parametrize("moves", [[], [False], [False, True], [True, False]])
def test_a_switch_is_off_only_if_it_was_moved_off_last(store: Store, moves: list[bool]) -> None:
    def move(uow: UnitOfWork) -> None:
        for on in moves:
            uow.grants.set_switch(holder_id(), partner_id(), on=on, now=at(1))

    store.write(move)
    add_acceptances(store)
    with store.read() as stored:
        assert stored.agreements.allowance(holder_id(), partner_id()).is_switched_off is (moves[-1:] == [False])


def test_a_switch_is_for_one_partner(store: Store) -> None:
    store.write(lambda uow: uow.grants.set_switch(holder_id(), partner_id(1), on=False, now=at(1)))
    add_acceptances(store)
    with store.read() as stored:
        assert not stored.agreements.allowance(holder_id(), partner_id(2)).is_switched_off


def test_grants_are_of_one_holder_partner_and_scene(store: Store) -> None:
    mine = values.grant(1)
    others = [
        replace(values.grant(2), holder_id=holder_id(2)),
        replace(values.grant(3), partner_id=partner_id(2)),
        replace(values.grant(4), scene="another"),
    ]
    store.write(in_turn(*[lambda uow, one=one: uow.grants.add(one) for one in (mine, *others)]))
    with store.read() as stored:
        assert list(stored.grants.list(holder_id(), partner_id(), "open_account")) == [mine]


def test_ending_grants_ends_the_live_ones_of_the_holder(store: Store) -> None:
    grants = [values.grant(1), values.grant(2, full=True), replace(values.grant(3), holder_id=holder_id(2))]
    store.write(in_turn(*[lambda uow, one=one: uow.grants.add(one) for one in grants]))
    assert store.write(lambda uow: uow.grants.end_all(holder_id(), now=at(99))).value == 1


def test_ending_newer_grants_ends_live_ones_of_the_holder_alone(store: Store) -> None:
    older, newer = values.grant(1), replace(values.grant(2), granted_at=at(7))
    over = replace(values.grant(3), granted_at=at(7), expires_at=at(9))
    others = replace(values.grant(4), holder_id=holder_id(2), granted_at=at(7))
    store.write(in_turn(*[lambda uow, one=one: uow.grants.add(one) for one in (older, newer, over, others)]))
    than = older.granted_at
    assert store.write(lambda uow: uow.grants.end_newer(holder_id(), than=than, now=at(10))).value == 1
    with store.read() as stored:
        ended = [one for one in stored.grants.of_holder(holder_id()) if one.withdrawn_at is not None]
    assert [one.grant_id for one in ended] == [newer.grant_id]


def test_an_ended_grant_says_when(store: Store) -> None:
    store.write(lambda uow: uow.grants.add(values.grant()))
    store.write(lambda uow: uow.grants.end_all(holder_id(), now=at(99)))
    with store.read() as stored:
        (found,) = stored.grants.list(holder_id(), partner_id(), "open_account")
    assert (found.state, found.withdrawn_at) == (GrantState.WITHDRAWN, at(99))


def test_refused_tries_come_newest_first(store: Store) -> None:
    store.write(in_turn(*[lambda uow, n=number: uow.codes.add_attempt(values.attempt(n)) for number in (2, 3, 1)]))
    with store.read() as stored:
        assert [one.attempt_id for one in stored.codes.attempts(holder_id())] == [make("att", n) for n in (3, 2, 1)]
