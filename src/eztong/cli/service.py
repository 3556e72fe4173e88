"""How a command comes by a whole service."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from eztong.adapters.notifier.inbox import VisibleInboxWarning
from eztong.http.logs import configure_logs
from eztong.wiring.build import Built, build
from eztong.wiring.settings import Settings


@contextmanager
def opened(settings: Settings) -> Iterator[Built]:
    """Build the service for one command; it works beside a running server."""
    configure_logs("error", stream=sys.stderr)
    built = build_quietly(settings)
    try:
        yield built
    finally:
        built.close()


def build_quietly(settings: Settings) -> Built:
    """Build the service; that messages go to the sandbox's inbox is told by the commands in their own words."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", VisibleInboxWarning)
        return build(settings)
