"""Partners move once from where they stand; what they ask, hold and know is ended and found by partner."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec.structs import replace as with_changes

from eztong.domain.codes.verification import Outcome
from eztong.domain.grants import GrantState
from eztong.domain.identifiers import ULID_RANDOM_BYTES, HolderId, RequestId, make_id
from eztong.domain.merchants.merchant import AccountKey
from eztong.domain.partners.partner import PartnerStage, PartnerState
from eztong.domain.partners.quota import OverQuota, Quota
from eztong.domain.requests.request import Request, RequestState
from eztong.ports.storage.store import Store
from tests.contract.storage import values
from tests.contract.storage.stage import at, holder_id, in_turn, partner_id


def test_a_partner_moves_once_from_where_it_stands(store: Store) -> None:
    before = values.partner()
    store.write(lambda uow: uow.partners.add(before))
    after = replace(before, state=PartnerState.SUSPENDED, stage=PartnerStage.LIVE, name="not stored by this")
    moves = [store.write(lambda uow: uow.partners.move(after, expected=PartnerState.APPROVED)).value for _ in range(2)]
    assert moves == [True, False]
    with store.read() as stored:
        assert stored.partners.get(before.partner_id) == replace(after, name=before.name)


def test_what_may_change_is_stored_and_nothing_else(store: Store) -> None:
    store.write(lambda uow: uow.partners.add(values.partner()))
    changed = replace(values.partner(full=True), name="新", name_en="New", sector_id="sector-2")
    store.write(lambda uow: uow.partners.update(replace(changed, state=PartnerState.CLOSED)))
    with store.read() as stored:
        assert stored.partners.get(partner_id()) == replace(
            changed, stage=PartnerStage.SANDBOX, wants_factor=False, quota=None, quota_until=None
        )


def test_that_a_partner_wants_an_app_of_its_staff_is_kept_and_taken_back(store: Store) -> None:
    partner = values.partner()
    store.write(lambda uow: uow.partners.add(partner))
    for is_wanted in (True, False):
        store.write(lambda uow, wanted=is_wanted: uow.partners.set_factor(partner.partner_id, is_wanted=wanted))  # type: ignore[misc]
        with store.read() as stored:
            assert stored.partners.get(partner.partner_id) == replace(partner, wants_factor=is_wanted)


@pytest.mark.parametrize("over", OverQuota)
def test_a_quota_is_kept_changed_and_taken_away(store: Store, over: OverQuota) -> None:
    partner = values.partner()
    store.write(lambda uow: uow.partners.add(partner))
    full = replace(partner, quota=Quota(7, over), quota_until=at(3))
    for changed in (full, replace(partner, quota=Quota(8, over)), partner):
        store.write(lambda uow, one=changed: uow.partners.set_quota(one))  # type: ignore[misc]
        with store.read() as stored:
            assert stored.partners.get(partner.partner_id) == changed


def test_a_scene_says_something_else_from_now_on(store: Store) -> None:
    store.write(lambda uow: uow.partners.add_scene(partner_id(), values.scene("a", full=False)))
    store.write(lambda uow: uow.partners.update_scene(partner_id(), values.scene("a")))
    with store.read() as stored:
        assert stored.partners.scene(partner_id(), "a") == values.scene("a")


def test_all_keys_of_one_partner_are_revoked_once(store: Store) -> None:
    keys = [values.api_key(number, of_partner=of_partner) for number, of_partner in ((1, 1), (2, 1), (3, 2))]
    store.write(
        in_turn(*[lambda uow, key=key: uow.partners.add_key(key, key_hash=key.key_id.encode()) for key in keys])
    )
    assert [store.write(lambda uow: uow.partners.revoke_keys(partner_id(), now=at(50))).value for _ in "ab"] == [2, 0]
    with store.read() as stored:
        assert {key.revoked_at for key in stored.partners.keys(partner_id())} == {at(50)}
        assert [key.revoked_at for key in stored.partners.keys(partner_id(2))] == [None]


def test_the_time_of_what_a_partner_asks_is_over_and_of_nothing_else(store: Store) -> None:
    def of(number: int, *, state: RequestState = RequestState.INIT) -> Request:
        random = bytes([number] * ULID_RANDOM_BYTES)
        made = values.request(number, of_partner=2 if number == 3 else 1)
        return replace(made, request_id=RequestId(make_id("req", now=at(0), random=random)), state=state)

    waits, doing, theirs = of(1), of(2, state=RequestState.DOING), of(3)
    finished, over = of(4, state=RequestState.FINISHED), replace(of(5), expires_at=at(20))
    store.write(
        in_turn(
            *[
                lambda uow, one=one: uow.requests.add(one, token_hash=one.request_id.encode())
                for one in (waits, doing, theirs, finished, over)
            ]
        )
    )
    with store.read() as stored:
        assert stored.requests.count_open(partner_id(), now=at(20)) == 2
    assert store.write(lambda uow: uow.requests.end_of_partner(partner_id(), now=at(20))).value == 2
    with store.read() as stored:
        assert stored.requests.count_open(partner_id(), now=at(20)) == 0
        for one in (waits, doing):
            assert stored.requests.get(one.partner_id, one.request_id) == replace(one, expires_at=at(20))
        for one in (theirs, finished, over):
            assert stored.requests.get(one.partner_id, one.request_id) == one


def test_a_partner_knows_whom_it_verified_and_who_allows_it_something(store: Store) -> None:
    passed = [values.verification(number, of_holder=number % 2 + 1) for number in (1, 2, 3)]
    other = values.verification(4, of_partner=2, of_holder=4)
    declined = with_changes(values.verification(5, of_holder=5), outcome=Outcome.DECLINED)
    store.write(in_turn(*[lambda uow, one=one: uow.verifications.add(one) for one in (*passed, other, declined)]))
    lapsed = replace(values.grant(6), holder_id=holder_id(6), state=GrantState.LAPSED)
    live = replace(values.grant(7), holder_id=holder_id(7))
    store.write(in_turn(lambda uow: uow.grants.add(lapsed), lambda uow: uow.grants.add(live)))
    with store.read() as stored:
        grants = stored.grants
        assert list(grants.known(partner_id(), after=HolderId(""), limit=9)) == [holder_id(n) for n in (1, 2, 7)]
        assert list(grants.known(partner_id(), after=holder_id(1), limit=1)) == [holder_id(2)]
        assert (grants.count_known(partner_id()), grants.count_known(partner_id(2))) == (3, 1)
        assert grants.count_live(partner_id(), now=at(20)) == 1
        assert grants.count_live(partner_id(), now=live.expires_at) == 0


def test_the_grants_of_one_account_to_one_partner_lapse(store: Store) -> None:
    mine, over = values.grant(1), replace(values.grant(2), expires_at=at(30))
    other = replace(values.grant(3), partner_id=partner_id(2))
    withdrawn, theirs = values.grant(4, full=True), replace(values.grant(5), holder_id=holder_id(2))
    store.write(in_turn(*[lambda uow, one=one: uow.grants.add(one) for one in (mine, over, other, withdrawn, theirs)]))
    assert store.write(lambda uow: uow.grants.end_at_partner(holder_id(), partner_id(), now=at(50))).value == 2
    with store.read() as stored:
        assert sorted(stored.grants.of_holder(holder_id()), key=lambda one: one.grant_id) == [
            replace(mine, state=GrantState.LAPSED, expires_at=at(50)),
            replace(over, state=GrantState.LAPSED),
            other,
            withdrawn,
        ]
        assert list(stored.grants.of_holder(holder_id(2))) == [theirs]


def test_all_key_pairs_of_one_partner_are_revoked_once(store: Store) -> None:
    def pair(number: int, of_partner: int) -> AccountKey:
        return AccountKey(
            secret_id=f"AKID{number}",
            partner_id=partner_id(of_partner),
            label="server",
            sealed_secret=b"sealed",
            created_at=at(number),
        )

    store.write(
        in_turn(*[lambda uow, made=made: uow.merchants.add_key(made) for made in (pair(1, 1), pair(2, 1), pair(3, 2))])
    )
    revoked = [store.write(lambda uow: uow.merchants.revoke_keys(partner_id(), now=at(50))).value for _ in "ab"]
    assert revoked == [2, 0]
    with store.read() as stored:
        assert [key.revoked_at for key in stored.merchants.keys(partner_id(2))] == [None]
