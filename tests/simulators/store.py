"""Short writes into a service's store from the test's own process, for what no door offers yet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eztong.cli.options import settings_in
from eztong.cli.service import opened
from eztong.ports.services import Services


@contextmanager
def opened_store(data_dir: Path) -> Iterator[Services]:
    """Open the data folder beside its running server."""
    with opened(settings_in(data_dir)) as built:
        yield built.services
