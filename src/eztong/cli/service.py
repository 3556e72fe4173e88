"""How a command comes by a whole service."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from eztong.cli.data.lock import working

if TYPE_CHECKING:
    from eztong.wiring.build import Built
    from eztong.wiring.settings import Settings


@contextmanager
def opened(settings: Settings) -> Iterator[Built]:
    """Build the service for one command; it works beside a running server, and never beside a restore."""
    from eztong.http.logs import configure_logs  # noqa: PLC0415 - as below

    configure_logs("error", stream=sys.stderr)
    with working(settings.data_dir):
        built = build_quietly(settings)
        try:
            yield built
        finally:
            built.close()


def build_quietly(settings: Settings) -> Built:
    """Build the service; that messages go to the sandbox's inbox is told by the commands in their own words."""
    # Here, so that a help text or a refused argument does not wait for all that a service is made of.
    from eztong.adapters.notifier.inbox import VisibleInboxWarning  # noqa: PLC0415
    from eztong.wiring.build import build  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", VisibleInboxWarning)
        return build(settings)
