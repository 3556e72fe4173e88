"""What one run over a queue did, for whoever repeats it and writes the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from eztong.ports.observer import Observer


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRun:
    """``done`` pieces of work left the queue; ``failures`` counts those that wait again, by kind of failure.

    ``again`` says that more is due at once.
    """

    done: int = 0
    failures: Mapping[str, int] = field(default_factory=dict)
    again: bool = False


def counted(queue: str, kinds: Iterable[str], *, observer: Observer) -> Mapping[str, int]:
    """Count failures by kind, for the metrics and for the log; a kind is the name of an exception, never its text."""
    failures = Counter(kinds)
    for kind in failures.elements():
        observer.queue_failure(queue, kind)
    return failures
