"""Which core runs what: the server has one core to itself, the load another, where the machine has two."""

from __future__ import annotations

import functools
import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cryptography
import uvicorn

from eztong.gm.probe import check_backend


@functools.cache
def cores() -> tuple[int, int]:
    """Return the server's core and the load's, as at the first call: whoever pins itself later still finds both.

    They are the same where there is only one.
    """
    allowed = sorted(os.sched_getaffinity(0))
    return allowed[0], allowed[-1]


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """Have what is started meanwhile run on ``core``: a process inherits that of the thread that starts it."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def start(arguments: Sequence[str], *, core: int, **more: Any) -> subprocess.Popen[bytes]:  # noqa: ANN401 - handed on
    """Start this Python with ``arguments`` on one core."""
    with on_core(core):
        return subprocess.Popen([sys.executable, *arguments], **more)  # noqa: S603 - our own modules


def measure_alone(module: str, *arguments: str, core: int) -> float:
    """Run a module that prints numbers, alone on one core, and return the first."""
    return numbers_of(module, *arguments, core=core)[0]


def numbers_of(module: str, *arguments: str, core: int) -> list[float]:
    """Run a module that prints numbers, alone on one core, and return them."""
    run = start(["-m", module, *arguments], core=core, stdout=subprocess.PIPE)
    output, _ = run.communicate(timeout=300)
    return [float(number) for number in output.split()]


def memory_mib(pid: int) -> float:
    """Return a process's resident memory in MiB."""
    for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def processor_seconds(pid: int) -> float:
    """Return the processor time that a process and its threads have used, in steps of a hundredth of a second."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def busy_seconds(core: int) -> float:
    """Return how long a core has not been idle, whoever used it, the host of a virtual machine too."""
    lines = Path("/proc/stat").read_text("ascii").splitlines()
    fields = next(line.split()[1:] for line in lines if line.startswith(f"cpu{core} "))
    user, nice, system, _idle, _waiting, *others = (int(field) for field in fields[:8])
    return (user + nice + system + sum(others)) / os.sysconf("SC_CLK_TCK")


def describe_machine() -> dict[str, str]:
    """Return what the figures depend on."""
    models = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        if line.startswith("model name")
    ]
    backend = check_backend()
    return {
        "processor": f"{models[0] if models else platform.machine()}, {os.cpu_count()} cores",
        "system": platform.platform(terse=True),
        "Python": platform.python_version(),
        "SM2": f"{backend.name} {backend.version}",
        "uvicorn": uvicorn.__version__,
        "cryptography": cryptography.__version__,
    }
