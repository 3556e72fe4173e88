"""The outbox never stops: what a person waits for goes first, and one message that fails keeps no other back."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families
from structlog.testing import capture_logs

from eztong.domain.access.otp import OTP_LIFE
from eztong.domain.errors import Unavailable
from eztong.domain.jobs.job import RULES, JobKind
from eztong.domain.notices import Message, Topic
from eztong.wiring.background import background
from tests.flows.citizen.browser import Town
from tests.flows.queues.carrier import PHONE, Carrier, write_messages
from tests.simulators.due_work import deliver_due_messages

PAUSES = RULES[JobKind.MESSAGE].backoff
REPLAYED, CODE, FROZEN = Topic.CODE_REPLAYED, Topic.OTP, Topic.ACCOUNT_FROZEN


def spoil(town: Town, message_id: str, **columns: object) -> None:
    """Change columns of a message behind the service's back."""
    changes = ", ".join(f"{name} = ?" for name in columns)
    with closing(sqlite3.connect(town.built.settings.database_file)) as connection, connection:
        statement = f"UPDATE jobs SET {changes} WHERE job_id = ?"  # noqa: S608 - names of this file's own
        connection.execute(statement, [*columns.values(), message_id])


def count(town: Town, name: str, **labels: str) -> float:
    text = town.built.metrics.render()[0].decode()
    return sum(
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    )


def waiting(town: Town) -> int:
    with town.services.store.read() as stored:
        return stored.jobs.depths()[JobKind.MESSAGE]


def test_with_ten_thousand_warnings_waiting_the_next_message_handed_over_is_the_message_code(town: Town) -> None:
    write_messages(town.services, REPLAYED, count=10_000)
    write_messages(town.services, FROZEN)
    write_messages(town.services, CODE)
    carrier = Carrier()
    deliver_due_messages(services=town.services, notifier=carrier)
    assert carrier.topics[:3] == [CODE, FROZEN, REPLAYED]


def test_a_message_code_overtakes_a_batch_that_is_under_way(town: Town) -> None:
    write_messages(town.services, REPLAYED, count=20)
    carrier = Carrier()

    def ask_meanwhile(_message: Message, _message_id: str) -> None:
        if len(carrier.handed) == 2:
            write_messages(town.services, CODE)

    carrier = Carrier(ask_meanwhile)
    while deliver_due_messages(services=town.services, notifier=carrier).again:
        pass
    assert carrier.topics == [REPLAYED] * 3 + [CODE] + [REPLAYED] * 17


def test_many_deliveries_share_a_commit(town: Town) -> None:
    write_messages(town.services, REPLAYED, count=50)
    before = count(town, "eztong_commit_seconds_count")
    run = deliver_due_messages(services=town.services, notifier=Carrier())
    assert (run.done, count(town, "eztong_commit_seconds_count") - before) == (50, 2)


@pytest.mark.parametrize("failure", [OSError("no route to 19900000001"), KeyError("phone"), Unavailable()])
def test_a_message_whose_carrier_raises_whatever_it_likes_stops_no_other(town: Town, failure: Exception) -> None:
    ids = write_messages(town.services, REPLAYED, count=3)

    def fail_once(_message: Message, message_id: str) -> None:
        if message_id == ids[0]:
            raise failure

    carrier, kind = Carrier(fail_once), type(failure).__name__
    run = deliver_due_messages(services=town.services, notifier=carrier)
    assert (carrier.ids, run.done, run.failures) == (ids[1:], 2, {kind: 1})
    assert count(town, "eztong_queue_failures_total", queue="outbox", kind=kind) == 1
    assert deliver_due_messages(services=town.services, notifier=Carrier()).done == 0
    town.pass_time(int(PAUSES.first.total_seconds()))
    assert deliver_due_messages(services=town.services, notifier=Carrier()).done == 1


@pytest.mark.parametrize(("column", "value"), [("sealed", b"spoilt"), ("topic", "from another version")])
def test_a_message_that_cannot_be_read_stops_no_other(town: Town, column: str, value: object) -> None:
    ids = write_messages(town.services, REPLAYED, count=2)
    spoil(town, ids[0], **{column: value})
    carrier = Carrier()
    run = deliver_due_messages(services=town.services, notifier=carrier)
    assert (carrier.ids, sum(run.failures.values())) == (ids[1:], 1)


def test_a_message_that_failed_ten_thousand_times_waits_for_the_longest_pause(town: Town) -> None:
    (message_id,) = write_messages(town.services, REPLAYED)
    spoil(town, message_id, attempts=10_000)

    def fail(_message: Message, _message_id: str) -> None:
        raise Unavailable

    assert deliver_due_messages(services=town.services, notifier=Carrier(fail)).failures == {"Unavailable": 1}
    town.pass_time(int(PAUSES.longest.total_seconds()) - 5)
    assert deliver_due_messages(services=town.services, notifier=Carrier()).done == 0
    town.pass_time(5)
    assert deliver_due_messages(services=town.services, notifier=Carrier()).done == 1


def test_a_message_code_whose_life_is_over_is_dropped_and_not_sent(town: Town) -> None:
    write_messages(town.services, CODE)
    write_messages(town.services, REPLAYED)
    town.pass_time(int(OTP_LIFE.total_seconds()))
    carrier = Carrier()
    deliver_due_messages(services=town.services, notifier=carrier)
    assert (carrier.topics, waiting(town)) == ([REPLAYED], 0)


def test_the_log_names_the_kind_of_a_failure_and_nothing_of_the_person(town: Town) -> None:
    tries, failed_thrice = itertools.count(1), threading.Event()

    def fail(_message: Message, _message_id: str) -> None:
        if next(tries) == 3:
            failed_thrice.set()
        raise OSError(PHONE)

    write_messages(town.services, REPLAYED, count=3)
    built = replace(town.built, notifier=Carrier(fail))

    async def until_it_failed() -> None:
        async with background(built):
            assert await asyncio.to_thread(failed_thrice.wait, 30)

    with capture_logs() as lines:
        asyncio.run(until_it_failed())
    failed = [line for line in lines if line["event"] == "queue_work_failed"]
    assert failed
    assert failed[0] == {
        "event": "queue_work_failed",
        "log_level": "warning",
        "queue": "outbox",
        "kind": "OSError",
        "count": 3,
    }
    assert PHONE not in str(lines)
