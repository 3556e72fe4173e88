"""Without the number of before: matched again, 72 hours of waiting, both numbers told, and each may stop it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from eztong.adapters.storage.sql.milliseconds import to_ms
from eztong.domain.contact.phone_change import (
    COOLING,
    MATCHES_BY_ACCOUNT,
    PAUSE,
    ChangeState,
    ContactCooling,
    EndedBy,
    PhoneChangeOver,
    PhoneChangePaused,
)
from eztong.domain.errors import (
    AuthorityUnavailable,
    Locked,
    OtpExpired,
    OtpWrong,
    StateConflict,
    TooMany,
)
from eztong.domain.events import EventKind
from eztong.domain.holder import FreezeCause, FreezeReason, HolderState, PhoneFull, WrappedKey
from eztong.domain.identity.authority_answer import AuthorityAnswer, AuthorityVerdict
from eztong.domain.jobs.job import JobKind
from eztong.domain.notices import Topic
from eztong.domain.recovery import RecoveryRefused
from eztong.usecases.contact.cooling import change_for_account, check_contact_settled
from eztong.usecases.contact.keep_number import find_by_link, keep_by_link, keep_from_session
from eztong.usecases.contact.wait_phone_change import wait_phone_change
from eztong.usecases.freezing.freeze_by_link import freeze_by_phone_link
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.vault import phone_index
from tests.simulators.due_work import settle_due_phone_changes
from tests.unit.usecases.access.ways import PIN, give_pin, wrong
from tests.unit.usecases.contact.acts import (
    MATCHED,
    NEW,
    TO,
    ask,
    change,
    digits,
    known,
    link_token,
    newest,
    phone_of,
    told,
    wait,
    waiting,
)
from tests.unit.usecases.recovery.acts import recover
from tests.unit.usecases.stage import FILE, LI, WANG, ZHAO, Stage, register


@pytest.fixture(autouse=True)
def unlocked(stage: Stage) -> None:
    stage.unlock()


def refused(verdict: AuthorityVerdict) -> AuthorityAnswer:
    return AuthorityAnswer(verdict=verdict, reference="r", detail_code="d")


def pass_waiting(stage: Stage) -> None:
    stage.clock.pass_by(seconds=COOLING.total_seconds())
    stage.unlock()


def freeze(stage: Stage, reason: FreezeReason) -> None:
    holder_id = stage.holder_id()
    stage.act(freeze_holder, FreezeHolder(holder_id=holder_id, cause=FreezeCause.SELF, channel="test", reason=reason))


def test_the_number_of_before_gets_no_code_but_hears_of_it_at_once(stage: Stage) -> None:
    ask(stage, MATCHED)
    assert told(stage, Topic.OTP) == [NEW]
    waits = wait_phone_change(waiting(stage), services=stage.services)
    assert told(stage, Topic.PHONE_WAITING) == [LI.phone]
    assert told(stage, Topic.PHONE_COMING) == [NEW]
    assert (waits.state, waits.until) == (ChangeState.WAITING, stage.clock.now() + COOLING)
    assert phone_of(stage) == LI.phone
    assert stage.authority.asked[-1] == (LI.name, LI.number, waits.change_id)
    assert [one.kind for one in stage.events()][-1] is EventKind.PHONE_CHANGE_WAITING


def test_it_takes_effect_by_itself_when_its_time_has_come_once_and_not_before(stage: Stage) -> None:
    wait(stage)
    stage.clock.pass_by(seconds=COOLING.total_seconds() - 1)
    assert settle_due_phone_changes(services=stage.services).done == 0
    assert phone_of(stage) == LI.phone
    stage.clock.pass_by(seconds=1)
    assert settle_due_phone_changes(services=stage.services).done == 1
    assert phone_of(stage) == NEW
    assert told(stage, Topic.PHONE_ADDED) == [NEW]
    assert settle_due_phone_changes(services=stage.services).done == 0
    # It waited its whole time: nothing cools any more.
    stage.act(check_contact_settled, stage.holder_id())


def test_while_it_waits_weighty_acts_and_another_change_wait_too(stage: Stage) -> None:
    wait(stage)
    with pytest.raises(ContactCooling):
        stage.act(check_contact_settled, stage.holder_id())
    with pytest.raises(ContactCooling):
        ask(stage)
    # A job that is late does not open them early.
    stage.clock.pass_by(seconds=COOLING.total_seconds() + 5)
    with pytest.raises(ContactCooling):
        stage.act(check_contact_settled, stage.holder_id())


def test_it_stands_on_every_page_of_a_browser_that_is_signed_in(stage: Stage) -> None:
    assert stage.act(change_for_account, LI.session) is None
    waits = wait(stage)
    assert stage.act(change_for_account, LI.session) == waits
    assert stage.act(change_for_account, b"nobody") is None
    change_of_another = stage.act(change_for_account, WANG.session)
    assert change_of_another is None


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refused(AuthorityVerdict.MISMATCH), RecoveryRefused),
        (refused(AuthorityVerdict.PENDING), AuthorityUnavailable),
        (AuthorityUnavailable(), AuthorityUnavailable),
    ],
)
def test_what_the_authority_does_not_confirm_does_not_wait(
    stage: Stage, answer: AuthorityAnswer | Exception, error: type[Exception]
) -> None:
    ask(stage, MATCHED)
    stage.authority.answer = answer
    with pytest.raises(error):
        wait_phone_change(waiting(stage), services=stage.services)
    assert newest(stage).state is ChangeState.ASKED


def test_another_persons_name_and_number_are_not_even_asked_about(stage: Stage) -> None:
    ask(stage, MATCHED)
    asked = len(stage.authority.asked)
    with pytest.raises(RecoveryRefused):
        wait_phone_change(waiting(stage, known(WANG.number, WANG.name)), services=stage.services)
    assert len(stage.authority.asked) == asked


def test_tries_of_the_code_and_questions_are_counted(stage: Stage) -> None:
    ask(stage, MATCHED)
    with pytest.raises(OtpWrong):
        wait_phone_change(waiting(stage, otp=wrong(digits(stage, TO))), services=stage.services)
    for _ in range(MATCHES_BY_ACCOUNT.amount):
        with pytest.raises(RecoveryRefused):
            wait_phone_change(waiting(stage, known(WANG.number, WANG.name)), services=stage.services)
    with pytest.raises(TooMany):
        wait_phone_change(waiting(stage), services=stage.services)


def test_a_full_number_is_refused_before_it_waits_and_when_it_is_due(stage: Stage) -> None:
    register(stage, replace(ZHAO, phone=WANG.phone))
    stage.unlock()
    ask(stage, MATCHED, phone=WANG.phone)
    with pytest.raises(PhoneFull):
        wait_phone_change(waiting(stage), services=stage.services)
    wait(stage)
    taken = change_index(stage)
    stage.change(WANG, phone_index=taken)
    stage.change(ZHAO, phone_index=taken)
    pass_waiting(stage)
    settle_due_phone_changes(services=stage.services)
    assert (newest(stage).state, newest(stage).ended_by) == (ChangeState.STOPPED, EndedBy.ROOM)
    assert phone_of(stage) == LI.phone


def change_index(stage: Stage) -> bytes:
    return phone_index(NEW, keys=stage.keys)


@pytest.mark.parametrize("by", ["link", "session"])
def test_the_number_of_before_and_the_bound_device_each_stop_it_and_both_are_told(stage: Stage, by: str) -> None:
    wait(stage)
    token = link_token(stage)
    stage.lock()
    if by == "link":
        stage.act(find_by_link, token)
        stage.act(keep_by_link, token)
    else:
        stage.act(keep_from_session, LI.session)
    assert (newest(stage).state, newest(stage).ended_by) == (ChangeState.STOPPED, EndedBy(by))
    assert sorted(told(stage, Topic.PHONE_KEPT)) == [LI.phone, NEW]
    pass_waiting(stage)
    settle_due_phone_changes(services=stage.services)
    assert phone_of(stage) == LI.phone
    for verb in (find_by_link, keep_by_link):
        with pytest.raises(PhoneChangeOver):
            stage.act(verb, token)
    with pytest.raises(PhoneChangeOver):
        stage.act(keep_from_session, LI.session)


def test_after_the_number_of_before_stopped_one_no_other_waits_for_a_time_but_both_codes_do(stage: Stage) -> None:
    wait(stage)
    stage.act(keep_by_link, link_token(stage))
    with pytest.raises(PhoneChangePaused):
        ask(stage, MATCHED)
    stage.clock.pass_by(seconds=PAUSE.total_seconds() + 1)
    stage.unlock()
    wait(stage)
    stage.act(keep_from_session, LI.session)
    change(stage)
    assert phone_of(stage) == NEW


def test_the_pause_holds_for_what_was_asked_for_before_it(stage: Stage) -> None:
    wait(stage)
    stopped = newest(stage)
    token = link_token(stage)
    stage.act(keep_by_link, token)
    stage.clock.pass_by(seconds=PAUSE.total_seconds() + 1)
    stage.unlock()
    ask(stage, MATCHED)
    # As if it had been stopped an hour ago, meanwhile.
    ended = to_ms(stage.clock.now() - timedelta(hours=1))
    with closing(sqlite3.connect(stage.folder / FILE)) as connection, connection:
        connection.execute("UPDATE phone_changes SET ended_at = ? WHERE change_id = ?", (ended, stopped.change_id))
    with pytest.raises(PhoneChangePaused):
        wait_phone_change(waiting(stage), services=stage.services)
    assert stopped.change_id != newest(stage).change_id


@pytest.mark.parametrize("what", ["frozen", "asked again", "code used", "filled"])
def test_what_changes_while_the_authority_is_asked_is_noticed(stage: Stage, what: str) -> None:
    ask(stage, MATCHED)
    given = waiting(stage)

    def meanwhile() -> None:
        match what:
            case "frozen":
                session = stage.session()
                freeze(stage, FreezeReason.PAUSE)
                stage.write(lambda uow: uow.sessions.update(session))
            case "asked again":
                ask(stage, MATCHED, phone="13900000008")
            case "code used":
                stage.write(lambda uow: uow.sessions.use_challenge(given.new.slip, now=stage.clock.now()))
            case _:
                stage.change(WANG, phone_index=change_index(stage))
                register(stage, replace(ZHAO, phone=NEW))

    stage.authority.meanwhile.happens = meanwhile
    with pytest.raises((StateConflict, PhoneChangeOver, OtpExpired)):
        wait_phone_change(given, services=stage.services)
    assert newest(stage).state is ChangeState.ASKED


def test_a_change_that_took_effect_can_be_undone_from_the_number_of_before_once(stage: Stage) -> None:
    change(stage)
    token = link_token(stage)
    stage.act(keep_by_link, token)
    assert phone_of(stage) == LI.phone
    assert sorted(told(stage, Topic.PHONE_KEPT)) == [LI.phone, NEW]
    assert [one.kind for one in stage.events()][-1] is EventKind.PHONE_CHANGE_UNDONE
    with pytest.raises(PhoneChangeOver):
        stage.act(keep_by_link, token)
    stage.act(check_contact_settled, stage.holder_id())


def test_undoing_from_the_device_takes_an_unlock_and_after_the_cooling_nobody_does(stage: Stage) -> None:
    change(stage)
    token = link_token(stage)
    stage.lock()
    with pytest.raises(Locked):
        stage.act(keep_from_session, LI.session)
    pass_waiting(stage)
    with pytest.raises(PhoneChangeOver):
        stage.act(keep_from_session, LI.session)
    with pytest.raises(PhoneChangeOver):
        stage.act(keep_by_link, token)
    assert phone_of(stage) == NEW


def test_the_link_undoes_also_where_the_account_is_frozen_and_freezes_if_asked(stage: Stage) -> None:
    change(stage)
    token = link_token(stage)
    frozen = stage.act(freeze_by_phone_link, token)
    assert frozen.state is HolderState.FROZEN
    assert stage.events()[-1].fact("channel") == "phone_link"
    assert newest(stage).state is ChangeState.REVERTED


def test_an_account_that_ended_keeps_no_number(stage: Stage) -> None:
    wait(stage)
    token = link_token(stage)
    stage.change(state=HolderState.DEREGISTERED)
    with pytest.raises(PhoneChangeOver):
        stage.act(keep_by_link, token)


@pytest.mark.parametrize("reason", FreezeReason)
def test_a_freeze_stops_what_waits(stage: Stage, reason: FreezeReason) -> None:
    wait(stage)
    freeze(stage, reason)
    assert (newest(stage).state, newest(stage).ended_by) == (ChangeState.STOPPED, EndedBy.FREEZE)


@pytest.mark.parametrize("reason", [FreezeReason.PHONE_LOST, FreezeReason.ACCOUNT_STOLEN])
def test_a_loss_that_is_told_while_it_can_be_undone_undoes_it(stage: Stage, reason: FreezeReason) -> None:
    change(stage)
    freeze(stage, FreezeReason.PAUSE)
    assert newest(stage).until == stage.clock.now() + COOLING
    stage.empty_outbox()
    freeze(stage, reason)
    assert (newest(stage).state, newest(stage).ended_by) == (ChangeState.REVERTED, EndedBy.FREEZE)
    assert phone_of(stage) == LI.phone
    assert sorted(told(stage, Topic.PHONE_KEPT)) == [LI.phone, NEW]
    assert told(stage, Topic.ACCOUNT_FROZEN) == [LI.phone]


def test_a_loss_that_is_told_later_undoes_nothing_and_prolongs_nothing(stage: Stage) -> None:
    done = change(stage)
    stage.clock.pass_by(seconds=COOLING.total_seconds())
    freeze(stage, FreezeReason.ACCOUNT_STOLEN)
    assert newest(stage) == done
    assert phone_of(stage) == NEW


def test_recovering_stops_what_waits(stage: Stage) -> None:
    give_pin(stage)
    wait(stage)
    recover(stage, pin=PIN)
    assert (newest(stage).state, newest(stage).ended_by) == (ChangeState.STOPPED, EndedBy.RECOVERY)


def test_what_is_due_for_an_account_that_is_not_in_use_is_stopped_and_of_an_erased_one_nothing_is_touched(
    stage: Stage,
) -> None:
    wait(stage)
    stage.change(state=HolderState.TERMINATED)
    pass_waiting(stage)
    settle_due_phone_changes(services=stage.services)
    assert newest(stage).ended_by is EndedBy.ACCOUNT


def test_a_job_that_is_called_before_its_time_waits_on_and_settles_the_change_then(stage: Stage) -> None:
    wait(stage)
    with closing(sqlite3.connect(stage.folder / FILE)) as connection, connection:
        connection.execute("UPDATE jobs SET next_attempt_at = 0 WHERE kind = ?", (JobKind.PHONE_CHANGE.value,))
    assert settle_due_phone_changes(services=stage.services).done == 0
    assert newest(stage).is_waiting()
    pass_waiting(stage)
    assert settle_due_phone_changes(services=stage.services).done == 1
    assert newest(stage).state is ChangeState.DONE


@pytest.mark.parametrize("how", ["erased", "gone"])
def test_a_job_whose_account_or_change_is_gone_does_nothing(stage: Stage, how: str) -> None:
    waits = wait(stage)
    if how == "erased":
        stage.change(data_key=WrappedKey(kek_id="k", wrapped=b""))
    else:
        stage.write(lambda uow: uow.phone_changes.end(waits, ChangeState.ASKED, by=EndedBy.ROOM, now=stage.clock.now()))
        stage.write(lambda uow: uow.phone_changes.forget_asked(waits.holder_id))
    stage.clock.pass_by(seconds=COOLING.total_seconds())
    assert settle_due_phone_changes(services=stage.services).done == 1
    depths = stage.read(lambda stored: stored.jobs.depths())
    assert depths[JobKind.PHONE_CHANGE] == 0
