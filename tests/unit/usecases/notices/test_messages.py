"""Messages are sealed, leave by priority, wait longer after each failure, and are dropped when they are of no use."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from typing_extensions import override

from eztong.domain.errors import Unavailable
from eztong.domain.holder import WrappedKey
from eztong.domain.jobs.job import LEASE, JobEnd, JobKind
from eztong.domain.notices import Medium, Message, Priority, Topic
from eztong.gm.errors import DecryptionFailed
from eztong.ports.notifier import Notifier, Undeliverable
from eztong.usecases.jobs.queue_run import QueueRun
from eztong.usecases.notices.send_message import open_message, send_message
from eztong.usecases.notices.warn_holder import tell_holder
from eztong.usecases.registration.erase_application import erase_application
from tests.simulators.due_work import deliver_due_messages
from tests.unit.usecases.fakes import START
from tests.unit.usecases.stage import LI, Stage


def send(stage: Stage, topic: Topic = Topic.CODE_USED, phone: str = "13900000001") -> str:
    return stage.act(send_message, Message(topic=topic, phone=phone, language="en", params={"partner": "Hotel"}))


def deliver(stage: Stage, notifier: Notifier | None = None, limit: int | None = None) -> QueueRun:
    return deliver_due_messages(services=stage.services, notifier=notifier or stage.notifier, limit=limit)


def test_a_message_is_stored_sealed_and_opens_as_it_was(stage: Stage) -> None:
    message_id = send(stage)
    (entry,) = stage.queued()
    assert (entry.job_id, entry.topic, entry.priority) == (message_id, "code_used", Priority.OTHER)
    assert (entry.created_at, entry.next_attempt_at, entry.expires_at) == (START, START, None)
    assert b"13900000001" not in entry.sealed
    assert open_message(entry, keys=stage.keys) == Message(
        topic=Topic.CODE_USED, phone="13900000001", language="en", params={"partner": "Hotel"}
    )


def test_a_message_that_was_moved_to_another_row_or_topic_does_not_open(stage: Stage) -> None:
    send(stage)
    (entry,) = stage.queued()
    with pytest.raises(DecryptionFailed):
        open_message(replace(entry, job_id="msg_other"), keys=stage.keys)
    with pytest.raises(ValueError, match="no_such_topic"):
        open_message(replace(entry, topic="no_such_topic"), keys=stage.keys)


def test_the_most_urgent_leaves_first(stage: Stage) -> None:
    for topic in (Topic.CODE_USED, Topic.ACCOUNT_FROZEN, Topic.OTP):
        send(stage, topic)
    assert deliver(stage) == QueueRun(done=3)
    assert [one.topic for one in stage.notifier.delivered.values()] == [
        Topic.OTP,
        Topic.ACCOUNT_FROZEN,
        Topic.CODE_USED,
    ]
    assert deliver(stage) == QueueRun()


def test_a_receiver_that_is_down_loses_nothing_and_is_asked_less_and_less(stage: Stage) -> None:
    send(stage)
    stage.notifier.error = Unavailable()
    for pause in (2, 4, 8):
        run = deliver(stage)
        assert (run.done, run.failures) == (0, {"Unavailable": 1})
        stage.clock.pass_by(seconds=pause, milliseconds=-1)
        assert stage.queued() == []
        stage.clock.pass_by(milliseconds=1)
        assert len(stage.queued()) == 1
    assert stage.observer.seen == [("queue_failure", "outbox", "Unavailable")] * 3
    stage.notifier.error = None
    assert deliver(stage).done == 1


def test_what_can_never_arrive_is_dropped_and_counted(stage: Stage) -> None:
    send(stage)
    stage.notifier.error = Undeliverable()
    assert deliver(stage) == QueueRun(failures={"Undeliverable": 1})
    assert stage.observer.seen == [("queue_failure", "outbox", "Undeliverable")]
    stage.clock.pass_by(days=1)
    assert stage.queued() == []


def test_a_message_to_a_mailbox_comes_back_from_its_job(stage: Stage) -> None:
    mail = Message(topic=Topic.PIN_CHANGED, email="li@example.org", language="en", params={})
    stage.act(send_message, mail)
    (job,) = stage.queued()
    assert b"example.org" not in job.sealed
    assert (open_message(job, keys=stage.keys), mail.channel) == (mail, Medium.EMAIL)


def test_a_full_run_says_that_more_is_due(stage: Stage) -> None:
    for _ in range(3):
        send(stage)
    assert deliver(stage, limit=2) == QueueRun(done=2, again=True)
    assert deliver(stage, limit=2) == QueueRun(done=1)


def test_a_message_code_whose_life_is_over_is_dropped(stage: Stage) -> None:
    send(stage, Topic.OTP)
    stage.clock.pass_by(minutes=5)
    assert deliver(stage) == QueueRun()
    assert (stage.notifier.delivered, stage.queued()) == ({}, [])
    assert stage.read(lambda stored: stored.jobs.depths())[JobKind.MESSAGE] == 0


class Slow(Notifier):
    """Takes its time for each message, and lets something happen meanwhile."""

    def __init__(self, stage: Stage, span: timedelta, *, urgent: bool = False) -> None:
        self.stage, self.span, self.urgent = stage, span, urgent
        self.began: list[datetime] = []

    @override
    def deliver(self, message: Message, *, message_id: str) -> None:
        self.began.append(self.stage.clock.now())
        self.stage.clock.pass_by(seconds=self.span.total_seconds())
        if self.urgent:
            self.urgent = False
            send(self.stage, Topic.OTP)


def test_handing_over_stops_half_way_through_the_lease(stage: Stage) -> None:
    for _ in range(4):
        send(stage)
    slow = Slow(stage, timedelta(seconds=40))
    assert deliver(stage, slow) == QueueRun(done=2, again=True)
    assert len(stage.queued()) == 2


def test_what_is_more_urgent_and_comes_meanwhile_goes_next(stage: Stage) -> None:
    for _ in range(2):
        send(stage)
    assert deliver(stage, Slow(stage, timedelta(), urgent=True)) == QueueRun(done=1, again=True)
    deliver(stage)
    assert [one.topic for one in stage.notifier.delivered.values()] == [Topic.OTP, Topic.CODE_USED]


def test_a_lease_that_lapsed_under_a_slow_hand_over_is_counted_as_lost(stage: Stage) -> None:
    send(stage)

    class Overtaken(Slow):
        @override
        def deliver(self, message: Message, *, message_id: str) -> None:
            super().deliver(message, message_id=message_id)
            now = self.stage.clock.now()
            self.stage.write(lambda uow: uow.jobs.lease(message_id, now=now, until=now + LEASE))

    run = deliver(stage, Overtaken(stage, LEASE))
    assert run.failures == {"LeaseLost": 1}


def test_a_row_that_cannot_be_opened_stops_no_other(stage: Stage) -> None:
    (first, second) = (send(stage), send(stage))
    (entry, _) = stage.queued()
    damaged = replace(entry, job_id="msg_damaged", key="msg_damaged")
    stage.write(lambda uow: uow.jobs.add(damaged))
    run = deliver(stage)
    assert (run.done, run.failures) == (2, {"DecryptionFailed": 1})
    assert set(stage.notifier.delivered) == {first, second}


def test_a_holder_without_a_phone_or_erased_is_told_nothing(stage: Stage) -> None:
    for holder in (
        replace(stage.holder(), sealed_phone=None),
        replace(stage.holder(), data_key=WrappedKey(kek_id="", wrapped=b"")),
    ):
        stage.act(tell_holder, holder, Topic.ACCOUNT_FROZEN, {})
    assert stage.queued() == []


def test_a_holder_is_told_in_the_language_that_was_accepted_or_in_chinese(stage: Stage) -> None:
    stage.act(tell_holder, stage.holder(), Topic.ACCOUNT_FROZEN, {})
    (message,) = stage.messages()
    assert (message.language, message.phone) == ("zh-CN", LI.phone)


def test_a_message_about_an_account_names_it_so_that_a_copy_lists_and_an_erasure_withdraws_it(stage: Stage) -> None:
    stage.act(tell_holder, stage.holder(), Topic.ACCOUNT_FROZEN, {})
    send(stage)
    about, _ = stage.queued()
    assert about.holder_id == stage.holder_id()
    stage.act(erase_application, stage.holder())
    assert [entry.holder_id for entry in stage.queued()] == [None]
    found = stage.read(lambda stored: stored.jobs.of_holder(stage.holder_id()))
    assert [(one.ended_as, one.sealed) for one in found if one.job_id == about.job_id] == [(JobEnd.WITHDRAWN, b"")]
