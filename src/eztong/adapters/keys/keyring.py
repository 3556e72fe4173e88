"""The file keyring: keys by purpose, made ready once so that using them is cheap."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from typing_extensions import override

from eztong.adapters.keys.keyring_file import (
    KeyringProblem,
    StoredKey,
    create_root_key,
    read_ring,
    write_ring,
)
from eztong.domain.errors import InputInvalid, NotFound, NotPermitted
from eztong.domain.holder import WrappedKey
from eztong.domain.proof import PublishedKey
from eztong.domain.sealing import DATA_KEY_BYTES, open_field, seal_field
from eztong.domain.signed_note import key_hash
from eztong.gm.errors import DecryptionFailed
from eztong.gm.sm2 import PrivateKey
from eztong.gm.sm3 import HmacSm3Key
from eztong.ports.entropy import Entropy
from eztong.ports.keys import KeyInfo, Keys, KeySignature, KeyState, MacPurpose, SignPurpose

KEK = "kek"
SERVICE_SEAL = "service_seal"
PURPOSES = (*(p.value for p in MacPurpose), KEK, SERVICE_SEAL, *(p.value for p in SignPurpose))
_SIGNING = frozenset(p.value for p in SignPurpose)
_STABLE = frozenset({MacPurpose.LOOKUP.value, MacPurpose.PARTNER_CODE.value})
_MAC_KEY_BYTES = 32
_MAX_NUMBER = 999


@dataclass(slots=True)
class _Signer:
    key: PrivateKey
    note_hash: bytes


@dataclass(slots=True)
class _Ring:
    """A ring made ready for use; never changed after it is made, so that readers need no lock."""

    stored: list[StoredKey]
    macs: dict[str, list[HmacSm3Key]] = field(default_factory=lambda: defaultdict(list))
    mac_by_number: dict[tuple[str, int], HmacSm3Key] = field(default_factory=dict)
    sealing: dict[str, bytes] = field(default_factory=dict)
    active: dict[str, StoredKey] = field(default_factory=dict)
    signers: dict[str, _Signer] = field(default_factory=dict)


class FileKeyring(Keys):
    """The keys port over a keyring file."""

    def __init__(self, path: Path, root_key_path: Path) -> None:
        """Load the ring.

        Raises:
            KeyringProblem: missing, exposed, damaged, or without an active key for some purpose.
        """
        self._path = path
        self._root_key_path = root_key_path
        self._gate = threading.Lock()
        self._stamp = self._file_stamp()
        self._ring = _make_ready(read_ring(path, root_key_path))

    @override
    def mac(self, purpose: MacPurpose, data: bytes) -> bytes:
        return self._ring.macs[purpose.value][0].digest(data)

    @override
    def macs(self, purpose: MacPurpose, data: bytes) -> Sequence[bytes]:
        return [key.digest(data) for key in self._ring.macs[purpose.value]]

    @override
    def active_number(self, purpose: MacPurpose) -> int:
        return self._ring.active[purpose.value].number

    @override
    def mac_with(self, purpose: MacPurpose, number: int, data: bytes) -> bytes:
        key = self._ring.mac_by_number.get((purpose.value, number))
        if key is None:
            raise NotFound("There is no such key.")
        return key.digest(data)

    @override
    def wrap(self, data_key: bytes, *, nonce: bytes, owner: str) -> WrappedKey:
        kek = self._ring.active[KEK]
        wrapped = seal_field(kek.secret, data_key, nonce=nonce, place=("data_key", owner, kek.key_id))
        return WrappedKey(kek_id=kek.key_id, wrapped=wrapped)

    @override
    def unwrap(self, wrapped: WrappedKey, *, owner: str) -> bytes:
        kek = self._ring.sealing.get(wrapped.kek_id)
        if kek is None:
            raise DecryptionFailed("the key-encryption key is gone")
        return open_field(kek, wrapped.wrapped, place=("data_key", owner, wrapped.kek_id))

    @override
    def seal(self, plaintext: bytes, *, nonce: bytes, place: tuple[str, str, str]) -> bytes:
        key = self._ring.active[SERVICE_SEAL]
        return key.number.to_bytes(2) + seal_field(key.secret, plaintext, nonce=nonce, place=place)

    @override
    def open(self, sealed: bytes, *, place: tuple[str, str, str]) -> bytes:
        key = self._ring.sealing.get(f"{SERVICE_SEAL}-{int.from_bytes(sealed[:2])}")
        if key is None:
            raise DecryptionFailed("the sealing key is gone")
        return open_field(key, sealed[2:], place=place)

    @override
    def sign(self, purpose: SignPurpose, message: bytes) -> KeySignature:
        stored = self._ring.active[purpose.value]
        signer = self._ring.signers[stored.key_id]
        return KeySignature(stored.key_id, signer.note_hash, signer.key.sign(message))

    @override
    def published(self) -> Sequence[PublishedKey]:
        return [
            PublishedKey(
                key_id=key.key_id,
                public_key=self._ring.signers[key.key_id].key.public_key(),
                not_before=key.created_at,
                retired_at=key.retired_at,
            )
            for key in self._ring.stored
            if key.purpose == SignPurpose.RESULTS.value
        ]

    @override
    def describe(self) -> Sequence[KeyInfo]:
        return [
            KeyInfo(
                key_id=key.key_id,
                purpose=key.purpose,
                number=key.number,
                state=key.state,
                created_at=key.created_at,
                retired_at=key.retired_at,
            )
            for key in self._ring.stored
        ]

    def public_key(self, purpose: SignPurpose) -> bytes:
        """Return the SPKI of the purpose's active key."""
        return self._ring.signers[self._ring.active[purpose.value].key_id].key.public_key().to_spki()

    def reload_if_changed(self) -> bool:
        """Load the file again if it changed since; return whether it did. A rotation reaches a server this way."""
        with self._gate:
            stamp = self._file_stamp()
            if stamp == self._stamp:
                return False
            self._ring = _make_ready(read_ring(self._path, self._root_key_path))
            self._stamp = stamp
            return True

    def rotate(self, purpose: str, *, entropy: Entropy, now: datetime) -> KeyInfo:
        """Make a new active key; the old one retires, and an earlier retiring one is retired.

        Raises:
            InputInvalid: no such purpose.
            NotPermitted: blind indexes and partner codes must stay what they are.
        """
        if purpose not in PURPOSES:
            raise InputInvalid(f"Purposes are: {', '.join(PURPOSES)}.")
        if purpose in _STABLE:
            raise NotPermitted(f"{purpose} cannot be rotated: look-ups and partner codes would change for everyone.")
        with self._gate:
            new = _next_key(self._ring.stored, purpose, entropy=entropy, now=now)
            keys = [_aged(key, now=now) if key.purpose == purpose else key for key in self._ring.stored]
            write_ring(self._path, self._root_key_path, [*keys, new], entropy=entropy)
            self._ring = _make_ready([*keys, new])
            self._stamp = self._file_stamp()
        return next(info for info in self.describe() if info.key_id == new.key_id)

    @override
    def __repr__(self) -> str:
        """Hide everything."""
        return "FileKeyring()"

    def _file_stamp(self) -> tuple[int, int, int]:
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return (0, 0, 0)
        return (status.st_mtime_ns, status.st_ino, status.st_size)


def create_keyring(path: Path, root_key_path: Path, *, entropy: Entropy, now: datetime) -> FileKeyring:
    """Make a ring with one active key for each purpose, and a root key if there is none.

    Raises:
        InputInvalid: there is a keyring already; it is never overwritten.
    """
    if path.exists():
        raise InputInvalid("There is a keyring already; it is not overwritten.")
    if not root_key_path.exists():
        create_root_key(root_key_path, entropy=entropy)
    keys: list[StoredKey] = []
    for purpose in PURPOSES:
        keys.append(_next_key(keys, purpose, entropy=entropy, now=now))
    write_ring(path, root_key_path, keys, entropy=entropy)
    return FileKeyring(path, root_key_path)


def _next_key(keys: Sequence[StoredKey], purpose: str, *, entropy: Entropy, now: datetime) -> StoredKey:
    number = 1 + max((key.number for key in keys if key.purpose == purpose), default=0)
    if number > _MAX_NUMBER:
        raise KeyringProblem(f"{purpose} was rotated {_MAX_NUMBER} times.")
    if purpose in _SIGNING:
        secret = PrivateKey.generate().to_pkcs8()
    else:
        secret = entropy.token(DATA_KEY_BYTES if purpose in (KEK, SERVICE_SEAL) else _MAC_KEY_BYTES)
    return StoredKey(
        key_id=f"{purpose}-{number}",
        purpose=purpose,
        number=number,
        state=KeyState.ACTIVE,
        created_at=now.replace(microsecond=now.microsecond // 1000 * 1000),
        retired_at=None,
        secret=secret,
    )


def _aged(key: StoredKey, *, now: datetime) -> StoredKey:
    match key.state:
        case KeyState.ACTIVE:
            return replace(key, state=KeyState.RETIRING)
        case KeyState.RETIRING:
            return replace(key, state=KeyState.RETIRED, retired_at=now)
        case KeyState.RETIRED:
            return key


def _make_ready(stored: list[StoredKey]) -> _Ring:
    ring = _Ring(stored)
    for key in sorted(stored, key=lambda k: -k.number):
        if key.state is KeyState.ACTIVE:
            ring.active[key.purpose] = key
        if key.purpose in _SIGNING:
            private = PrivateKey.from_pkcs8(key.secret)
            spki = private.public_key().to_spki()
            ring.signers[key.key_id] = _Signer(private, key_hash(key_name=key.key_id, spki=spki))
        elif key.purpose in (KEK, SERVICE_SEAL):
            # Old data keys and messages stay sealed under the key of their time, whatever its state now.
            ring.sealing[key.key_id] = key.secret
        elif key.state is not KeyState.RETIRED:
            mac = HmacSm3Key(key.secret)
            ring.macs[key.purpose].append(mac)
            ring.mac_by_number[key.purpose, key.number] = mac
    missing = [purpose for purpose in PURPOSES if purpose not in ring.active]
    if missing:
        raise KeyringProblem(f"The keyring has no active key for: {', '.join(missing)}.")
    return ring
