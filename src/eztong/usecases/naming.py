"""New identifiers from the ports."""

from __future__ import annotations

from datetime import datetime

from eztong.domain.identifiers import ULID_RANDOM_BYTES, make_id
from eztong.ports.entropy import Entropy


def new_id(prefix: str, *, now: datetime, entropy: Entropy) -> str:
    """Return a new identifier that begins with ``prefix``."""
    return make_id(prefix, now=now, random=entropy.token(ULID_RANDOM_BYTES))
