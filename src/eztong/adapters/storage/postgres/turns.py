"""Who may work at the same time: all together, or one alone that the others kept undoing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """The turns of one process. Whoever waits to be alone goes before who comes after."""

    def __init__(self) -> None:
        """Begin with nobody at work."""
        self._gate = threading.Condition()
        self._together = 0
        self._waiting = 0
        self._is_alone = False

    @contextmanager
    def together(self) -> Iterator[None]:
        """Work beside others."""
        with self._gate:
            self._gate.wait_for(lambda: not self._is_alone and not self._waiting)
            self._together += 1
        try:
            yield
        finally:
            with self._gate:
                self._together -= 1
                self._gate.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Work while nobody else of this process does."""
        with self._gate:
            self._waiting += 1
            self._gate.wait_for(lambda: not self._is_alone and not self._together)
            self._waiting -= 1
            self._is_alone = True
        try:
            yield
        finally:
            with self._gate:
                self._is_alone = False
                self._gate.notify_all()
