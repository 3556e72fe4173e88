"""The keyring file: JSON whose secrets are sealed under what a root key opens.

::

    {"format": "eztong/keyring/v2", "ring": "<16 hex digits>",
     "roots": [{"kind": "token", "name": "eztong-root", "wrapped": "<base64>"}, ...],
     "keys": [{"key_id": "results-1", "purpose": "results", "number": 1, "state": "active",
       "created_at": "2026-01-15T01:00:00.000Z", "retired_at": null, "sealed": "<base64>"}, ...],
     "check": "<64 hex digits>"}

* The ring has a secret of 16 bytes, which each root key of ``roots`` wraps: any of them opens the ring. More than one
  stands there only while the root key is being changed.
* From the secret three values are derived by HMAC-SM3: the key that seals, the key of the check, and a name.
* ``sealed`` is a sealed field (``domain.sealing``) for the place ``("keyring", key_id, purpose)``.
* ``check`` is HMAC-SM3 over the canonical JSON of all other members: no entry can be edited, added or left out.
* ``ring`` tells deployments apart and never changes. It opens nothing.
* ``eztong/keyring/v1`` has ``root_key_id`` instead of ``ring`` and ``roots``: the root key's own bytes, in a file, are
  the secret, and its name is that of the ring. A ring under a file is of this format until its root key is changed.
* An older file that was written with the same root key is accepted when loading: only a running server, which knows
  the keys in use, notices that (``KeyringRolledBack``).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from typing_extensions import override

from eztong.adapters.keys.private_files import check_private_folder, read_private, write_private
from eztong.adapters.keys.problems import KeyringDamaged, KeyringProblem, RootKeyWrong
from eztong.adapters.keys.ring_secret import RingSecret
from eztong.adapters.keys.root_file import FileRoot
from eztong.domain.canonical_json import DocumentMalformed, parse_document, parse_time, render_canonical, render_time
from eztong.domain.keys.rotation import KeyState
from eztong.domain.sealing import NONCE_BYTES, open_field, seal_field
from eztong.gm.errors import GmError, SignatureInvalid
from eztong.gm.sm3 import require_equal
from eztong.ports.entropy import Entropy
from eztong.ports.root_key import SECRET_BYTES, RootKey, RootKind

__all__ = ["FORMAT", "Envelope", "KeyringProblem", "StoredKey", "WrappedRoot", "open_ring", "read_ring", "write_ring"]

FORMAT = "eztong/keyring/v1"
FORMAT_2 = "eztong/keyring/v2"
_MEMBERS: Mapping[str, set[str]] = {
    FORMAT: {"format", "root_key_id", "keys", "check"},
    FORMAT_2: {"format", "ring", "roots", "keys", "check"},
}
Root = Path | RootKey
"""A root key, or the file that it lies in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredKey:
    """One key of the ring. ``repr`` hides the secret.

    ``secret`` is the raw key, PKCS#8 for a signing key, or the name of a key inside a token. A key that sealed and is
    retired has none any more.
    """

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


@dataclass(frozen=True, slots=True, kw_only=True)
class WrappedRoot:
    """The secret of a ring as one root key wrapped it."""

    kind: RootKind
    name: str
    wrapped: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What a ring's keys lie in. Without ``roots`` it is of the first format, directly under a root key file."""

    ring: str
    secret: RingSecret
    roots: tuple[WrappedRoot, ...] = ()
    raw: bytes = field(default=b"", repr=False)
    """The secret itself, to be wrapped by another root key; none in the first format."""

    @property
    def is_first(self) -> bool:
        """Say whether the ring is of the first format."""
        return not self.roots


def root_of(root: Root) -> RootKey:
    """Return the root key that is meant."""
    return FileRoot(root) if isinstance(root, Path) else root


def read_ring(path: Path, root: Root) -> list[StoredKey]:
    """Read, check and unseal the ring, in the order of the file.

    Raises:
        KeyringProblem: as :func:`open_ring` says.
    """
    return open_ring(path, root)[1]


def open_ring(path: Path, root: Root) -> tuple[Envelope, list[StoredKey]]:
    """Read, check and unseal the ring; return what its keys lie in, and the keys in the order of the file.

    Raises:
        KeyringMissing, KeyringExposed: the keyring, its folder, or a root key file.
        RootKeyWrong: the root key is malformed or belongs to another keyring.
        KeyringDamaged: the file is not as it was written.
        TokenProblem: the root key lies in a token that cannot be used.
    """
    content = read_private(path)
    check_private_folder(path.parent)
    try:
        document = parse_document(content)
        found = document.get("format")
        if _MEMBERS.get(str(found)) != set(document):
            raise KeyringDamaged(f"The keyring is not of a format that is known. {KeyringDamaged.advice}")
        envelope = (_first_envelope if found == FORMAT else _envelope)(document, root_of(root))
        require_equal(_check(document, envelope), bytes.fromhex(document["check"]))
        return envelope, [_unseal(entry, envelope) for entry in document["keys"]]
    except SignatureInvalid as error:
        raise KeyringDamaged(f"The keyring was changed after it was written. {KeyringDamaged.advice}") from error
    except (DocumentMalformed, GmError, ValueError, KeyError, TypeError) as error:
        raise KeyringDamaged(f"The keyring cannot be read. {KeyringDamaged.advice}") from error


def root_key_id_of(content: bytes) -> str:
    """Return the name of the ring in a keyring file, without opening it: it tells deployments apart.

    Raises:
        KeyringDamaged: it is no keyring file.
    """
    try:
        document = parse_document(content)
        return str(document["ring"] if "ring" in document else document["root_key_id"])
    except (DocumentMalformed, KeyError, TypeError) as error:
        raise KeyringDamaged(f"The keyring cannot be read. {KeyringDamaged.advice}") from error


def new_envelope(root: Root, *, entropy: Entropy) -> Envelope:
    """Return what a new ring lies in.

    Raises:
        KeyringProblem: the root key cannot be used.
    """
    one = root_of(root)
    if isinstance(one, FileRoot):
        secret = one.derived()
        return Envelope(ring=secret.name, secret=secret)
    return wrapped_by([one], entropy.token(SECRET_BYTES), ring="", entropy=entropy)


def wrapped_by(roots: Sequence[RootKey], raw: bytes, *, ring: str, entropy: Entropy) -> Envelope:
    """Return an envelope whose secret each of ``roots`` wraps, after each has opened what it wrapped.

    ``ring`` is the ring's name; empty for a new one.

    Raises:
        KeyringProblem: a root key cannot be used.
    """
    wrapped = tuple(_wrapped(root, raw, nonce=entropy.token(NONCE_BYTES)) for root in roots)
    secret = RingSecret.derive(raw)
    return Envelope(ring=ring or secret.name, secret=secret, roots=wrapped, raw=raw)


def _wrapped(root: RootKey, raw: bytes, *, nonce: bytes) -> WrappedRoot:
    made = WrappedRoot(kind=root.kind, name=root.name(), wrapped=root.wrap(raw, nonce=nonce))
    # Whatever a token does: nothing is written that it does not open.
    if root.unwrap(made.wrapped) != raw:
        raise RootKeyWrong("The root key does not open what it wrapped. Nothing was changed.")
    return made


def write_ring(path: Path, root: Root, keys: Sequence[StoredKey], *, entropy: Entropy) -> None:
    """Seal and write the ring atomically, in the envelope that is there. Callers hold the folder's lock.

    Raises:
        KeyringProblem: the root key, or the ring that is there, cannot be used.
    """
    envelope = open_ring(path, root)[0] if path.exists() else new_envelope(root, entropy=entropy)
    write_enveloped(path, envelope, keys, entropy=entropy)


def write_enveloped(path: Path, envelope: Envelope, keys: Sequence[StoredKey], *, entropy: Entropy) -> None:
    """Seal and write the ring atomically in ``envelope``. Callers hold the folder's lock."""
    document: dict[str, Any] = (
        {"format": FORMAT, "root_key_id": envelope.ring}
        if envelope.is_first
        else {"format": FORMAT_2, "ring": envelope.ring, "roots": [_entry(one) for one in envelope.roots]}
    )
    document["keys"] = [_seal(key, envelope, nonce=entropy.token(NONCE_BYTES)) for key in keys]
    document["check"] = _check(document, envelope).hex()
    write_private(path, json.dumps(document, indent=1).encode() + b"\n")


def _first_envelope(document: dict[str, Any], root: RootKey) -> Envelope:
    if not isinstance(root, FileRoot):
        raise RootKeyWrong(
            "The keyring lies under a root key in a file, and EZTONG_ROOT_KEY_PLACE says token. Set it to file; "
            "then `eztong keys change-root` brings the ring under the token."
        )
    secret = root.derived()
    if document["root_key_id"] != secret.name:
        raise RootKeyWrong(f"The keyring was written with another root key. {RootKeyWrong.advice}")
    return Envelope(ring=secret.name, secret=secret)


def _envelope(document: dict[str, Any], root: RootKey) -> Envelope:
    roots = tuple(
        WrappedRoot(
            kind=RootKind(one["kind"]), name=one["name"], wrapped=base64.b64decode(one["wrapped"], validate=True)
        )
        for one in document["roots"]
    )
    name = root.name()
    mine = [one.wrapped for one in roots if (one.kind, one.name) == (root.kind, name)]
    if not mine:
        known = ", ".join(f"{one.kind.value} {one.name}" for one in roots)
        raise RootKeyWrong(f"The keyring is opened by another root key ({known}). {RootKeyWrong.advice}")
    raw = root.unwrap(mine[0])
    return Envelope(ring=str(document["ring"]), secret=RingSecret.derive(raw), roots=roots, raw=raw)


def _entry(root: WrappedRoot) -> dict[str, str]:
    return {"kind": root.kind.value, "name": root.name, "wrapped": base64.b64encode(root.wrapped).decode()}


def _check(document: dict[str, Any], envelope: Envelope) -> bytes:
    checked = render_canonical({name: value for name, value in document.items() if name != "check"})
    return envelope.secret.check.digest(checked)


def _seal(key: StoredKey, envelope: Envelope, *, nonce: bytes) -> dict[str, Any]:
    sealed = seal_field(envelope.secret.sealing, key.secret, nonce=nonce, place=_place(key.key_id, key.purpose))
    return {
        "key_id": key.key_id,
        "purpose": key.purpose,
        "number": key.number,
        "state": key.state.value,
        "created_at": render_time(key.created_at),
        "retired_at": None if key.retired_at is None else render_time(key.retired_at),
        "sealed": base64.b64encode(sealed).decode(),
    }


def _unseal(entry: dict[str, Any], envelope: Envelope) -> StoredKey:
    sealed = base64.b64decode(entry["sealed"], validate=True)
    retired = entry["retired_at"]
    return StoredKey(
        key_id=entry["key_id"],
        purpose=entry["purpose"],
        number=entry["number"],
        state=KeyState(entry["state"]),
        created_at=parse_time(entry["created_at"]),
        retired_at=None if retired is None else parse_time(retired),
        secret=open_field(envelope.secret.sealing, sealed, place=_place(entry["key_id"], entry["purpose"])),
    )


def _place(key_id: str, purpose: str) -> tuple[str, str, str]:
    return ("keyring", key_id, purpose)
