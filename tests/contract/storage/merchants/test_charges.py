"""The ledger: charges are settled, counted per subject and day, and read in order."""

from dataclasses import replace

from eztong.domain.companions import Charge, Finding
from eztong.domain.identifiers import PartnerId
from eztong.ports.storage.store import Store
from tests.contract.storage.stage import at

HOTEL = PartnerId("hotel")


def charge(charge_id: str, *, day: str = "2026-01-15", subject: bytes = b"P01", seconds: int = 0) -> Charge:
    return Charge(
        partner_id=HOTEL,
        charge_id=charge_id,
        action="IdCardVerification",
        day=day,
        subject=subject,
        requested_at=at(seconds),
    )


def test_charges_are_settled_and_read_in_order(store: Store) -> None:
    late, early = charge("a", seconds=9), charge("b", seconds=1)
    for one in (late, early, charge("c", day="2026-01-16"), replace(charge("d"), partner_id=PartnerId("game"))):
        store.write(lambda uow, one=one: uow.charges.add(one))  # type: ignore[misc]  # mypy cannot infer the default
    settled = replace(late, finding=Finding.MISMATCH, is_billed=True)
    store.write(lambda uow: uow.charges.settle(settled))
    with store.read() as stored:
        assert list(stored.charges.of_day(HOTEL, "2026-01-15", skip=0, limit=9).those) == [early, settled]
        assert list(stored.charges.of_day(HOTEL, "2026-01-15", skip=1, limit=9).those) == [settled]
        assert list(stored.charges.of_day(HOTEL, "2026-01-15", skip=0, limit=1).those) == [early]


def test_what_no_source_answered_does_not_count(store: Store) -> None:
    undecided = replace(charge("e"), finding=Finding.SOURCE_ERROR)
    for one in (undecided, charge("f"), replace(charge("g"), finding=Finding.MATCH), charge("h", subject=b"P02")):
        store.write(lambda uow, one=one: uow.charges.add(one))  # type: ignore[misc]  # mypy cannot infer the default
    with store.read() as stored:
        assert stored.charges.count(HOTEL, "2026-01-15", b"P01") == 2
        assert stored.charges.count(HOTEL, "2026-01-16", b"P01") == 0
