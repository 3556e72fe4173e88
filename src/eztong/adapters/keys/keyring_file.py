"""The keyring file: JSON whose secrets are sealed under a root key that lives in another file.

Both files belong to the service's user alone (0600); looser permissions are refused. A new state is written to a
temporary file, forced to disk and renamed, so that a power cut leaves the old or the new ring, never half of one.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import stat
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from typing_extensions import override

from eztong.domain.canonical_json import parse_time, render_time
from eztong.domain.errors import EztongError, InputInvalid
from eztong.domain.sealing import DATA_KEY_BYTES, NONCE_BYTES, open_field, seal_field
from eztong.gm.errors import GmError
from eztong.ports.entropy import Entropy
from eztong.ports.keys import KeyState

FORMAT = "eztong/keyring/v1"


class KeyringProblem(EztongError):
    """The keyring cannot be used."""

    code = "keyring_unusable"
    advice = "Restore keyring and root key from the same backup; without them sealed data cannot be opened."


class KeyringMissing(KeyringProblem):
    """There is no keyring or no root key where the settings say."""

    code = "keyring_missing"
    advice = "Run: eztong keys init. If this installation has data already, restore the keyring instead."


class KeyringExposed(KeyringProblem):
    """Others may read the keyring or the root key."""

    code = "keyring_exposed"
    advice = "Take the rights from group and others: chmod 600 on the file."


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredKey:
    """One key of the ring. ``secret`` is the raw key, or PKCS#8 for a signing key."""

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


def create_root_key(path: Path, *, entropy: Entropy) -> None:
    """Write a new root key; an existing one is never overwritten.

    Raises:
        InputInvalid: the file exists.
    """
    if path.exists():
        raise InputInvalid("There is a root key already; it is not overwritten.")
    _write_private(path, base64.b64encode(entropy.token(DATA_KEY_BYTES)) + b"\n")


def read_ring(path: Path, root_key_path: Path) -> list[StoredKey]:
    """Read and unseal the ring.

    Raises:
        KeyringMissing, KeyringExposed, KeyringProblem: as found.
    """
    root_key = _read_root_key(root_key_path)
    try:
        document = json.loads(_read_private(path))
        if document["format"] != FORMAT:
            raise KeyringProblem("The keyring has an unknown format.")
        return [_unseal(entry, root_key) for entry in document["keys"]]
    except (ValueError, KeyError, TypeError, GmError) as error:
        raise KeyringProblem("The keyring is damaged, or its root key is another one.") from error


def write_ring(path: Path, root_key_path: Path, keys: list[StoredKey], *, entropy: Entropy) -> None:
    """Seal and write the ring atomically."""
    root_key = _read_root_key(root_key_path)
    document = {"format": FORMAT, "keys": [_seal(key, root_key, entropy) for key in keys]}
    _write_private(path, json.dumps(document, indent=1).encode() + b"\n")


def _seal(key: StoredKey, root_key: bytes, entropy: Entropy) -> dict[str, Any]:
    sealed = seal_field(root_key, key.secret, nonce=entropy.token(NONCE_BYTES), place=_place(key.key_id, key.purpose))
    return {
        "key_id": key.key_id,
        "purpose": key.purpose,
        "number": key.number,
        "state": key.state.value,
        "created_at": render_time(key.created_at),
        "retired_at": None if key.retired_at is None else render_time(key.retired_at),
        "sealed": base64.b64encode(sealed).decode(),
    }


def _unseal(entry: dict[str, Any], root_key: bytes) -> StoredKey:
    sealed = base64.b64decode(entry["sealed"], validate=True)
    retired = entry["retired_at"]
    return StoredKey(
        key_id=entry["key_id"],
        purpose=entry["purpose"],
        number=entry["number"],
        state=KeyState(entry["state"]),
        created_at=parse_time(entry["created_at"]),
        retired_at=None if retired is None else parse_time(retired),
        secret=open_field(root_key, sealed, place=_place(entry["key_id"], entry["purpose"])),
    )


def _place(key_id: str, purpose: str) -> tuple[str, str, str]:
    return ("keyring", key_id, purpose)


def _read_root_key(path: Path) -> bytes:
    try:
        key = base64.b64decode(_read_private(path).strip(), validate=True)
    except binascii.Error as error:
        raise KeyringProblem("The root key file does not hold base64.") from error
    if len(key) != DATA_KEY_BYTES:
        raise KeyringProblem("The root key must have 16 bytes.")
    return key


def _read_private(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise KeyringExposed(f"Others may read {path.name}: chmod 600 it.")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise KeyringMissing(f"{path.name} is missing. {KeyringMissing.advice}") from error


def _write_private(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
