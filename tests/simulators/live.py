"""A deployment in live mode for tests: an operator's settings, a prepared data folder, an authority of its own."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from eztong.adapters.clock import SystemClock
from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.keys.keyring import create_keyring
from eztong.cli.keys.commands import client_key
from eztong.ports.services import Mode
from eztong.wiring.settings import Settings
from tests.at_end import AT_END
from tests.simulators.outside.real_authority import RealAuthority, real_authority
from tests.simulators.quick_files import new_database

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


def live_settings(folder: Path) -> Settings:
    """Prepare ``folder`` as operators do, and give the settings of a deployment with an authority that runs."""
    folders, authority = _prepared()
    shutil.copytree(folders, folder, dirs_exist_ok=True)
    return Settings(**_files(folder), **OPERATOR, **authority.settings())


def _files(folder: Path) -> dict[str, Any]:
    return {"data_dir": folder / "data", "root_key_file": folder / "elsewhere" / "root.key"}


@lru_cache(maxsize=1)
def _prepared() -> tuple[Path, RealAuthority]:
    """Make keys and an empty database, and start the authority that knows these keys: once for all tests of a process.

    Each test has a copy of the files. The authority remembers nothing of those whom it was asked about.
    """
    made = Path(AT_END.enter_context(TemporaryDirectory(prefix="eztong-live-")))
    plan = Settings(**_files(made / "folders"), **OPERATOR)
    for folder in (plan.data_dir, plan.root_key.parent):
        folder.mkdir(mode=0o700, parents=True)
    ring = create_keyring(plan.keyring, plan.root_key, entropy=SystemEntropy(), now=SystemClock().now())
    new_database(plan.database_file)
    client = client_key(ring)
    known = f"{client['key_id']}={client['spki']}"
    return made / "folders", AT_END.enter_context(real_authority(made / "authority", known))
