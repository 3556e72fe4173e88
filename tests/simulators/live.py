"""A deployment in live mode for tests: an operator's settings, an authority of its own, phones that have owners."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from typing_extensions import override

from eztong.adapters.clock import SystemClock
from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.keys.keyring import create_keyring
from eztong.adapters.storage.schema import upgrade_schema
from eztong.cli.keys import client_key
from eztong.domain.message import Message
from eztong.ports.notifier import Notifier
from eztong.wiring.build import Built, build
from eztong.wiring.settings import Settings
from tests.simulators.real_authority import RealAuthority, real_authority

OPERATOR = {
    "public_url": "https://eid.example.org",
    "origin": "eid.example.org",
    "operator_name": "Example City Identity Office",
    "operator_contact": "eid@example.org",
    "place_of_signing": "Example City",
    "authority_name": "Example Authority",
}


class Phones(Notifier):
    """Delivers every message to the phone that it names; whoever holds a phone reads that phone only."""

    def __init__(self) -> None:
        self._delivered: dict[str, dict[str, Message]] = defaultdict(dict)

    @override
    def deliver(self, message: Message, *, message_id: str) -> None:
        self._delivered[message.phone].setdefault(message_id, message)

    def on(self, phone: str) -> list[Message]:
        """Return what arrived on a phone, oldest first."""
        return list(self._delivered[phone].values())


@dataclass(frozen=True, slots=True)
class LiveDeployment:
    """A built service in live mode, with the phones of its citizens."""

    built: Built
    phones: Phones
    authority: RealAuthority


@contextmanager
def live_deployment(folder: Path) -> Iterator[LiveDeployment]:
    """Prepare a data folder as operators do, run an authority, and build the service until the block ends."""
    files: dict[str, Any] = {"data_dir": folder / "data", "root_key_file": folder / "elsewhere" / "root.key"}
    plan = Settings(mode="live", **files, **OPERATOR)
    ring = create_keyring(plan.keyring, plan.root_key, entropy=SystemEntropy(), now=SystemClock().now())
    upgrade_schema(plan.database)
    client = client_key(ring)
    with real_authority(folder / "authority", f"{client['key_id']}={client['spki']}") as authority:
        settings = Settings(mode="live", **files, **OPERATOR, **authority.settings())
        phones = Phones()
        built = replace(build(settings), notifier=phones)
        try:
            yield LiveDeployment(built, phones, authority)
        finally:
            built.close()
