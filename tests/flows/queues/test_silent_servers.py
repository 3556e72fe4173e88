"""1,000 servers that never answer hold no slot that a delivery to one that does waits for."""

from __future__ import annotations

from pathlib import Path
from time import sleep

from eztong.adapters.webhooks.delivering import SIZES
from eztong.domain.jobs.job import JobKind
from tests.flows.citizen.browser import Town
from tests.simulators.outside.gateway import gateway
from tests.simulators.silent_servers import (
    add_healthy,
    add_silent,
    delay_of_one,
    delivering,
    silent_port,
    waiting_in,
)

SILENT = 1000
SLOTS = SIZES[JobKind.WEBHOOK].slots


def test_whoever_answers_waits_for_none_of_a_thousand_who_do_not(tmp_path: Path) -> None:
    built = Town(tmp_path / "data").built
    with silent_port() as port, gateway() as receiver:
        healthy = add_healthy(built, receiver.url)
        with delivering(built) as lanes:
            delay_of_one(built, receiver, healthy)
            add_silent(built, port, SILENT)
            while not lanes.under_way:
                sleep(0.01)
            delays, held = [], []
            for _ in range(5):
                held.append(SLOTS - lanes.free(JobKind.WEBHOOK))
                delays.append(delay_of_one(built, receiver, healthy))
            still = waiting_in(built, JobKind.WEBHOOK_RETRY) + lanes.under_way
    built.close()
    # The messages of the healthy one itself are all that its lane ever held, while hundreds waited in the other.
    assert max(held) <= 1
    assert still > SILENT / 2
    assert max(delays) < 5
