"""The parent of preforked processes: has everything imported, and forks a process for each line that it is sent.

A line is a JSON object: ``arguments`` of ``eztong``, ``env``, ``cwd``, and paths for ``stdin``, ``stdout`` and
``stderr``. The answer is the process id; when the process ends, a line with the id and its code follows. The child goes
on as ``python -m eztong`` would.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import pkgutil
import runpy
import selectors
import signal
import sys
import threading
from collections.abc import Mapping
from typing import Any, NoReturn

PACKAGE = "eztong"
LOST_OUTPUT = 120
"""How an interpreter ends that cannot write the rest of its output."""
_NEVER = (f"{PACKAGE}.__main__", f"{PACKAGE}.adapters.storage.sql.migrations")


def load() -> None:
    """Import the whole service."""
    package = importlib.import_module(PACKAGE)
    for module in pkgutil.walk_packages(package.__path__, f"{PACKAGE}."):
        if not module.name.startswith(_NEVER):
            importlib.import_module(module.name)


def serve() -> Mapping[str, Any] | None:
    """Fork as often as asked; return in each child with what it is to be, in the parent at the end of input."""
    woken, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.set_wakeup_fd(waker)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    with selectors.DefaultSelector() as both:
        both.register(0, selectors.EVENT_READ)
        both.register(woken, selectors.EVENT_READ)
        waiting = b""
        while True:
            ready = {key.fd for key, _ in both.select()}
            if woken in ready:
                os.read(woken, 4096)
                _say_who_ended()
            if 0 not in ready:
                continue
            got = os.read(0, 1 << 20)
            if not got:
                return None
            *lines, waiting = (waiting + got).split(b"\n")
            for line in lines:
                child = os.fork()
                if child == 0:
                    os.close(woken)
                    os.close(waker)
                    return dict(json.loads(line))
                _say({"started": child})


def become(what: Mapping[str, Any]) -> None:
    """Be the command, with the surroundings that were asked for."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.chdir(what["cwd"])
    os.environ.clear()  # noqa: TID251 - a child's environment is ours to give
    os.environ.update(what["env"])  # noqa: TID251 - a child's environment is ours to give
    for number, (stream, flags) in enumerate(
        (("stdin", os.O_RDONLY), ("stdout", os.O_WRONLY | os.O_CREAT), ("stderr", os.O_WRONLY | os.O_CREAT))
    ):
        opened = os.open(what[stream], flags | (os.O_APPEND if number else 0), 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.argv = [PACKAGE, *what["arguments"]]
    try:
        runpy.run_module(PACKAGE, run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        end(ended.code)
    end(0)


def end(code: object) -> NoReturn:
    """End as the interpreter would, but for taking apart all that was imported: that takes half a second."""
    threading._shutdown()  # type: ignore[attr-defined]  # noqa: SLF001 - waits for threads, as the interpreter does first
    atexit._run_exitfuncs()  # noqa: SLF001 - the same
    if not isinstance(code, int | None):
        sys.stderr.write(f"{code}\n")
        code = 1
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        code = LOST_OUTPUT
    os._exit(code or 0)


def _say_who_ended() -> None:
    while True:
        try:
            child, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if child == 0:
            return
        _say({"ended": child, "code": os.waitstatus_to_exitcode(status)})


def _say(what: Mapping[str, int]) -> None:
    os.write(1, json.dumps(what).encode() + b"\n")


if __name__ == "__main__":
    load()
    # What all have in common is copied for none of them by a round of its collector.
    gc.collect()
    gc.freeze()
    _say({"ready": os.getpid()})
    asked = serve()
    if asked is None:
        end(0)
    become(asked)
