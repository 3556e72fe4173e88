"""The keyring file: JSON whose secrets are sealed under a root key that lies in another file.

::

    {"format": "eztong/keyring/v1", "root_key_id": "<16 hex digits>", "keys": [
      {"key_id": "results-1", "purpose": "results", "number": 1, "state": "active",
       "created_at": "2026-01-15T01:00:00.000Z", "retired_at": null, "sealed": "<base64>"}, ...],
     "check": "<64 hex digits>"}

* From the root key three values are derived by HMAC-SM3: the key that seals, the key of the check, and the id.
* ``sealed`` is a sealed field (``domain.sealing``) for the place ``("keyring", key_id, purpose)``.
* ``check`` is HMAC-SM3 over the canonical JSON of all other members: no entry can be edited, added or left out.
* An older file that was written with the same root key is accepted when loading: only a running server, which knows
  the keys in use, notices that (``KeyringRolledBack``).
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from typing_extensions import override

from eztong.adapters.keys.private_files import check_private_folder, read_private, write_private
from eztong.adapters.keys.problems import KeyringDamaged, KeyringExists, KeyringProblem, RootKeyWrong
from eztong.domain.canonical_json import DocumentMalformed, parse_document, parse_time, render_canonical, render_time
from eztong.domain.sealing import DATA_KEY_BYTES, NONCE_BYTES, open_field, seal_field
from eztong.gm.errors import GmError, SignatureInvalid
from eztong.gm.sm3 import HmacSm3Key, require_equal
from eztong.ports.entropy import Entropy
from eztong.ports.keys import KeyState

__all__ = ["FORMAT", "KeyringProblem", "RootKey", "StoredKey", "create_root_key", "read_ring", "write_ring"]

FORMAT = "eztong/keyring/v1"
_ROOT_KEY_BYTES = 16
_ID_CHARACTERS = 16
_MEMBERS = {"format", "root_key_id", "keys", "check"}


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredKey:
    """One key of the ring. ``secret`` is the raw key, or PKCS#8 for a signing key; ``repr`` hides it."""

    key_id: str
    purpose: str
    number: int
    state: KeyState
    created_at: datetime
    retired_at: datetime | None
    secret: bytes

    @override
    def __repr__(self) -> str:
        return f"StoredKey({self.key_id}, {self.state})"


@dataclass(frozen=True, slots=True)
class RootKey:
    """What is derived from the root key: one value for each use."""

    sealing: bytes
    check: HmacSm3Key
    key_id: str

    @classmethod
    def derive(cls, secret: bytes) -> Self:
        """Derive the three values from 16 secret bytes."""
        root = HmacSm3Key(secret)
        return cls(
            sealing=root.digest(b"eztong/keyring/v1/seal")[:DATA_KEY_BYTES],
            check=HmacSm3Key(root.digest(b"eztong/keyring/v1/check")),
            key_id=root.digest(b"eztong/keyring/v1/id").hex()[:_ID_CHARACTERS],
        )

    @override
    def __repr__(self) -> str:
        return f"RootKey({self.key_id})"


def create_root_key(path: Path, *, entropy: Entropy) -> None:
    """Write a new root key, 16 random bytes in base64. Callers hold the folder's lock.

    Raises:
        KeyringExists: there is one already.
    """
    if path.exists():
        raise KeyringExists(f"{path.name} is there already; it is not overwritten.")
    write_private(path, base64.b64encode(entropy.token(_ROOT_KEY_BYTES)) + b"\n")


def read_root_key(path: Path) -> RootKey:
    """Read the root key file.

    Raises:
        KeyringMissing, KeyringExposed, KeyringDamaged: as :func:`.private_files.read_private` finds.
        RootKeyWrong: not the base64 of 16 bytes.
    """
    try:
        secret = base64.b64decode(read_private(path).strip(), validate=True)
    except binascii.Error as error:
        raise RootKeyWrong(f"{path.name} does not hold base64. {RootKeyWrong.advice}") from error
    if len(secret) != _ROOT_KEY_BYTES:
        raise RootKeyWrong(f"{path.name} must hold {_ROOT_KEY_BYTES} bytes. {RootKeyWrong.advice}")
    return RootKey.derive(secret)


def read_ring(path: Path, root_key_path: Path) -> list[StoredKey]:
    """Read, check and unseal the ring, in the order of the file.

    Raises:
        KeyringMissing, KeyringExposed: either file, or the keyring's folder.
        RootKeyWrong: the root key is malformed or belongs to another keyring.
        KeyringDamaged: the file is not as it was written.
    """
    content = read_private(path)
    check_private_folder(path.parent)
    root = read_root_key(root_key_path)
    try:
        document = parse_document(content)
        if document.get("format") != FORMAT or set(document) != _MEMBERS:
            raise KeyringDamaged(f"The keyring is not of the format {FORMAT}. {KeyringDamaged.advice}")
        if document["root_key_id"] != root.key_id:
            raise RootKeyWrong(f"The keyring was written with another root key. {RootKeyWrong.advice}")
        require_equal(_check(document, root), bytes.fromhex(document["check"]))
        return [_unseal(entry, root) for entry in document["keys"]]
    except SignatureInvalid as error:
        raise KeyringDamaged(f"The keyring was changed after it was written. {KeyringDamaged.advice}") from error
    except (DocumentMalformed, GmError, ValueError, KeyError, TypeError) as error:
        raise KeyringDamaged(f"The keyring cannot be read. {KeyringDamaged.advice}") from error


def root_key_id_of(content: bytes) -> str:
    """Return which root key a keyring file was written with, without opening it: it tells deployments apart.

    Raises:
        KeyringDamaged: it is no keyring file.
    """
    try:
        return str(parse_document(content)["root_key_id"])
    except (DocumentMalformed, KeyError, TypeError) as error:
        raise KeyringDamaged(f"The keyring cannot be read. {KeyringDamaged.advice}") from error


def write_ring(path: Path, root_key_path: Path, keys: Sequence[StoredKey], *, entropy: Entropy) -> None:
    """Seal and write the ring atomically. Callers hold the folder's lock.

    Raises:
        KeyringMissing, KeyringExposed, RootKeyWrong: as found at the root key.
    """
    root = read_root_key(root_key_path)
    document: dict[str, Any] = {
        "format": FORMAT,
        "root_key_id": root.key_id,
        "keys": [_seal(key, root, nonce=entropy.token(NONCE_BYTES)) for key in keys],
    }
    document["check"] = _check(document, root).hex()
    write_private(path, json.dumps(document, indent=1).encode() + b"\n")


def _check(document: dict[str, Any], root: RootKey) -> bytes:
    return root.check.digest(render_canonical({name: value for name, value in document.items() if name != "check"}))


def _seal(key: StoredKey, root: RootKey, *, nonce: bytes) -> dict[str, Any]:
    sealed = seal_field(root.sealing, key.secret, nonce=nonce, place=_place(key.key_id, key.purpose))
    return {
        "key_id": key.key_id,
        "purpose": key.purpose,
        "number": key.number,
        "state": key.state.value,
        "created_at": render_time(key.created_at),
        "retired_at": None if key.retired_at is None else render_time(key.retired_at),
        "sealed": base64.b64encode(sealed).decode(),
    }


def _unseal(entry: dict[str, Any], root: RootKey) -> StoredKey:
    sealed = base64.b64decode(entry["sealed"], validate=True)
    retired = entry["retired_at"]
    return StoredKey(
        key_id=entry["key_id"],
        purpose=entry["purpose"],
        number=entry["number"],
        state=KeyState(entry["state"]),
        created_at=parse_time(entry["created_at"]),
        retired_at=None if retired is None else parse_time(retired),
        secret=open_field(root.sealing, sealed, place=_place(entry["key_id"], entry["purpose"])),
    )


def _place(key_id: str, purpose: str) -> tuple[str, str, str]:
    return ("keyring", key_id, purpose)
