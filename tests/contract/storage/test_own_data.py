"""A holder's rows by holder: all of them, none of anybody else."""

from __future__ import annotations

from dataclasses import replace

from msgspec.structs import replace as with_changes

from eztong.domain.codes.presentation_code import CodeState
from eztong.domain.requests.request import RequestState
from eztong.ports.storage.own_data.rows import PartnerSwitch
from eztong.ports.storage.store import Store, UnitOfWork
from tests.contract.storage import values
from tests.contract.storage.stage import (
    at,
    code_id,
    device_id,
    holder_id,
    in_turn,
    partner_id,
    request_id,
    verification_id,
)


def test_sessions_come_back_also_when_they_have_ended(store: Store) -> None:
    live = replace(values.session(1), revoked_at=None)
    ended = replace(values.session(2), revoked_at=at(9))
    other = values.session(3, of_holder=2)
    store.write(in_turn(*[lambda uow, one=one: uow.sessions.add(one) for one in (ended, live, other)]))
    with store.read() as stored:
        assert list(stored.own_data.sessions(holder_id())) == [live, ended]


def test_switches_come_back_with_the_moment_of_the_last_move(store: Store) -> None:
    def move(uow: UnitOfWork) -> None:
        uow.grants.set_switch(holder_id(), partner_id(1), on=False, now=at(1))
        uow.grants.set_switch(holder_id(), partner_id(1), on=True, now=at(2))
        uow.grants.set_switch(holder_id(2), partner_id(3), on=False, now=at(1))

    store.write(move)
    with store.read() as stored:
        (moved,) = stored.own_data.switches(holder_id())
    assert moved == PartnerSwitch(partner_id=partner_id(1), is_on=True, changed_at=at(2))


def test_codes_that_were_used_tried_or_still_open_come_back_and_no_others(store: Store) -> None:
    def show(uow: UnitOfWork) -> None:
        used, tried, passed, open_still = (values.code(number) for number in (1, 2, 3, 4))
        for number, code in enumerate((used, tried, passed)):
            uow.codes.add(code, number_hash=bytes([number]) * 32, qr_hash=None)
        uow.codes.consume(code_id(1), verification_id(1), asking_hash=b"asked", now=at(8))
        uow.codes.end_outstanding(holder_id(), device_id(), CodeState.SUPERSEDED, at(9))
        uow.codes.add(open_still, number_hash=bytes([7]) * 32, qr_hash=None)
        uow.codes.add(values.code(5, of_holder=2), number_hash=bytes([8]) * 32, qr_hash=None)
        uow.verifications.add(with_changes(values.verification(1), code_id=code_id(1)))
        uow.codes.add_attempt(replace(values.attempt(1), code_id=code_id(2)))

    store.write(show)
    with store.read() as stored:
        kept = [(one.code.code_id, one.code.state, one.ended_at) for one in stored.own_data.codes(holder_id())]
    assert kept == [
        (code_id(1), CodeState.CONSUMED, at(8)),
        (code_id(2), CodeState.SUPERSEDED, at(9)),
        (code_id(4), CodeState.ISSUED, None),
    ]


def test_requests_that_the_holder_answered_come_back_and_no_others(store: Store) -> None:
    def answer(uow: UnitOfWork) -> None:
        for number, holder in ((1, 1), (2, 2), (3, None)):
            request = replace(
                values.request(number),
                holder_id=None if holder is None else holder_id(holder),
                verification_id=None if holder is None else verification_id(number),
                state=RequestState.INIT if holder is None else RequestState.FINISHED,
            )
            uow.requests.add(request, token_hash=bytes([number]) * 32)
            if holder is not None:
                uow.verifications.add(
                    with_changes(values.verification(number, of_holder=holder), request_id=request_id(number))
                )

    store.write(answer)
    with store.read() as stored:
        assert [one.request_id for one in stored.own_data.requests(holder_id())] == [request_id(1)]
