"""The sandbox authority's own key file: never one of the service's keys, never readable by the doors.

It is a plain JSON file for its owner only (0600), because everybody it vouches for is invented. A real authority
keeps its keys itself; the service then only knows the two public ones.
"""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass
from pathlib import Path

from eztong.adapters.authority.eid_mark import EidMarkKey
from eztong.adapters.authority.registry import SandboxRegistry
from eztong.adapters.authority.wire import AuthorityKeys
from eztong.gm.sm2 import PrivateKey
from eztong.ports.entropy import Entropy
from eztong.ports.services import Mode

_MARK_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class SandboxAuthorityKeys:
    """What the sandbox authority makes marks and signatures with."""

    mark_key: EidMarkKey
    keys: AuthorityKeys

    def registry(self) -> SandboxRegistry:
        """Return the register of invented people that makes marks with this key."""
        return SandboxRegistry(mark_key=self.mark_key, mode=Mode.SANDBOX)


def load_or_create(path: Path, *, entropy: Entropy) -> SandboxAuthorityKeys:
    """Read the key file, making one where there is none."""
    if not path.exists():
        _create(path, entropy=entropy)
    fields = {name: base64.b64decode(value) for name, value in json.loads(path.read_bytes()).items()}
    return SandboxAuthorityKeys(
        EidMarkKey(fields["mark_key"]),
        AuthorityKeys(
            signing=PrivateKey.from_pkcs8(fields["signing"]),
            encryption=PrivateKey.from_pkcs8(fields["encryption"]),
        ),
    )


def _create(path: Path, *, entropy: Entropy) -> None:
    secrets = {
        "mark_key": entropy.token(_MARK_KEY_BYTES),
        "signing": PrivateKey.generate().to_pkcs8(),
        "encryption": PrivateKey.generate().to_pkcs8(),
    }
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump({name: base64.b64encode(value).decode() for name, value in secrets.items()}, file)
