"""What may happen once happens once: one conditional change reports whether it won, however many try."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from msgspec.structs import replace as with_changes

from eztong.domain.codes.presentation_code import CodeState, PresentationCode
from eztong.domain.identifiers import VerificationId
from eztong.domain.requests.request import RequestState
from eztong.ports.storage.store import Store, UnitOfWork
from tests.contract.storage import values
from tests.contract.storage.stage import (
    at,
    code_id,
    device_id,
    each_in_a_thread,
    holder_id,
    in_turn,
    verification_id,
)

ASKED = b"asked"


def add_codes(store: Store, *codes: PresentationCode) -> None:
    def add(code: PresentationCode) -> None:
        store.write(lambda uow: uow.codes.add(code, number_hash=code.code_id.encode(), qr_hash=None))

    for code in codes:
        add(code)


def code_now(store: Store, number: int = 1) -> PresentationCode:
    with store.read() as stored:
        found = stored.codes.by_hash(code_id(number).encode())
    assert found is not None
    return found


def consume(store: Store, verification: VerificationId) -> bool:
    return store.write(lambda uow: consume_in(uow, verification)).value


def consume_in(uow: UnitOfWork, verification: VerificationId) -> bool:
    return uow.codes.consume(code_id(), verification, asking_hash=ASKED, now=at(5))


def test_one_of_many_concurrent_consumers_wins(store: Store) -> None:
    add_codes(store, values.code())
    wins = each_in_a_thread(32, lambda number: consume(store, verification_id(number)))
    assert wins.count(True) == 1


def test_the_code_names_the_verification_that_won(store: Store) -> None:
    add_codes(store, values.code())
    wins = each_in_a_thread(32, lambda number: consume(store, verification_id(number)))
    code = code_now(store)
    assert (code.verification_id, code.asking_hash) == (verification_id(wins.index(True)), ASKED)


def test_a_consumed_code_is_consumed(store: Store) -> None:
    add_codes(store, values.code())
    consume(store, verification_id())
    assert code_now(store).state is CodeState.CONSUMED


def test_an_unknown_code_is_not_consumed(store: Store) -> None:
    assert consume(store, verification_id()) is False


@pytest.mark.parametrize("state", [state for state in CodeState if state is not CodeState.ISSUED])
def test_a_code_that_ended_is_not_consumed(store: Store, state: CodeState) -> None:
    add_codes(store, with_changes(values.code(), state=state))
    assert consume(store, verification_id()) is False


def test_a_code_whose_job_failed_can_still_be_consumed(store: Store) -> None:
    add_codes(store, values.code())

    with pytest.raises(ZeroDivisionError):
        store.write(lambda uow: consume_in(uow, verification_id()) and 1 // 0)
    assert consume(store, verification_id()) is True


def test_a_code_is_found_by_its_qr_spelling_too(store: Store) -> None:
    code = values.code()
    store.write(lambda uow: uow.codes.add(code, number_hash=b"number", qr_hash=b"qr"))
    with store.read() as stored:
        assert stored.codes.by_hash(b"qr") == code


def test_two_codes_never_share_a_number(store: Store) -> None:
    store.write(lambda uow: uow.codes.add(values.code(1), number_hash=b"number", qr_hash=None))
    with pytest.raises(Exception, match=r"(?i)unique"):
        store.write(lambda uow: uow.codes.add(values.code(2), number_hash=b"number", qr_hash=None))


def test_ending_a_devices_codes_leaves_other_devices_alone(store: Store) -> None:
    add_codes(store, values.code(1, of_device=1), values.code(2, of_device=2))
    store.write(lambda uow: uow.codes.end_outstanding(holder_id(), device_id(1), CodeState.SUPERSEDED, at(9)))
    assert [code_now(store, number).state for number in (1, 2)] == [CodeState.SUPERSEDED, CodeState.ISSUED]


def test_ending_a_holders_codes_ends_those_of_every_device(store: Store) -> None:
    add_codes(store, values.code(1, of_device=1), values.code(2, of_device=2))
    store.write(lambda uow: uow.codes.end_outstanding(holder_id(), None, CodeState.CANCELLED, at(9)))
    assert [code_now(store, number).state for number in (1, 2)] == [CodeState.CANCELLED] * 2


def test_ending_a_holders_codes_leaves_other_holders_alone(store: Store) -> None:
    add_codes(store, values.code(1), values.code(2, of_holder=2))
    store.write(lambda uow: uow.codes.end_outstanding(holder_id(1), None, CodeState.CANCELLED, at(9)))
    assert code_now(store, 2).state is CodeState.ISSUED


def test_ending_codes_leaves_consumed_ones_as_they_are(store: Store) -> None:
    add_codes(store, values.code(1, full=True), values.code(2))
    ended = store.write(lambda uow: uow.codes.end_outstanding(holder_id(), None, CodeState.CANCELLED, at(9)))
    assert (ended.value, code_now(store, 1).state) == (1, CodeState.CONSUMED)


def settle(store: Store, verification: VerificationId) -> bool:
    return store.write(
        lambda uow: uow.codes.settle_cancelled(code_id(), verification, asking_hash=str(verification).encode())
    ).value


def test_a_cancelled_code_makes_one_verification_of_many_and_stays_cancelled(store: Store) -> None:
    add_codes(store, with_changes(values.code(), state=CodeState.CANCELLED))
    winner = verification_id(each_in_a_thread(16, lambda number: settle(store, verification_id(number))).index(True))
    assert settle(store, verification_id(77)) is False
    code = code_now(store)
    assert (code.state, code.verification_id, code.asking_hash) == (CodeState.CANCELLED, winner, winner.encode())


@pytest.mark.parametrize("state", [state for state in CodeState if state is not CodeState.CANCELLED])
def test_only_a_cancelled_code_is_settled_without_being_consumed(store: Store, state: CodeState) -> None:
    add_codes(store, with_changes(values.code(), state=state))
    assert settle(store, verification_id()) is False


def test_of_many_first_replays_one_is_the_first(store: Store) -> None:
    add_codes(store, values.code(1), values.code(2))

    def mark(number: int = 1) -> bool:
        return store.write(lambda uow: uow.codes.mark_replayed(code_id(number), now=at(9))).value

    assert each_in_a_thread(16, lambda _number: mark()).count(True) == 1
    assert mark(2) is True


def take_warning(store: Store, place: int, second: float, holder: int = 1) -> bool:
    return store.write(
        lambda uow: uow.codes.take_warning(holder_id(holder), place, now=at(second), unless_since=at(second - 3600))
    ).value


def test_a_place_for_a_warning_is_taken_by_one_and_is_free_again_after_an_hour(store: Store) -> None:
    assert each_in_a_thread(16, lambda _number: take_warning(store, 0, 9)).count(True) == 1
    assert [take_warning(store, 0, 3608.999), take_warning(store, 0, 3609), take_warning(store, 0, 3610)] == [
        False,
        True,
        False,
    ]
    with store.read() as stored:
        assert [(one.place, one.warned_at) for one in stored.codes.warnings(holder_id())] == [(0, at(3609))]


def test_places_for_warnings_are_each_accounts_own(store: Store) -> None:
    assert [take_warning(store, place, 9, holder) for holder in (1, 2) for place in (0, 1, 0)] == [
        True,
        True,
        False,
    ] * 2


def test_the_same_refused_try_is_stored_once_however_many_try_it(store: Store) -> None:
    def try_again(number: int) -> bool:
        return store.write(lambda uow: uow.codes.add_attempt(values.attempt(number, full=False))).value

    assert each_in_a_thread(16, try_again).count(True) == 1
    with store.read() as stored:
        assert len(stored.codes.attempts(holder_id())) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"desk": "desk-2"},
        {"desk": None},
        {"desk": ""},
        {"scene": "close_account"},
        {"reason": "code_already_used"},
        {"partner_id": values.partner(2).partner_id},
        {"code_id": code_id(2)},
    ],
)
def test_a_try_at_another_desk_for_another_scene_or_reason_or_code_is_stored_too(
    store: Store, other: dict[str, Any]
) -> None:
    tries = values.attempt(1), replace(values.attempt(2), **other)
    assert [store.write(lambda uow, one=one: uow.codes.add_attempt(one)).value for one in tries] == [True, True]  # type: ignore[misc]  # a lambda's default


def use_challenge(store: Store, second: float = 9) -> bool:
    challenge_id = values.challenge().challenge_id
    return store.write(lambda uow: uow.sessions.use_challenge(challenge_id, now=at(second))).value


def test_one_of_many_concurrent_uses_of_a_message_code_wins(store: Store) -> None:
    store.write(lambda uow: uow.sessions.add_challenge(values.challenge()))
    assert each_in_a_thread(16, lambda _number: use_challenge(store)).count(True) == 1


def test_a_used_message_code_keeps_the_moment_of_its_use(store: Store) -> None:
    store.write(lambda uow: uow.sessions.add_challenge(values.challenge()))
    use_challenge(store, 9)
    use_challenge(store, 99)
    with store.read() as stored:
        found = stored.sessions.newest_challenge(b"session", "register")
    assert found is not None
    assert found.used_at == at(9)


def test_concurrent_wrong_tries_are_all_counted(store: Store) -> None:
    challenge = values.challenge()
    store.write(lambda uow: uow.sessions.add_challenge(challenge))
    each_in_a_thread(16, lambda _number: store.write(lambda uow: uow.sessions.count_try(challenge.challenge_id)))
    with store.read() as stored:
        found = stored.sessions.newest_challenge(b"session", "register")
    assert found is not None
    assert found.tries == 16


def advance(store: Store, state: RequestState, *expected: RequestState) -> bool:
    moved = replace(values.request(), state=state, holder_id=holder_id(), verification_id=verification_id())
    return store.write(lambda uow: uow.requests.advance(moved, expected=expected)).value


def state_now(store: Store) -> RequestState:
    with store.read() as stored:
        found = stored.requests.find(values.request().request_id)
    assert found is not None
    return found.state


def open_request(store: Store) -> None:
    store.write(lambda uow: uow.requests.add(values.request(), token_hash=b"token"))


def test_a_request_advances_from_the_expected_state(store: Store) -> None:
    open_request(store)
    assert advance(store, RequestState.DOING, RequestState.INIT) is True
    assert state_now(store) is RequestState.DOING


def test_a_request_does_not_advance_from_another_state(store: Store) -> None:
    open_request(store)
    assert advance(store, RequestState.FINISHED, RequestState.DOING) is False
    assert state_now(store) is RequestState.INIT


@pytest.mark.parametrize("order", [1, -1])
def test_any_of_several_expected_states_will_do(store: Store, order: int) -> None:
    open_request(store)
    assert advance(store, RequestState.FINISHED, *[RequestState.INIT, RequestState.DOING][::order]) is True


def test_a_request_that_advanced_has_its_answer(store: Store) -> None:
    open_request(store)
    advance(store, RequestState.FINISHED, RequestState.INIT)
    with store.read() as stored:
        found = stored.requests.by_token(b"token")
    assert found is not None
    assert (found.holder_id, found.verification_id) == (holder_id(), verification_id())


def test_one_of_many_concurrent_answers_wins(store: Store) -> None:
    open_request(store)
    wins = each_in_a_thread(16, lambda _number: advance(store, RequestState.FINISHED, RequestState.INIT))
    assert wins.count(True) == 1


def test_an_idempotency_key_is_recorded_once(store: Store) -> None:
    record = values.idempotency()
    store.write(lambda uow: uow.idempotency.add(record))
    with pytest.raises(Exception, match=r"(?i)unique"):
        store.write(lambda uow: uow.idempotency.add(with_changes(record, resource_id="another")))
    with store.read() as stored:
        assert stored.idempotency.get(record.partner_id, record.key_hash) == record


def test_two_partners_may_use_the_same_idempotency_key(store: Store) -> None:
    mine, theirs = values.idempotency(), with_changes(values.idempotency(), partner_id=values.partner(2).partner_id)
    store.write(
        in_turn(
            lambda uow: uow.idempotency.add(mine),
            lambda uow: uow.idempotency.add(theirs),
        )
    )
    with store.read() as stored:
        assert stored.idempotency.get(theirs.partner_id, theirs.key_hash) == theirs
