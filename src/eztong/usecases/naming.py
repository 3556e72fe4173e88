"""New identifiers from the ports."""

from __future__ import annotations

from eztong.domain.identifiers import make_id
from eztong.ports.act import Act


def new_id(act: Act, prefix: str) -> str:
    """Return a new identifier that begins with ``prefix``."""
    return make_id(prefix, now=act.now, random=act.entropy.id_bytes())
