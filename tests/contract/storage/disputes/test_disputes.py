"""Disputes are one for each record of an account; bundles are found by side, and note when they were handed out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.disputes.dispute import Bundle, BundleKey, Party
from eztong.ports.storage.codes.codes import AttestedTry
from eztong.ports.storage.store import Store
from tests.contract.storage import values
from tests.contract.storage.disputes import values as disputes
from tests.contract.storage.stage import at, batch_id, holder_id, in_turn, make, partner_id, verification_id


def test_a_record_has_one_dispute_of_its_account(store: Store) -> None:
    second = replace(disputes.dispute(), ticket_id=make("tkt", 9))
    others = replace(disputes.dispute(of_holder=2), ticket_id=make("tkt", 9))
    added = store.write(lambda uow: [uow.disputes.add(one) for one in (disputes.dispute(), second, others)]).value
    assert added == [True, False, True]
    with store.read() as stored:
        assert stored.disputes.about(holder_id(), verification_id(1)) == disputes.dispute()
        assert stored.disputes.about(holder_id(), verification_id(2)) is None


def test_disputes_come_newest_record_first_and_are_of_one_account(store: Store) -> None:
    several = [disputes.dispute(1), disputes.dispute(3), disputes.dispute(2), disputes.dispute(4, of_holder=2)]
    store.write(in_turn(*[lambda uow, one=one: uow.disputes.add(one) for one in several]))
    with store.read() as stored:
        assert [one.record_id for one in stored.disputes.list(holder_id())] == [verification_id(n) for n in (3, 2, 1)]


@pytest.mark.parametrize("full", [False, True])
def test_a_bundle_comes_back(store: Store, *, full: bool) -> None:
    bundle = disputes.bundle(full=full)
    store.write(lambda uow: uow.bundles.add(bundle))
    with store.read() as stored:
        assert stored.bundles.newest(bundle.key) == bundle
        assert list(stored.bundles.of_holder(holder_id())) == ([bundle] if full else [])


def test_the_newest_of_a_side_is_found_and_no_other_sides(store: Store) -> None:
    several = [
        disputes.bundle(1),
        disputes.bundle(3),
        disputes.bundle(2),
        disputes.bundle(4, party=Party.HOLDER),
        disputes.bundle(5, of_record=2),
        replace(disputes.bundle(6), partner_id=partner_id(2)),
    ]
    store.write(in_turn(*[lambda uow, one=one: uow.bundles.add(one) for one in several]))
    key = BundleKey(record_id=verification_id(1), party=Party.PARTNER, partner_id=partner_id())
    with store.read() as stored:
        assert stored.bundles.newest(key) == disputes.bundle(3)
        assert stored.bundles.newest(replace(key, party=Party.AUTHORITY)) is None


def test_the_last_download_is_noted_and_never_goes_back(store: Store) -> None:
    bundle, other = disputes.bundle(1), disputes.bundle(2)
    store.write(in_turn(*[lambda uow, one=one: uow.bundles.add(one) for one in (bundle, other)]))

    def downloaded_at(one: Bundle) -> object:
        with store.read() as stored:
            found = stored.bundles.newest(replace(one, party=Party.PARTNER).key)
        assert found is not None
        return found.downloaded_at

    for moment, noted in ((5, 5), (9, 9), (7, 9)):
        store.write(lambda uow, moment=moment: uow.bundles.note_download(other, now=at(moment)))  # type: ignore[misc]  # a lambda's default
        assert downloaded_at(other) == at(noted)


def test_what_was_attested_of_a_refused_try_is_noted_once(store: Store) -> None:
    attempt = values.attempt(1)
    attested = AttestedTry(document=b"{}", salt=b"\x00" * 16, batch_id=batch_id(), leaf_index=3)
    store.write(lambda uow: uow.codes.add_attempt(attempt))
    with store.read() as stored:
        assert stored.codes.attested_attempt(holder_id(), attempt.attempt_id) is None
    again = replace(attested, leaf_index=4)
    noted = [
        store.write(lambda uow, one=one: uow.codes.attest_attempt(holder_id(), attempt.attempt_id, one)).value  # type: ignore[misc]  # a lambda's default
        for one in (attested, again)
    ]
    assert noted == [True, False]
    assert not store.write(lambda uow: uow.codes.attest_attempt(holder_id(2), attempt.attempt_id, attested)).value
    with store.read() as stored:
        assert stored.codes.attested_attempt(holder_id(), attempt.attempt_id) == attested
        assert stored.codes.attested_attempt(holder_id(2), attempt.attempt_id) is None
        assert list(stored.codes.attempts(holder_id())) == [attempt]
