"""The load: ``wrk``, one thread on the load's core, with a script for each side; and what its output says."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.cores import cores, on_core
from bench.failing import CannotMeasure

VERIFY: Final = Path(__file__).with_name("verify.lua")
INTROSPECT: Final = Path(__file__).with_name("introspect.lua")

_LONGEST: Final = 120
_PATIENCE: Final = "10s"
_UNITS: Final = {"us": 0.001, "ms": 1.0, "s": 1_000.0, "m": 60_000.0}
_PERCENTILE: Final = re.compile(r"^ +(50|99)% +([\d.]+)(us|ms|s|m)\s*$", re.MULTILINE)
_CALLS: Final = re.compile(r"^ +(\d+) requests in ", re.MULTILINE)
_RATE: Final = re.compile(r"^Requests/sec: +([\d.]+)", re.MULTILINE)
_SOCKETS: Final = re.compile(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)")
_WRONG: Final = re.compile(r"Non-2xx or 3xx responses: (\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What wrk measured. Percentiles are milliseconds, and count the calls that a slow answer held back."""

    calls: int
    rate: float
    p50: float
    p99: float
    wrong: int
    """Answers with another status than 2xx or 3xx."""

    broken: int
    """Connections that failed, and calls that were not answered in time."""


def read_output(text: str) -> Run:
    """Return what wrk printed with ``--latency``.

    Raises:
        CannotMeasure: it is not the output of a run.
    """
    calls, rate = _CALLS.search(text), _RATE.search(text)
    percentiles = {found[1]: float(found[2]) * _UNITS[found[3]] for found in _PERCENTILE.finditer(text)}
    if calls is None or rate is None or percentiles.keys() != {"50", "99"}:
        raise CannotMeasure(f"wrk did not finish its run; it printed: {text.strip()!r}")
    sockets, wrong = _SOCKETS.search(text), _WRONG.search(text)
    return Run(
        calls=int(calls[1]),
        rate=float(rate[1]),
        p50=percentiles["50"],
        p99=percentiles["99"],
        wrong=int(wrong[1]) if wrong else 0,
        broken=sum(map(int, sockets.groups())) if sockets else 0,
    )


def run(script: Path, port: int, *arguments: str, connections: int, seconds: int) -> Run:
    """Run ``script`` from the load's core for so many seconds, or until it ends the run itself.

    Raises:
        CannotMeasure: wrk is missing or failed, or an answer was wrong.
    """
    wrk = shutil.which("wrk")
    if wrk is None:
        raise CannotMeasure("wrk is missing: install the Debian package wrk, or start this with make bench")
    command = [wrk, "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s"]
    command += [
        "--latency",
        "--timeout",
        _PATIENCE,
        "--script",
        str(script),
        f"http://127.0.0.1:{port}",
        "--",
        *arguments,
    ]
    with on_core(cores()[1]):
        done = subprocess.run(command, capture_output=True, check=False, text=True, timeout=seconds + 60)  # noqa: S603 - our own scripts
    ended = read_output(done.stdout + done.stderr)
    if ended.wrong or ended.broken:
        raise CannotMeasure(
            f"of {ended.calls:,} calls of {script.name}, {ended.wrong:,} were answered with a wrong status and "
            f"{ended.broken:,} not at all or not in time"
        )
    return ended


def used_up(script: Path, port: int, calls: Sequence[str], *, connections: int, folder: Path) -> Run:
    """Send each of ``calls`` once, the first being the key of all, and return when the last is answered."""
    prepared = folder / "calls"
    prepared.write_text("\n".join(calls) + "\n", "ascii")
    return run(script, port, str(prepared), str(connections), connections=connections, seconds=_LONGEST)
