"""The phone changes with the codes of both numbers; both are told, weighty acts wait, and no other code does it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from eztong.domain.access.otp import OtpPurpose
from eztong.domain.contact.phone_change import (
    ASK_LIFE,
    ASKS_BY_ACCOUNT,
    COOLING,
    ChangeState,
    ContactCooling,
    PhoneChangeOver,
    PhoneSame,
    RecoveryInTheWay,
)
from eztong.domain.errors import (
    HolderFrozen,
    Locked,
    OtpExpired,
    OtpWrong,
    SessionMissing,
    StateConflict,
    TooMany,
)
from eztong.domain.events import EventKind
from eztong.domain.holder import FreezeCause, PhoneFull
from eztong.domain.notices import Topic
from eztong.usecases.access.ask_for_account import AskForAccount, ask_for_account
from eztong.usecases.access.message_code import SendCode, send_message_code
from eztong.usecases.contact.confirm_phone_change import confirm_phone_change, put_number
from eztong.usecases.contact.cooling import check_contact_settled, contact_cools_until
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.refusal import Refused
from eztong.usecases.vault import phone_index
from tests.unit.usecases.access.ways import wrong
from tests.unit.usecases.contact.acts import (
    BOTH,
    FROM,
    NEW,
    TO,
    URL,
    ask,
    both,
    change,
    confirm,
    digits,
    newest,
    phone_of,
    told,
    typed,
)
from tests.unit.usecases.recovery.acts import wait as wait_for_recovery
from tests.unit.usecases.stage import LI, WANG, ZHAO, Person, Stage, asker, register


@pytest.fixture(autouse=True)
def unlocked(stage: Stage) -> None:
    for person in (LI, WANG):
        stage.unlock(person)


def test_both_numbers_get_a_code_of_their_own_and_nothing_has_changed_yet(stage: Stage) -> None:
    asked = ask(stage)
    assert told(stage, Topic.OTP) == [LI.phone, NEW]
    assert digits(stage, FROM) != digits(stage, TO)
    assert (asked.state, phone_of(stage)) == (ChangeState.ASKED, LI.phone)
    assert stage.act(contact_cools_until, stage.holder_id()) is None


def test_with_both_codes_it_changes_and_both_numbers_are_told(stage: Stage) -> None:
    done = change(stage)
    assert phone_of(stage) == NEW
    assert stage.holder().phone_index == phone_index(NEW, keys=stage.keys)
    assert newest(stage) == done
    assert told(stage, Topic.PHONE_CHANGED) == [LI.phone]
    assert told(stage, Topic.PHONE_ADDED) == [NEW]
    assert [one.kind for one in stage.events()][-1] is EventKind.PHONE_CHANGED
    assert done.until == stage.clock.now() + COOLING


@pytest.mark.parametrize("which", ["old", "new"])
def test_a_wrong_code_changes_nothing_is_counted_and_uses_up_neither(stage: Stage, which: str) -> None:
    ask(stage)
    bad = {which: wrong(digits(stage, FROM if which == "old" else TO))}
    with pytest.raises(OtpWrong):
        confirm(stage, both(stage, **bad))
    assert phone_of(stage) == LI.phone
    purpose = FROM if which == "old" else TO
    found = stage.read(lambda stored: stored.sessions.newest_challenge(LI.session, purpose))
    assert found is not None
    assert found.tries == 1
    confirm(stage)
    assert phone_of(stage) == NEW


def test_the_code_of_one_number_serves_for_the_other_as_little_as_one_of_another_purpose(stage: Stage) -> None:
    ask(stage)
    old, new = typed(stage, FROM), typed(stage, TO)
    swapped = replace(both(stage), old=new, new=old)
    with pytest.raises(OtpExpired):
        confirm(stage, swapped)
    stage.act(
        ask_for_account,
        AskForAccount(
            asker=asker(LI.session), purpose=OtpPurpose.FREEZE, name=LI.name, number=LI.number, language="zh-CN"
        ),
    )
    other = typed(stage, OtpPurpose.FREEZE)
    with pytest.raises(OtpExpired):
        confirm(stage, replace(both(stage), old=other))
    assert phone_of(stage) == LI.phone


def test_codes_of_an_earlier_number_do_not_serve_for_a_later_one(stage: Stage) -> None:
    ask(stage)
    first = both(stage)
    stage.clock.pass_by(seconds=61)
    ask(stage, phone="13900000008")
    with pytest.raises(OtpExpired):
        confirm(stage, first)
    confirm(stage)
    assert phone_of(stage) == "13900000008"


@pytest.mark.parametrize("whose", [LI, WANG], ids=["another number", "another account"])
def test_a_code_that_was_sent_for_another_number_or_account_proves_nothing(stage: Stage, whose: Person) -> None:
    ask(stage)
    stage.clock.pass_by(seconds=61)
    other = SendCode(
        asker=asker(LI.session),
        purpose=TO,
        subject=phone_index("13900000008" if whose is LI else NEW, keys=stage.keys),
        holder_id=stage.holder_id(whose),
        phone="13900000008",
        language="zh-CN",
    )
    stage.act(send_message_code, other)
    with pytest.raises(OtpExpired):
        confirm(stage)


def test_only_the_browser_that_asked_may_type_the_codes_and_only_for_a_while(stage: Stage) -> None:
    ask(stage)
    with pytest.raises(PhoneChangeOver):
        confirm(stage, replace(both(stage), session_hash=WANG.session))
    given = both(stage)
    with pytest.raises(SessionMissing):
        confirm(stage, replace(given, session_hash=b"nobody"))
    stage.clock.pass_by(seconds=ASK_LIFE.total_seconds())
    stage.unlock()
    with pytest.raises(PhoneChangeOver):
        confirm(stage, given)


@pytest.mark.parametrize("step", ["ask", "confirm"])
def test_it_takes_an_unlocked_session_each_time(stage: Stage, step: str) -> None:
    if step == "confirm":
        ask(stage)
    given = both(stage) if step == "confirm" else None
    stage.lock()
    with pytest.raises(Locked):
        ask(stage) if given is None else confirm(stage, given)


def test_a_frozen_account_changes_no_phone(stage: Stage) -> None:
    holder_id = stage.holder_id()
    ask(stage)
    given = both(stage)
    session = stage.session()
    stage.act(freeze_holder, FreezeHolder(holder_id=holder_id, cause=FreezeCause.SELF, channel="test"))
    stage.write(lambda uow: uow.sessions.update(session))
    with pytest.raises(HolderFrozen):
        confirm(stage, given)
    with pytest.raises(HolderFrozen):
        ask(stage)


def test_the_own_number_is_no_new_one(stage: Stage) -> None:
    with pytest.raises(PhoneSame):
        ask(stage, phone=LI.phone)


def test_while_a_recovery_waits_the_phone_stays(stage: Stage) -> None:
    wait_for_recovery(stage)
    with pytest.raises(RecoveryInTheWay):
        ask(stage)


def test_an_account_asks_for_so_many_numbers_a_day(stage: Stage) -> None:
    for number in range(ASKS_BY_ACCOUNT.amount):
        ask(stage, phone=f"1390000010{number}")
    with pytest.raises(TooMany):
        ask(stage)


def test_a_number_that_is_full_is_said_only_to_whoever_proved_it(stage: Stage) -> None:
    register(stage, replace(ZHAO, phone=WANG.phone))
    stage.unlock()
    ask(stage, phone=WANG.phone)
    given = both(stage)
    answer = stage.act(confirm_phone_change, given, public_url=URL)
    assert isinstance(answer, Refused)
    assert isinstance(answer.error, PhoneFull)
    assert phone_of(stage) == LI.phone
    # Both codes are used up: the same press does nothing more.
    with pytest.raises(OtpExpired):
        confirm(stage, given)


def test_a_number_with_room_takes_another_account(stage: Stage) -> None:
    change(stage, WANG.phone)
    assert phone_of(stage) == phone_of(stage, WANG) == WANG.phone


def test_while_it_cools_no_other_change_and_nothing_weighty_until_the_moment_that_is_named(stage: Stage) -> None:
    change(stage)
    with pytest.raises(ContactCooling) as refused:
        stage.act(check_contact_settled, stage.holder_id())
    assert refused.value.retry_after == COOLING.total_seconds() + 1
    with pytest.raises(ContactCooling):
        ask(stage, phone="13900000008")
    stage.clock.pass_by(seconds=COOLING.total_seconds())
    stage.unlock()
    stage.act(check_contact_settled, stage.holder_id())
    ask(stage, phone="13900000008")


def test_while_it_cools_codes_to_freeze_and_recover_go_to_both_numbers(stage: Stage) -> None:
    change(stage)

    def claimed() -> list[str]:
        stage.empty_outbox()
        stage.act(
            ask_for_account,
            AskForAccount(
                asker=asker(b"outside"), purpose=OtpPurpose.FREEZE, name=LI.name, number=LI.number, language="zh-CN"
            ),
        )
        return told(stage, Topic.OTP)

    assert claimed() == [NEW, LI.phone]
    stage.clock.pass_by(seconds=COOLING.total_seconds())
    assert claimed() == [NEW]


def test_of_two_presses_one_changes_the_phone(stage: Stage) -> None:
    ask(stage)
    given = both(stage)
    confirm(stage, given)
    with pytest.raises(ContactCooling):
        confirm(stage, given)


def test_a_phone_that_changed_meanwhile_is_not_overwritten(stage: Stage) -> None:
    seen = stage.holder()
    change(stage)
    done = newest(stage)
    with pytest.raises(StateConflict):
        stage.act(put_number, seen, done)


def test_what_was_asked_for_and_not_proved_leaves_nothing(stage: Stage) -> None:
    ask(stage)
    stage.clock.pass_by(seconds=61)
    ask(stage, phone="13900000008")
    found = stage.read(lambda stored: stored.phone_changes.list(stage.holder_id()))
    assert [one.way for one in found] == [BOTH]


def test_the_cooling_is_this_accounts_alone(stage: Stage) -> None:
    change(stage)
    assert stage.act(contact_cools_until, stage.holder_id(WANG)) is None
    assert stage.act(contact_cools_until, stage.holder_id()) == stage.clock.now() + timedelta(hours=72)
