"""What the metrics of this process grew by, written down for the charts of the console."""

from __future__ import annotations

from collections.abc import Mapping

from eztong.domain.traffic.counts import grown
from eztong.http.metrics import Metrics
from eztong.ports.act import SYSTEM
from eztong.ports.services import Services
from eztong.usecases.traffic.note_traffic import note_traffic


class TrafficKeeper:
    """Knows what was written before; what could not be written is written with the next."""

    def __init__(self, services: Services, metrics: Metrics) -> None:
        """Begin with nothing."""
        self._services = services
        self._metrics = metrics
        self._before: Mapping[str, int] = {}

    def keep(self) -> bool:
        """Write down what there was since the last time; nothing where there was nothing."""
        now = self._metrics.totals()
        more = grown(now, self._before)
        if more:
            self._services.perform(SYSTEM, note_traffic, more)
            self._before = now
        return False
