"""What the holder's own pages read: records, devices of codes, switches, grants, reports."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.grants import GrantState
from eztong.ports.storage.store import Store, UnitOfWork
from tests.contract.storage import values
from tests.contract.storage.stage import (
    at,
    code_id,
    device_id,
    grant_id,
    holder_id,
    in_turn,
    make,
    partner_id,
    verification_id,
)


@pytest.mark.parametrize("full", [False, True])
def test_a_report_comes_back(store: Store, *, full: bool) -> None:
    report = values.report(full=full)
    store.write(lambda uow: uow.reports.add(report))
    with store.read() as stored:
        assert stored.reports.about(report.holder_id, report.record_id) == report
        assert stored.reports.about(holder_id(2), report.record_id) is None


def test_reports_come_newest_first_and_are_of_one_account(store: Store) -> None:
    several = (values.report(2), values.report(1), values.report(3, of_holder=2))
    store.write(in_turn(*[lambda uow, one=one: uow.reports.add(one) for one in several]))
    with store.read() as stored:
        assert list(stored.reports.list(holder_id())) == [values.report(2), values.report(1)]


def test_a_record_is_reported_once(store: Store) -> None:
    store.write(lambda uow: uow.reports.add(values.report(1)))
    again = replace(values.report(2), record_id=verification_id(1))
    with pytest.raises(Exception, match=r"(?i)unique|duplicate"):
        store.write(lambda uow: uow.reports.add(again))


def test_refused_tries_come_page_by_page(store: Store) -> None:
    store.write(in_turn(*[lambda uow, n=n: uow.codes.add_attempt(values.attempt(n)) for n in (2, 3, 1)]))
    with store.read() as stored:
        newest = stored.codes.attempts_before(holder_id(), before=None, limit=2)
        rest = stored.codes.attempts_before(holder_id(), before=newest[-1].attempt_id, limit=2)
    assert [one.attempt_id for one in (*newest, *rest)] == [make("att", n) for n in (3, 2, 1)]


def test_a_refused_try_is_read_by_its_account_only(store: Store) -> None:
    attempt = values.attempt()
    store.write(lambda uow: uow.codes.add_attempt(attempt))
    with store.read() as stored:
        assert stored.codes.attempt(holder_id(), attempt.attempt_id) == attempt
        assert stored.codes.attempt(holder_id(2), attempt.attempt_id) is None


def test_the_device_that_showed_a_code_is_known_to_its_account_only(store: Store) -> None:
    store.write(lambda uow: uow.codes.add(values.code(of_device=4), number_hash=b"n", qr_hash=None))
    with store.read() as stored:
        assert stored.codes.device_of(holder_id(), code_id()) == device_id(4)
        assert stored.codes.device_of(holder_id(2), code_id()) is None


def test_a_verification_is_read_by_its_account_only(store: Store) -> None:
    store.write(lambda uow: uow.verifications.add(values.verification()))
    with store.read() as stored:
        assert stored.verifications.one_of_holder(holder_id(), verification_id()) == values.verification()
        assert stored.verifications.one_of_holder(holder_id(2), verification_id()) is None


def test_who_met_the_account_and_when_last(store: Store) -> None:
    def add(uow: UnitOfWork) -> None:
        uow.verifications.add(values.verification(3))
        uow.verifications.add(values.verification(5))
        uow.verifications.add(values.verification(6, of_partner=2, of_holder=2))
        uow.codes.add_attempt(values.attempt(7))
        uow.codes.add_attempt(replace(values.attempt(8), partner_id=partner_id(3)))

    store.write(add)
    with store.read() as stored:
        assert stored.verifications.partners_met(holder_id()) == {partner_id(): at(7), partner_id(3): at(8)}


def test_switches_that_were_moved(store: Store) -> None:
    def move(uow: UnitOfWork) -> None:
        uow.grants.set_switch(holder_id(), partner_id(1), on=False, now=at(1))
        uow.grants.set_switch(holder_id(), partner_id(2), on=True, now=at(1))
        uow.grants.set_switch(holder_id(2), partner_id(3), on=False, now=at(1))

    store.write(move)
    with store.read() as stored:
        assert stored.grants.switches(holder_id()) == {partner_id(1): False, partner_id(2): True}


def test_grants_of_an_account_come_newest_first(store: Store) -> None:
    grants = [values.grant(1), values.grant(2), replace(values.grant(3), holder_id=holder_id(2))]
    store.write(in_turn(*[lambda uow, one=one: uow.grants.add(one) for one in grants]))
    with store.read() as stored:
        assert list(stored.grants.of_holder(holder_id())) == [grants[1], grants[0]]


def test_a_grant_is_withdrawn_once_by_its_account_while_it_lives(store: Store) -> None:
    store.write(lambda uow: uow.grants.add(values.grant()))

    def withdraw(of_holder: int, now: float) -> bool:
        return store.write(lambda uow: uow.grants.withdraw(holder_id(of_holder), grant_id(), now=at(now))).value

    assert not withdraw(2, 9)
    assert not withdraw(1, 601)
    assert withdraw(1, 9)
    assert not withdraw(1, 10)
    with store.read() as stored:
        (found,) = stored.grants.of_holder(holder_id())
    assert (found.state, found.withdrawn_at) == (GrantState.WITHDRAWN, at(9))
