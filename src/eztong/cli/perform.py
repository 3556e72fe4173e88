"""How a command acts: the operator's staff sit at the command line, and the service is built for one use case."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from eztong.cli.options import settings_in
from eztong.cli.service import opened
from eztong.ports.act import OPERATOR, Act

P = ParamSpec("P")
T = TypeVar("T")


def perform(data_dir: Path | None, use_case: Callable[Concatenate[Act, P], T], /, *args: P.args, **more: P.kwargs) -> T:
    """Open the service in the folder, run the use case as the operator, and close it again.

    Raises:
        Exception: what building the service and the use case raise; nothing was kept then.
    """
    with opened(settings_in(data_dir)) as built:
        return built.services.perform(OPERATOR, use_case, *args, **more)
