"""The file keyring: the keys port over a keyring file and the root key that opens it, in a file or a token.

Keys are prepared once when the file is loaded. A loaded ring is never changed, only replaced as a whole, so that
using keys takes no lock; changing the file takes one, between processes, too.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from typing_extensions import override

from eztong.adapters.keys.keyring_file import Envelope, Root, StoredKey, open_ring, read_ring, root_of, write_ring
from eztong.adapters.keys.private_files import check_private_folder, locked_folder, make_private_folder
from eztong.adapters.keys.problems import KeyringExists, KeyringRolledBack, TokenMissing
from eztong.adapters.keys.ready_ring import ReadyRing
from eztong.adapters.keys.root_file import FileRoot, create_root_key
from eztong.adapters.keys.rotation import INPUTS, KEK, SERVICE_SEAL, SIGNING, first_keys, retired, rotated
from eztong.adapters.keys.token_key import TokenKey, is_in_token
from eztong.domain.errors import NotFound
from eztong.domain.evidence.proof import PublishedKey
from eztong.domain.holder import WrappedKey
from eztong.domain.keys.inventory import KeyPlace
from eztong.domain.keys.rotation import RotatedMeanwhile, RotationRefused
from eztong.domain.sealing import open_field, seal_field
from eztong.gm.errors import DecryptionFailed
from eztong.gm.sm4 import Sm4Key
from eztong.ports.entropy import Entropy
from eztong.ports.keys import (
    SEAL_NUMBER_BYTES,
    InputKey,
    InputPurpose,
    KeyInfo,
    Keys,
    KeySignature,
    KeyTurning,
    MacPurpose,
    RootInfo,
    SignPurpose,
)
from eztong.ports.signing_token import SigningToken


class FileKeyring(Keys, KeyTurning):
    """The keys port over a keyring file. Safe to share between threads."""

    def __init__(self, path: Path, root: Root, *, token: SigningToken | None = None) -> None:
        """Load the ring. ``root`` is the root key, or the file that it lies in.

        With a ``token`` each active key that lies in one signs something now; without, such keys verify only.

        Raises:
            KeyringProblem: missing, exposed, damaged, or written with another root key.
            TokenProblem: a key in the token does not sign.
        """
        self._path = path
        self._token = token
        self._root = root_of(root)
        self._gate = threading.Lock()
        # Taken before reading: a change in between is then noticed at the next look.
        self._stamp = _stamp(path)
        envelope, keys = open_ring(path, self._root)
        self._ring, self._roots = ReadyRing.prepare(keys, token=token), self._told(envelope)
        if token is not None:
            for signer in self._ring.active_signers.values():
                if isinstance(signer.key, TokenKey):
                    signer.key.check()

    @override
    def mac(self, purpose: MacPurpose, data: bytes) -> bytes:
        return self._ring.active_macs[purpose](data)

    @override
    def macs(self, purpose: MacPurpose, data: bytes) -> Sequence[bytes]:
        return [mac(data) for mac in self._ring.macs[purpose]]

    @override
    def active_number(self, purpose: MacPurpose) -> int:
        return self._ring.active[purpose].number

    @override
    def mac_with(self, purpose: MacPurpose, number: int, data: bytes) -> bytes:
        mac = self._ring.macs_by_number.get((purpose, number))
        if mac is None:
            raise NotFound("There is no key with this number, or it is retired.")
        return mac(data)

    @override
    def wrap(self, data_key: bytes, *, nonce: bytes, owner: str) -> WrappedKey:
        kek = self._ring.active[KEK]
        wrapped = seal_field(kek.secret, data_key, nonce=nonce, place=_wrapped_place(owner, kek.key_id))
        return WrappedKey(kek_id=kek.key_id, wrapped=wrapped)

    @override
    def unwrap(self, wrapped: WrappedKey, *, owner: str) -> bytes:
        kek = self._ring.keks.get(wrapped.kek_id)
        return _open(kek, wrapped.wrapped, place=_wrapped_place(owner, wrapped.kek_id))

    @override
    def seal(self, plaintext: bytes, *, nonce: bytes, place: tuple[str, str, str]) -> bytes:
        key = self._ring.active[SERVICE_SEAL]
        return key.number.to_bytes(SEAL_NUMBER_BYTES) + seal_field(key.secret, plaintext, nonce=nonce, place=place)

    @override
    def open(self, sealed: bytes, *, place: tuple[str, str, str]) -> bytes:
        number = int.from_bytes(sealed[:SEAL_NUMBER_BYTES])
        return _open(self._ring.seals.get(number), sealed[SEAL_NUMBER_BYTES:], place=place)

    @override
    def sign(self, purpose: SignPurpose, message: bytes) -> KeySignature:
        signer = self._ring.active_signers[purpose]
        return KeySignature(signer.key_id, signer.note_hash, signer.key.sign(message))

    @override
    def open_input(self, purpose: InputPurpose, wrapped: bytes) -> Sequence[bytes]:
        ring = self._ring
        found = (pair.open(wrapped) for key_id, pair in ring.inputs.items() if key_id.startswith(f"{purpose}-"))
        return [session_key for session_key in found if session_key is not None]

    @override
    def input_keys(self) -> Sequence[InputKey]:
        ring = self._ring
        return [
            InputKey(
                key_id=key.key_id,
                purpose=InputPurpose(key.purpose),
                state=key.state,
                created_at=key.created_at,
                spki=ring.inputs[key.key_id].spki(),
            )
            for key in ring.stored
            if key.key_id in ring.inputs
        ]

    @override
    def published(self) -> Sequence[PublishedKey]:
        ring = self._ring
        return [
            PublishedKey(
                key_id=key.key_id,
                public_key=ring.signers[key.key_id].key.public_key(),
                not_before=key.created_at,
                retired_at=key.retired_at,
            )
            for key in ring.stored
            if key.purpose == SignPurpose.RESULTS
        ]

    @override
    def roots(self) -> Sequence[RootInfo]:
        return self._roots

    @override
    def describe(self) -> Sequence[KeyInfo]:
        return [_describe(key) for key in self._ring.stored]

    def public_key(self, purpose: SignPurpose) -> bytes:
        """Return the DER SubjectPublicKeyInfo of the purpose's active key."""
        return self._ring.active_signers[purpose].key.public_key().to_spki()

    @override
    def reload_if_changed(self) -> bool:
        """Take over the file if it changed since it was read, and return whether it did.

        A running server calls this every second or so: that is how a rotation on the command line reaches it. After
        an error the keys in use stay, and the next call tries again.

        Raises:
            KeyringProblem: the changed file cannot be used.
            KeyringRolledBack: it lacks keys that are in use.
        """
        if _stamp(self._path) == self._stamp:
            return False
        with self._gate:
            stamp = _stamp(self._path)
            envelope, keys = open_ring(self._path, self._root)
            self._replace(keys, stamp)
            self._roots = self._told(envelope)
            return True

    def signer_in_token(self, label: str, *, purpose: str) -> bytes:
        """Return what the ring keeps of an SM2 key in the token, for :meth:`rotate`, after it has signed something.

        Raises:
            RotationRefused: the purpose does not sign.
            TokenProblem: the key is not there, does not sign as SM2 does, or the settings name no token.
        """
        if purpose not in SIGNING:
            raise RotationRefused(f"Keys of {purpose} are used in memory: only {', '.join(sorted(SIGNING))} can sign.")
        if self._token is None:
            raise TokenMissing("No token is named: set EZTONG_TOKEN_MODULE and EZTONG_TOKEN_VENDOR_MECHANISM.")
        return TokenKey.find(label, token=self._token).stored()

    @override
    def rotate(
        self, purpose: str, *, entropy: Entropy, now: datetime, secret: bytes | None = None, expected: str = ""
    ) -> KeyInfo:
        """Make a new active key; the active one becomes retiring, a retiring one retired (``.rotation``).

        ``secret`` is what :meth:`signer_in_token` returned, for a key that lies there. ``expected`` is the id that the
        new key must have, if it was agreed on.

        Durable when it returns. Other processes take the new key over by :meth:`reload_if_changed`.

        Raises:
            PurposeUnknown, RotationRefused, RotatedMeanwhile: nothing was changed.
            KeyringProblem: the file cannot be used.
        """
        with self._gate, locked_folder(self._path.parent):
            # Read again: another process may have rotated since.
            keys = rotated(read_ring(self._path, self._root), purpose, entropy=entropy, now=now, secret=secret)
            if expected not in {"", keys[-1].key_id}:
                raise RotatedMeanwhile(f"{keys[-1].key_id} would be the next one. {RotatedMeanwhile.advice}")
            write_ring(self._path, self._root, keys, entropy=entropy)
            self._replace(keys, _stamp(self._path))
        return _describe(keys[-1])

    def retire(self, key_id: str, *, entropy: Entropy, now: datetime) -> KeyInfo:
        """Destroy a key that sealed, after nothing is sealed under it any more: callers have made sure of that.

        Durable when it returns.

        Raises:
            RotationRefused: no such key, it is in use, or it is none that seals. Nothing was changed.
            KeyringProblem: the file cannot be used.
        """
        with self._gate, locked_folder(self._path.parent):
            keys = retired(read_ring(self._path, self._root), key_id, now=now)
            write_ring(self._path, self._root, keys, entropy=entropy)
            self._replace(keys, _stamp(self._path))
        return next(_describe(key) for key in keys if key.key_id == key_id)

    def complete(self, *, entropy: Entropy, now: datetime) -> None:
        """Make the first keys of purposes that a keyring of an earlier version lacks."""
        for purpose in sorted(INPUTS - set(self._ring.active)):
            self.rotate(purpose, entropy=entropy, now=now)

    @override
    def __repr__(self) -> str:
        return f"FileKeyring({str(self._path)!r})"

    def _told(self, envelope: Envelope) -> Sequence[RootInfo]:
        used = (self._root.kind, self._root.name())
        if envelope.is_first:
            return [RootInfo(kind=used[0], name=used[1], is_used=True)]
        return [RootInfo(kind=one.kind, name=one.name, is_used=(one.kind, one.name) == used) for one in envelope.roots]

    def _replace(self, keys: Sequence[StoredKey], stamp: tuple[int, ...] | None) -> None:
        lost = {key.key_id for key in self._ring.stored} - {key.key_id for key in keys}
        if lost:
            raise KeyringRolledBack(f"The keyring file lacks: {', '.join(sorted(lost))}. {KeyringRolledBack.advice}")
        self._ring = ReadyRing.prepare(keys, token=self._token)
        self._stamp = stamp


def create_keyring(path: Path, root: Root, *, entropy: Entropy, now: datetime) -> FileKeyring:
    """Make a ring with one active key for each purpose, and a root key file if there is none; return it loaded.

    A root key in a token must be there. Missing folders are made with mode 0700. ``now`` is the service's time: no
    batch signed earlier is valid.

    Raises:
        KeyringExists: there is a keyring already; it is never overwritten.
        KeyringExposed: the keyring's folder is there and others may look into it.
        RootKeyWrong: the root key that is there is malformed.
        TokenProblem: the root key lies in a token that cannot be used.
    """
    one = root_of(root)
    make_private_folder(path.parent)
    if isinstance(one, FileRoot):
        make_private_folder(one.path.parent)
    check_private_folder(path.parent)
    with locked_folder(path.parent):
        if path.exists():
            raise KeyringExists(f"{path.name} is there already; it is not overwritten. {KeyringExists.advice}")
        if isinstance(one, FileRoot) and not one.path.exists():
            create_root_key(one.path, entropy=entropy)
        write_ring(path, one, first_keys(entropy=entropy, now=now), entropy=entropy)
    return FileKeyring(path, one)


def load_keyring(path: Path, root: Root) -> FileKeyring:
    """Load the ring.

    Raises:
        KeyringProblem: missing, exposed, damaged, or written with another root key.
    """
    return FileKeyring(path, root)


def _open(key: Sm4Key | None, sealed: bytes, *, place: tuple[str, str, str]) -> bytes:
    if key is None:
        raise DecryptionFailed("the key that sealed this is gone")
    return open_field(key, sealed, place=place)


def _wrapped_place(owner: str, kek_id: str) -> tuple[str, str, str]:
    return ("data_key", owner, kek_id)


def _describe(key: StoredKey) -> KeyInfo:
    return KeyInfo(
        key_id=key.key_id,
        purpose=key.purpose,
        number=key.number,
        state=key.state,
        created_at=key.created_at,
        retired_at=key.retired_at,
        place=KeyPlace.TOKEN if is_in_token(key.secret) else KeyPlace.MEMORY,
    )


def _stamp(path: Path) -> tuple[int, ...] | None:
    """Return what changes when the file is replaced; None while there is none."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return (status.st_mtime_ns, status.st_ino, status.st_size)
