"""What must come out right however many do it at once, in however many processes: the same on every store."""

from __future__ import annotations

import threading
from dataclasses import replace

from eztong.domain.access.otp import OtpChallenge
from eztong.domain.access.pin import PIN_TRIES, PinLocked
from eztong.domain.holder import FreezeCause, Holder, HolderState
from eztong.domain.identity.phone import parse_phone
from eztong.ports.act import SYSTEM, Act
from eztong.ports.storage.store import UnitOfWork, submitted
from eztong.usecases.access.set_pin import SetPin, set_pin
from eztong.usecases.access.unlock import count_try
from eztong.usecases.codes.conclude_verification import Answered
from eztong.usecases.codes.verify_code import needs_of, verify_code
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.idempotency import idempotency_key
from eztong.usecases.refusal import Refused
from eztong.usecases.registration.accept_agreements import accept_agreements
from eztong.usecases.registration.confirm_phone import AskForOtp, send_registration_otp
from eztong.usecases.registration.register_identity import RegisterIdentity, register_identity
from tests.contract.storage.races.workers import Workers
from tests.contract.storage.stage import PATIENCE
from tests.unit.usecases.codes.asking import asking, show
from tests.unit.usecases.stage import LI, ZHAO, Person, Stage, accepting, asker, confirm

AT_ONCE = 8
LET_GO_AFTER = 0.3


def browsers(count: int) -> list[Person]:
    """Return the same new person in so many browsers, each with a phone of its own."""
    return [replace(ZHAO, phone=f"1390000{9000 + n}", session=f"browser {n}".encode()) for n in range(count)]


def test_a_person_who_registers_many_times_at_once_has_one_account(workers: Workers) -> None:
    people = browsers(AT_ONCE)
    for person in people:
        workers.first.act(accept_agreements, accepting(workers.first, person.session))
        confirm(workers.first, person)
        workers.first.empty_outbox()

    def register(stage: Stage, number: int) -> Holder:
        person = people[number]
        command = RegisterIdentity(session_hash=person.session, name=person.name, number=person.number)
        return register_identity(command, services=stage.services)

    workers.race(AT_ONCE, register)
    states = [workers.first.holder(person).state for person in people]
    assert states.count(HolderState.ACTIVE) == 1, states


def test_wrong_pins_at_once_are_counted_each_and_no_more_are_let_through_than_may_be(workers: Workers) -> None:
    set_pin(SetPin(session_hash=LI.session, pin="135790", again="135790"), services=workers.first.services)
    holder = workers.first.holder()

    def guess(act: Act) -> object:
        return count_try(act, holder)

    got = workers.race(3 * PIN_TRIES, lambda stage, _number: stage.services.perform(SYSTEM, guess))
    assert sum(not isinstance(one, Exception) for one in got) == PIN_TRIES
    assert sum(isinstance(one, PinLocked) for one in got) == 2 * PIN_TRIES
    pin = workers.first.read(lambda stored: stored.pins.get(holder.holder_id))
    assert pin is not None
    assert pin.wrong_tries == PIN_TRIES


def test_a_browser_that_asks_many_times_at_once_is_sent_one_message_code(workers: Workers) -> None:
    workers.first.act(accept_agreements, accepting(workers.first, ZHAO.session))
    command = AskForOtp(asker=asker(ZHAO.session), phone=parse_phone(ZHAO.phone), language="zh-CN")

    def ask(stage: Stage, _number: int) -> OtpChallenge:
        return stage.act(send_registration_otp, command)

    got = workers.race(2 * AT_ONCE, ask)
    assert len({one.challenge_id for one in got if isinstance(one, OtpChallenge)}) == 1, got
    assert len(workers.first.messages()) == 1


def test_a_freeze_is_not_undone_by_who_read_the_account_before_it(workers: Workers) -> None:
    holder_id = workers.first.holder_id()
    has_read, is_frozen = threading.Event(), threading.Event()

    def write_what_was_read(uow: UnitOfWork) -> None:
        read = uow.holders.get(holder_id)
        assert read is not None
        has_read.set()
        # Where jobs have turns the freeze waits for this one.
        is_frozen.wait(LET_GO_AFTER)
        uow.holders.update(read)

    slow = submitted(workers.first.store, write_what_was_read)
    assert has_read.wait(PATIENCE)
    command = FreezeHolder(holder_id=holder_id, cause=FreezeCause.SELF, channel="test")
    workers.last.act(freeze_holder, command)
    is_frozen.set()
    slow.result(PATIENCE)
    assert workers.first.holder().state is HolderState.FROZEN


def test_one_key_of_many_callers_gets_one_answer(workers: Workers) -> None:
    shown = show(workers.first)
    key = idempotency_key("order-1", body=b"body", operation="verifications", keys=workers.first.keys)
    command = asking(workers.first, shown.number, key=key)

    def ask(stage: Stage, number: int) -> Answered | Refused:
        # Both ways of a store: alone, and in a round with others.
        job = stage.services.job(SYSTEM, verify_code, command)
        needs = needs_of(command) if number % 4 < len(workers.stages) else None
        return submitted(stage.store, job, needs=needs).result(PATIENCE).value

    got = workers.race(2 * AT_ONCE, ask)
    answers = [one.result for one in got if isinstance(one, Answered)]
    assert len(answers) == 2 * AT_ONCE, got
    assert len(set(answers)) == 1


def test_one_code_of_many_callers_passes_once(workers: Workers) -> None:
    shown = show(workers.first)
    commands = [asking(workers.first, shown.number, desk=None if n else "front-1") for n in range(2 * AT_ONCE)]

    def ask(stage: Stage, number: int) -> Answered | Refused:
        job = stage.services.job(SYSTEM, verify_code, commands[number])
        needs = needs_of(commands[number]) if number % 4 < len(workers.stages) else None
        return submitted(stage.store, job, needs=needs).result(PATIENCE).value

    got = workers.race(2 * AT_ONCE, ask)
    ids = {one.verification.verification_id for one in got if isinstance(one, Answered)}
    assert len(ids) == 1, got
