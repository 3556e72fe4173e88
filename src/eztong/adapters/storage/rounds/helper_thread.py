"""The thread that does for an event loop what may take long: it is there from the start, and a stop has a limit."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

from eztong.domain.errors import Unavailable

_Task = Callable[[], None]


def start_thread(target: _Task, *, name: str) -> threading.Thread:
    """Start a thread that does not keep the process alive.

    Raises:
        Unavailable: the system gives no thread.
    """
    thread = threading.Thread(target=target, name=name, daemon=True)
    try:
        thread.start()
    except RuntimeError as error:
        raise Unavailable("The system gives no thread to write with: raise the limits of the process.") from error
    return thread


class HelperThread:
    """Runs tasks one after the other. It does not keep the process alive: a task may hang with the disk."""

    def __init__(self, name: str) -> None:
        """Start the thread.

        Raises:
            Unavailable: the system gives no thread.
        """
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._stopped = False
        self._thread = start_thread(self._run, name=name)

    def is_calling(self) -> bool:
        """Say whether the calling thread is this one."""
        return threading.current_thread() is self._thread

    def submit(self, task: _Task) -> bool:
        """Queue ``task``, which must not raise; return False once stopped."""
        if self._stopped:
            return False
        self._tasks.put(task)
        return True

    def stop(self, seconds: float) -> bool:
        """Take no more tasks, finish what was taken, and return whether that was done within ``seconds``."""
        self._stopped = True
        self._tasks.put(None)
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (task := self._tasks.get()) is not None:
            task()
