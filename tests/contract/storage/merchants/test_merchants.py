"""Merchants and account keys are kept as they are, and found by what callers know."""

from dataclasses import replace

from eztong.domain.eid.identity_envelope import PointPrefix
from eztong.domain.identifiers import PartnerId
from eztong.domain.merchants.merchant import AccountKey, Merchant, MerchantOptions, MerchantState, UnfinishedAnswer
from eztong.ports.storage.store import Store
from tests.contract.storage.stage import at

HOTEL, GAME = PartnerId("hotel"), PartnerId("game")


def merchant(merchant_id: str = "0NSJ0001", *, partner_id: PartnerId = HOTEL) -> Merchant:
    return Merchant(
        merchant_id=merchant_id,
        partner_id=partner_id,
        scene="hotel_check_in",
        name="示例酒店",
        state=MerchantState.ACTIVE,
        options=MerchantOptions(),
        created_at=at(0),
    )


def key(secret_id: str = "AKID" + "a" * 32, *, partner_id: PartnerId = HOTEL, temporary: bool = False) -> AccountKey:
    return AccountKey(
        secret_id=secret_id,
        partner_id=partner_id,
        label="server",
        sealed_secret=b"sealed",
        created_at=at(0),
        token_hash=b"token" if temporary else None,
        expires_at=at(60) if temporary else None,
    )


def test_a_merchant_comes_back_as_it_went_in(store: Store) -> None:
    options = MerchantOptions(point_prefix=PointPrefix.NONE, unfinished=UnfinishedAnswer.EMPTY, companions=True)
    full = replace(merchant(), options=options, certified_key=b"spki", state=MerchantState.SUSPENDED)
    store.write(lambda uow: uow.merchants.add(merchant()))
    store.write(lambda uow: uow.merchants.add(merchant("0NSJ0002")))
    store.write(lambda uow: uow.merchants.add(merchant("0NSJ0003", partner_id=GAME)))
    store.write(lambda uow: uow.merchants.update(full))
    with store.read() as stored:
        assert stored.merchants.get("0NSJ0001") == full
        assert stored.merchants.get("0NSJ0002") == merchant("0NSJ0002")
        assert stored.merchants.get("0NSJ0009") is None
        assert [found.merchant_id for found in stored.merchants.list(HOTEL)] == ["0NSJ0001", "0NSJ0002"]


def test_a_key_is_found_by_its_public_name_and_revoked_once(store: Store) -> None:
    plain, temporary = key(), key("AKID" + "b" * 32, temporary=True)
    store.write(lambda uow: uow.merchants.add_key(plain))
    store.write(lambda uow: uow.merchants.add_key(temporary))
    with store.read() as stored:
        assert stored.merchants.key(plain.secret_id) == plain
        assert stored.merchants.key(temporary.secret_id) == temporary
        assert list(stored.merchants.keys(HOTEL)) == [plain, temporary]
        assert not stored.merchants.keys(GAME)
    assert store.write(lambda uow: uow.merchants.revoke_key(plain.secret_id, now=at(5))).value
    assert not store.write(lambda uow: uow.merchants.revoke_key(plain.secret_id, now=at(6))).value
    with store.read() as stored:
        revoked = stored.merchants.key(plain.secret_id)
    assert revoked == replace(plain, revoked_at=at(5))
    assert not revoked.is_live(at(5))
    assert temporary.is_live(at(59))
    assert not temporary.is_live(at(60))
