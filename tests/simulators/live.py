"""A deployment in live mode for tests: an operator's settings, a prepared data folder, an authority of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from eztong.adapters.clock import SystemClock
from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.keys.keyring import create_keyring
from eztong.adapters.storage.sqlite.schema import upgrade_schema
from eztong.cli.keys.commands import client_key
from eztong.ports.services import Mode
from eztong.wiring.settings import Settings
from tests.simulators.outside.real_authority import real_authority

OPERATOR: Final[Mapping[str, Any]] = {
    "mode": Mode.LIVE,
    # The host that Starlette's test client asks for.
    "public_url": "https://testserver",
    "origin": "eid.example.org",
    "operator_name": "Example City Identity Office",
    "operator_contact": "eid@example.org",
    "place_of_signing": "Example City",
    "authority_name": "Example Authority",
}


def environment_of(settings: Settings) -> Mapping[str, str]:
    """Return the settings that the operator gave, as a process of its own is given them, but for the data folder."""
    named = (*OPERATOR, "root_key_file", *(name for name in Settings.model_fields if name.startswith("authority_")))
    there = {name: getattr(settings, name) for name in dict.fromkeys(named)}
    return {name: str(getattr(one, "value", one)) for name, one in there.items() if one is not None}


@contextmanager
def live_settings(folder: Path) -> Iterator[Settings]:
    """Prepare ``folder`` as operators do, run an authority until the block ends, and give the settings."""
    files: dict[str, Any] = {"data_dir": folder / "data", "root_key_file": folder / "elsewhere" / "root.key"}
    plan = Settings(**files, **OPERATOR)
    for made in (plan.data_dir, plan.root_key.parent):
        made.mkdir(mode=0o700)
    ring = create_keyring(plan.keyring, plan.root_key, entropy=SystemEntropy(), now=SystemClock().now())
    upgrade_schema(plan.database)
    client = client_key(ring)
    with real_authority(folder / "authority", f"{client['key_id']}={client['spki']}") as authority:
        yield Settings(**files, **OPERATOR, **authority.settings())
