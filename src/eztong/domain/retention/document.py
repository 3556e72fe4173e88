"""Periods as they are stored and attested: days by the name of their kind, of those that were changed."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Final

from eztong.domain.retention.bounds import kind_named
from eztong.domain.retention.version import Periods
from eztong.gm.sm3 import sm3

_DAY: Final = timedelta(days=1)


def render_periods(periods: Periods) -> str:
    """Return the text."""
    return json.dumps({kind.value: period // _DAY for kind, period in periods.changed.items()}, sort_keys=True)


def read_periods(text: str) -> Periods:
    """Read what :func:`render_periods` wrote; a kind whose period may no longer be changed is left out.

    Raises:
        ValueError: it is none.
    """
    said = json.loads(text)
    if not isinstance(said, dict) or not all(type(days) is int for days in said.values()):
        raise ValueError("days by kind are needed")
    named = [(kind_named(name), days) for name, days in said.items()]
    return Periods({kind: timedelta(days=days) for kind, days in named if kind is not None})


def periods_hash(periods: Periods) -> str:
    """Return the SM3 of the text, in hex."""
    return sm3(render_periods(periods).encode()).hex()
