"""What one run over a queue did, for whoever repeats it and writes the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from eztong.ports.observer import Observer

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRun:
    """``done`` pieces of work left the queue; ``failures`` counts those that wait again, by kind of failure.

    ``again`` says that more is due at once.
    """

    done: int = 0
    failures: Mapping[str, int] = field(default_factory=dict)
    again: bool = False


def tried(those: Iterable[T], do: Callable[[T], object]) -> Sequence[tuple[T, str]]:
    """Do something for each of many, each by itself; return those it failed for, whatever it was, with its kind."""
    failed: list[tuple[T, str]] = []
    for one in those:
        try:
            do(one)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next one is done
            failed.append((one, type(error).__name__))
    return failed


def counted(queue: str, kinds: Iterable[str], *, observer: Observer) -> Mapping[str, int]:
    """Count failures by kind, for the metrics and for the log; a kind is the name of an exception, never its text."""
    failures = Counter(kinds)
    for kind in failures.elements():
        observer.queue_failure(queue, kind)
    return failures
