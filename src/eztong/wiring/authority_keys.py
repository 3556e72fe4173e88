"""The sandbox authority's own key file: never one of the service's keys, never readable by the doors.

It is a plain JSON file for its owner only (0600), because everybody it vouches for is invented. A real authority
keeps its keys itself; the service then only knows the two public ones.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path

from eztong.adapters.authority.eid_mark import EidMarkKey
from eztong.adapters.authority.protocol import AuthorityKeys
from eztong.adapters.authority.registry import SandboxRegistry
from eztong.adapters.keys.private_files import locked_folder, make_private_folder, write_private
from eztong.adapters.keys.problems import KeyringDamaged
from eztong.domain.canonical_json import DocumentMalformed, parse_document
from eztong.gm.errors import GmError
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


class AuthorityKeysDamaged(KeyringDamaged):
    """The sandbox authority's key file is not what was written."""

    code = "authority_keys_damaged"
    advice = (
        "Put the file back from a backup, or remove it: then the sandbox's people get new identity marks at their next "
        "registration."
    )


def load_or_create(path: Path, *, entropy: Entropy) -> SandboxAuthorityKeys:
    """Read the key file, making one where there is none.

    Raises:
        AuthorityKeysDamaged: the file is empty, cut off or another.
    """
    if not path.exists():
        make_private_folder(path.parent)
        with locked_folder(path.parent):
            if not path.exists():
                write_private(path, _new_content(entropy))
    return load(path)


def load(path: Path) -> SandboxAuthorityKeys:
    """Read the key file.

    Raises:
        AuthorityKeysDamaged: the file is empty, cut off or another.
    """
    try:
        fields = {name: base64.b64decode(value) for name, value in parse_document(path.read_bytes()).items()}
        return SandboxAuthorityKeys(
            EidMarkKey(fields["mark_key"]),
            AuthorityKeys(
                signing=PrivateKey.from_pkcs8(fields["signing"]),
                encryption=PrivateKey.from_pkcs8(fields["encryption"]),
            ),
        )
    except (DocumentMalformed, ValueError, KeyError, TypeError, GmError) as error:
        raise AuthorityKeysDamaged(f"{path.name} is damaged. {AuthorityKeysDamaged.advice}") from error


def _new_content(entropy: Entropy) -> bytes:
    secrets = {
        "mark_key": entropy.token(_MARK_KEY_BYTES),
        "signing": PrivateKey.generate().to_pkcs8(),
        "encryption": PrivateKey.generate().to_pkcs8(),
    }
    return json.dumps({name: base64.b64encode(value).decode() for name, value in secrets.items()}).encode()
