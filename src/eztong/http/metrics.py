"""Metrics in Prometheus' text format: counts and times, never a person, a partner or a path as it was sent.

Every label takes few values. Label sets are looked up once and kept, so that a count costs about a microsecond; a
label that meets more values than it should counts the rest as ``other``, so that nobody fills the memory by asking
for strange things.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final, Generic, TypeVar

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.metrics_core import HistogramMetricFamily
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString
from starlette.routing import Match, Route
from starlette.types import Scope
from typing_extensions import override

OTHER: Final = "other"
MAX_LABEL_SETS: Final = 1000
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_STATUS_CLASSES: Final = ("other", "1xx", "2xx", "3xx", "4xx", "5xx")
_JOBS: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256)
_COMMIT_SECONDS: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_REQUEST_SECONDS: Final = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_SERVER_ERROR: Final = 500

M = TypeVar("M", bound=MetricWrapperBase)
Timer = Callable[[], float]


class _Labelled(Generic[M]):
    """A metric whose label sets are found in a dict; at most ``limit`` of them."""

    __slots__ = ("_gate", "_known", "_limit", "_metric", "_width")

    def __init__(self, metric: M, *, width: int, limit: int = MAX_LABEL_SETS) -> None:
        self._metric = metric
        self._width = width
        self._limit = limit
        self._known: dict[tuple[str, ...], M] = {}
        self._gate = threading.Lock()

    def of(self, *labels: str) -> M:
        """Return the child for ``labels``, or the one of all that came too late."""
        known = self._known.get(labels)
        return known if known is not None else self._learn(labels)

    def children(self) -> list[tuple[tuple[str, ...], M]]:
        """Return every label set with its child."""
        with self._gate:
            return list(self._known.items())

    def _learn(self, labels: tuple[str, ...]) -> M:
        with self._gate:
            if len(self._known) >= self._limit:
                # Not kept under the strange name: that would be the growth this is meant to prevent.
                labels = (OTHER,) * self._width
            child = self._known.get(labels)
            if child is None:
                child = self._known[labels] = self._metric.labels(*labels)
            return child


@dataclass(slots=True)
class _Counts:
    """How many values lie up to each limit and above the one before it, and above all; and their sum."""

    counts: list[int]
    total: float = field(default=0.0)


class _Histogram(Collector):
    """A histogram that takes what ended together at once. Safe to call from any thread.

    The library's own takes two locks and a walk through the limits for each value, which every answer pays.
    """

    def __init__(
        self, name: str, documentation: str, labels: Sequence[str], *, bounds: Sequence[float], limit: int
    ) -> None:
        """Show what is noted under ``name``; what comes with one set of labels too many counts as ``other``."""
        self._name: Final = name
        self._documentation: Final = documentation
        self._labels: Final = tuple(labels)
        self._bounds: Final = tuple(bounds)
        self._limit: Final = limit
        self._other: Final = (OTHER,) * len(self._labels)
        self._series: dict[tuple[str, ...], _Counts] = {}
        self._gate = threading.Lock()

    def note(self, labels: tuple[str, ...], each: Iterable[float]) -> None:
        """Count values that have the same labels."""
        with self._gate:
            series = self._series.get(labels) or self._begin(labels)
            counts = series.counts
            for seconds in each:
                counts[bisect_left(self._bounds, seconds)] += 1
                series.total += seconds

    def counts(self) -> Mapping[tuple[str, ...], int]:
        """Return how many values were noted with each set of labels."""
        with self._gate:
            return {labels: sum(series.counts) for labels, series in self._series.items()}

    @override
    def collect(self) -> Iterator[HistogramMetricFamily]:
        """Return the histogram as the library tells it."""
        family = HistogramMetricFamily(self._name, self._documentation, labels=self._labels)
        limits = [*map(floatToGoString, self._bounds), "+Inf"]
        with self._gate:
            noted = [(labels, list(accumulate(one.counts)), one.total) for labels, one in self._series.items()]
        for labels, up_to, total in noted:
            family.add_metric(labels, buckets=list(zip(limits, map(float, up_to), strict=True)), sum_value=total)
        yield family

    def _begin(self, labels: tuple[str, ...]) -> _Counts:
        # Not kept under the strange name: that would be the growth this is meant to prevent.
        kept = labels if len(self._series) < self._limit else self._other
        return self._series.setdefault(kept, _Counts([0] * (len(self._bounds) + 1)))


class Metrics:
    """The metrics of one service, in a registry of their own. Safe to call from any thread."""

    def __init__(self, *, max_label_sets: int = MAX_LABEL_SETS) -> None:
        """Start at zero."""
        registry = self._registry = CollectorRegistry()
        ProcessCollector(registry=registry)

        def counted(name: str, documentation: str, *labels: str) -> _Labelled[Counter]:
            counter = Counter(name, documentation, labels, registry=registry)
            return _Labelled(counter, width=len(labels), limit=max_label_sets)

        def shown(name: str, documentation: str, label: str) -> _Labelled[Gauge]:
            gauge = Gauge(name, documentation, (label,), registry=registry)
            return _Labelled(gauge, width=1, limit=max_label_sets)

        self._verifications = counted("eztong_verifications", "Verifications by outcome.", "outcome")
        self._codes = counted("eztong_codes_issued", "Presentation codes issued, by channel.", "channel")
        self._registrations = counted("eztong_registrations", "Decided applications, by verdict.", "verdict")
        tries = "Tries of queued work that failed and will be repeated, by kind of failure."
        self._queue_failures = counted("eztong_queue_failures", tries, "queue", "kind")
        parts = "Parts of acts that were left out so that the rest could be done, by kind of failure."
        self._left_out = counted("eztong_parts_left_out", parts, "part", "kind")
        self._queues = shown("eztong_queue_depth", "Entries that wait in a queue.", "queue")
        self._webhooks = Gauge(
            "eztong_webhook_backlog", "Deliveries to partners' servers that are due and wait.", registry=registry
        )
        self._oldest_webhook = Gauge(
            "eztong_webhook_oldest_seconds", "Since when the oldest of them is due; 0: none is.", registry=registry
        )
        self._authority = shown("eztong_authority_state", "1 for the state the authority circuit is in.", "state")
        self._incidents = Gauge("eztong_incidents_open", "Incidents and planned work that are open.", registry=registry)
        self._drill_age = _drill_gauge(registry)
        self._lines_lost = Counter(
            "eztong_log_lines_lost", "Lines of the log that could not be written.", registry=registry
        )
        self._authority_gate = threading.Lock()
        self._jobs = Histogram("eztong_commit_jobs", "Jobs that shared a commit.", buckets=_JOBS, registry=registry)
        self._commits = Histogram(
            "eztong_commit_seconds",
            "From the first job of a commit until it was on disk.",
            buckets=_COMMIT_SECONDS,
            registry=registry,
        )
        self._requests = _Histogram(
            "eztong_http_request_seconds",
            "From the first byte of a request to the last of its answer.",
            ("route", "method", "status"),
            bounds=_REQUEST_SECONDS,
            limit=max_label_sets,
        )
        registry.register(self._requests)

    def verification(self, outcome: str) -> None:
        """Count a verification."""
        self._verifications.of(outcome).inc()

    def code_issued(self, channel: str) -> None:
        """Count an issued code."""
        self._codes.of(channel).inc()

    def registration(self, verdict: str) -> None:
        """Count a decided application."""
        self._registrations.of(verdict).inc()

    def queue_failure(self, queue: str, kind: str) -> None:
        """Count a failed try of queued work."""
        self._queue_failures.of(queue, kind).inc()

    def part_left_out(self, part: str, kind: str) -> None:
        """Count a part of an act that was left out; the store's ``on_left_out``."""
        self._left_out.of(part, kind).inc()

    def log_lines_lost(self, lines: int) -> None:
        """Count lines of the log that could not be written."""
        self._lines_lost.inc(lines)

    def commit(self, jobs: int, seconds: float) -> None:
        """Note a group commit; the store's ``on_commit``."""
        self._jobs.observe(jobs)
        self._commits.observe(seconds)

    def requests(self, route: str, method: str, status: int, each: Iterable[float]) -> None:
        """Note requests that were answered alike, with the seconds that ``each`` took.

        ``route`` is a template such as ``/v1/verifications/{id}``, never a path.
        """
        status_class = _STATUS_CLASSES[status // 100] if 100 <= status < 600 else OTHER  # noqa: PLR2004 - HTTP's range
        self._requests.note((route, plain_method(method), status_class), each)

    def queue_depth(self, name: str, depth: int) -> None:
        """Show how much waits in a queue."""
        self._queues.of(name).set(depth)

    def webhook_backlog(self, waiting: int, oldest_seconds: float) -> None:
        """Show how many deliveries are due and wait, and since how many seconds the oldest does."""
        self._webhooks.set(waiting)
        self._oldest_webhook.set(oldest_seconds)

    def authority_state(self, state: str) -> None:
        """Show the state of the authority's circuit: 1 for ``state``, 0 for every other that was ever shown."""
        with self._authority_gate:
            current = self._authority.of(state)
            for _, child in self._authority.children():
                child.set(1 if child is current else 0)

    def drill_age(self, seconds: float) -> None:
        """Show how old the last verified restore is; -1 where there is none."""
        self._drill_age.set(seconds)

    def incidents_open(self, count: int) -> None:
        """Show how many incidents are open."""
        self._incidents.set(count)

    def totals(self) -> Mapping[str, int]:
        """Return what charts are drawn from, since the start: verifications by outcome, answers by class of status."""
        found: dict[str, int] = {}
        for (outcome,), counter in self._verifications.children():
            found[f"verification.{outcome}"] = int(_value(counter))
        for (_route, _method, status), count in self._requests.counts().items():
            name = f"answer.{status}"
            found[name] = found.get(name, 0) + count
        return found

    def render(self) -> tuple[bytes, str]:
        """Return all metrics as text, and its content type."""
        return generate_latest(self._registry), CONTENT_TYPE_LATEST


def _drill_gauge(registry: CollectorRegistry) -> Gauge:
    said = "Since when the last backup was restored and found whole; -1: none ever was."
    return Gauge("eztong_verified_restore_age_seconds", said, registry=registry)


def _value(metric: MetricWrapperBase) -> float:
    """Return the count of a counter without labels of its own."""
    samples = (sample for family in metric.collect() for sample in family.samples)
    return next(sample.value for sample in samples if sample.name.endswith("_total"))


class LabelledRoute(Route):
    """A plain route that leaves itself in the scope, as the API's routes do, so that its template is known."""

    @override
    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, found = super().matches(scope)
        return match, found if match is Match.NONE else {**found, "route": self}


def labelled(route: Route) -> LabelledRoute:
    """Return the same route as one that counts under its template."""
    methods = sorted(route.methods) if route.methods else None
    return LabelledRoute(route.path, route.endpoint, methods=methods, name=route.name)


def route_template(scope: Scope) -> str:
    """Return the template of the route that took the request, or ``other``: never what was asked for."""
    path = getattr(scope.get("route"), "path", None)
    return path if isinstance(path, str) and path else OTHER


def plain_method(method: str) -> str:
    """Return the method, or ``other`` for a word that is none: a client may send anything there."""
    return method if method in _METHODS else OTHER
