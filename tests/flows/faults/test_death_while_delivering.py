"""A worker that dies, sleeps or shares: no message is lost, and none is handed over twice without need."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from eztong.domain.jobs.job import LEASE
from eztong.domain.notices import Message, Topic
from tests.flows.citizen.browser import Town
from tests.flows.queues.carrier import Carrier, write_messages
from tests.simulators.due_work import deliver_due_messages

REPLAYED = Topic.CODE_REPLAYED


class Death(BaseException):
    """The process ends here."""


def dying_after(number: int) -> Carrier:
    """Return a carrier whose process ends right after so many hand-overs."""
    carrier: Carrier

    def die(_message: Message, _message_id: str) -> None:
        if len(carrier.handed) == number:
            raise Death

    carrier = Carrier(die)
    return carrier


def test_what_was_handed_over_before_a_crash_is_handed_over_again_and_nothing_is_lost(town: Town) -> None:
    ids = write_messages(town.services, REPLAYED, count=5)
    before = dying_after(3)
    with pytest.raises(Death):
        deliver_due_messages(services=town.services, notifier=before)
    assert before.ids == ids[:3]
    meanwhile, after = Carrier(), Carrier()
    deliver_due_messages(services=town.services, notifier=meanwhile)
    assert meanwhile.ids == []
    town.pass_time(int(LEASE.total_seconds()))
    deliver_due_messages(services=town.services, notifier=after)
    assert after.ids == ids


def test_the_inbox_shows_once_what_a_crash_had_delivered_twice(town: Town) -> None:
    ids = write_messages(town.services, REPLAYED, count=2)
    real = town.built.notifier

    def reach_the_inbox_and_die(message: Message, message_id: str) -> None:
        real.deliver(message, message_id=message_id)
        if message_id == ids[-1]:
            raise Death

    with pytest.raises(Death):
        deliver_due_messages(services=town.services, notifier=Carrier(reach_the_inbox_and_die))
    town.pass_time(int(LEASE.total_seconds()))
    assert deliver_due_messages(services=town.services, notifier=real).done == len(ids)
    with town.services.store.read() as stored:
        assert sorted(message_id for message_id, _, _ in stored.inbox.newest(limit=10)) == sorted(ids)


def test_a_worker_that_slept_beyond_its_lease_marks_nothing_of_the_next_one(town: Town) -> None:
    ids = write_messages(town.services, REPLAYED)
    second = Carrier()

    def sleep(_message: Message, _message_id: str) -> None:
        town.pass_time(int(LEASE.total_seconds()))
        deliver_due_messages(services=town.services, notifier=second)

    run = deliver_due_messages(services=town.services, notifier=Carrier(sleep))
    assert (second.ids, run.failures) == (ids, {"LeaseLost": 1})


def test_a_worker_that_is_slow_gives_the_rest_of_its_batch_back(town: Town) -> None:
    ids = write_messages(town.services, REPLAYED, count=10)

    def be_slow(_message: Message, _message_id: str) -> None:
        town.pass_time(int(LEASE.total_seconds()) // 4)

    slow, other = Carrier(be_slow), Carrier()
    assert deliver_due_messages(services=town.services, notifier=slow).again
    deliver_due_messages(services=town.services, notifier=other)
    assert len(slow.ids) < len(ids)
    assert slow.ids + other.ids == ids


def test_workers_who_share_an_outbox_hand_each_message_over_once(town: Town) -> None:
    ids = write_messages(town.services, REPLAYED, count=200)
    carrier = Carrier()

    def work(_number: int) -> None:
        while deliver_due_messages(services=town.services, notifier=carrier, limit=7).again:
            pass

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(work, range(4)))
    work(0)
    assert Counter(carrier.ids) == Counter(ids)
