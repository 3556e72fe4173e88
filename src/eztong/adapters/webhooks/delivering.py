"""Deliver in lanes: the one runner leases the jobs of endpoints, and each is done in a slot of its lane."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

import structlog

from eztong.adapters.clock import SystemClock
from eztong.adapters.webhooks.http_sender import HttpWebhookSender
from eztong.adapters.webhooks.lanes import Lane, LaneSize
from eztong.domain.jobs.fate import Fate, LeasedJob
from eztong.domain.jobs.job import JobKind
from eztong.ports.services import Services
from eztong.usecases.jobs.run_due import Handler, do_leased
from eztong.usecases.webhooks.deliver_webhook import deliver_webhooks

SIZES: Final = {
    # As many as begin within a second may all be waited for as long as in this lane any is.
    JobKind.WEBHOOK: LaneSize(slots=128, under_way=256),
    JobKind.WEBHOOK_RETRY: LaneSize(slots=64, under_way=128),
}
"""How many tries may be under way, by lane: each takes a thread and an open file."""
_log = structlog.get_logger(__name__)


class WebhookLanes:
    """Slots for endpoints that answer, and others for those that did not lately: neither takes any of the other's."""

    def __init__(self, services: Services, sender: HttpWebhookSender) -> None:
        """Prepare for the service's deliveries."""
        self._services = services
        self._sender = sender
        self._lanes = {kind: Lane(kind.value, size) for kind, size in SIZES.items()}
        self._deliver: Handler = partial(
            deliver_webhooks, services=self._services, sender=self._sender, outside=SystemClock()
        )

    def handlers(self) -> Mapping[JobKind, Handler]:
        """Return what takes the leased jobs of each lane."""
        return {kind: partial(self._hand_on, lane) for kind, lane in self._lanes.items()}

    def free(self, kind: JobKind) -> int:
        """Return how many jobs of the lane may begin now."""
        return self._lanes[kind].free()

    @property
    def under_way(self) -> int:
        """How many tries are under way, in both lanes."""
        return self._sender.under_way

    def close(self) -> None:
        """End what is under way; none of it is lost."""
        self._sender.stop()
        for lane in self._lanes.values():
            lane.close()

    def _hand_on(self, lane: Lane, leased: LeasedJob) -> Fate:
        lane.begin(partial(self._do, leased))
        return Fate.HANDED_ON

    def _do(self, leased: LeasedJob) -> None:
        kind = leased.job.kind.value
        try:
            run = do_leased(leased, self._deliver, services=self._services)
        except Exception as error:  # noqa: BLE001 - a thread has nobody to raise to; the lease lapses, and it is done again
            _log.error("webhook_not_settled", queue=kind, kind=type(error).__name__)
            return
        for failure, count in run.failures.items():
            _log.warning("queue_work_failed", queue=kind, kind=failure, count=count)
