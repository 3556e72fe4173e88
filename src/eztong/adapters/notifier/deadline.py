"""One time limit for a whole hand-over, kept from outside.

Time limits of sockets are for each read: who sends one byte now and then is never too late. Here a timer ends the
connection itself, whatever is being read from it, so that no transport holds a worker longer than its lease.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Lock, Timer
from time import monotonic
from types import TracebackType
from typing import Self


class Deadline:
    """Ends the connections that it watches ``seconds`` after it was entered."""

    def __init__(self, seconds: float) -> None:
        """Prepare; the time runs from entering on."""
        self._seconds = seconds
        self._until = 0.0
        self._gate = Lock()
        self._watched: list[socket.socket] = []
        self._timer: Timer | None = None

    def __enter__(self) -> Self:
        """Begin the time."""
        self._until = monotonic() + self._seconds
        self._timer = Timer(self._seconds, self.end)
        self._timer.daemon = True
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of the connections without ending them."""
        if self._timer is not None:
            self._timer.cancel()
        with self._gate:
            while self._watched:
                self._watched.pop().close()

    @property
    def is_over(self) -> bool:
        """Say whether the time is over."""
        return monotonic() >= self._until

    def watch(self, connection: socket.socket) -> None:
        """End ``connection`` when the time is over, also if it is encrypted later on."""
        with self._gate:
            # A second name for the same connection: wrapping it in TLS takes the first one away.
            self._watched.append(connection.dup())
        if self.is_over:
            self.end()

    def connect(self, host: str, port: int, *, each: float) -> socket.socket:
        """Return a watched connection to the first address that answers within ``each`` seconds.

        Raises:
            OSError: there is none, or the time is over.
        """
        problem: OSError = TimeoutError("the time for the hand-over is over")
        for family, kind, protocol, _name, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            left = min(each, self._until - monotonic())
            if left <= 0:
                break
            connection = socket.socket(family, kind, protocol)
            try:
                connection.settimeout(left)
                connection.connect(address)
            except OSError as error:
                connection.close()
                problem = error
                continue
            connection.settimeout(each)
            self.watch(connection)
            return connection
        raise problem

    def end(self) -> None:
        """End what is watched, before its time if need be, and whatever is watched from now on."""
        self._until = min(self._until, monotonic())
        with self._gate:
            for connection in self._watched:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
