"""The processes that share a database in a race."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from eztong.domain.errors import EztongError
from tests.contract.storage.stage import each_in_a_thread
from tests.unit.usecases.stage import Stage

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Workers:
    """Stages over one database; each is a process of its own, as far as a store can tell."""

    stages: Sequence[Stage]

    @property
    def first(self) -> Stage:
        """The one that prepares, and looks at what came of it."""
        return self.stages[0]

    @property
    def last(self) -> Stage:
        """Another one, if there are several."""
        return self.stages[-1]

    def race(self, count: int, act: Callable[[Stage, int], T]) -> list[T | EztongError]:
        """Let so many act at once, spread over the processes; return what each got, or was refused with."""

        def one(number: int) -> T | EztongError:
            try:
                return act(self.stages[number % len(self.stages)], number)
            except EztongError as error:
                return error

        return each_in_a_thread(count, one)
