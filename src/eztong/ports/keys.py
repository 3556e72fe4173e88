"""The keys port: every secret of the service stays behind it; callers name a purpose and never see a key.

States: ``active`` (makes and checks), ``retiring`` (only checks), ``retired`` (published for old evidence only).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from eztong.domain.evidence.proof import PublishedKey
from eztong.domain.holder import WrappedKey
from eztong.domain.keys.inventory import KeyPlace
from eztong.domain.keys.rotation import KeyState
from eztong.ports.entropy import Entropy
from eztong.ports.root_key import RootKind

SEAL_NUMBER_BYTES: Final = 2
"""How long the number is, big-endian, that a value begins with which the service's own key sealed."""


class MacPurpose(StrEnum):
    """What a keyed hash is for; each purpose has keys of its own."""

    LOOKUP = "lookup"
    PARTNER_CODE = "partner_code"
    CODE_HANDLE = "code_handle"
    QR_TAG = "qr_tag"
    API_KEY = "api_key"
    SESSION = "session"
    OTP = "otp"


class SignPurpose(StrEnum):
    """What an SM2 signature is for."""

    RESULTS = "results"
    AUTHORITY_CLIENT = "authority_client"


class SealPurpose(StrEnum):
    """What a key seals: the data keys of accounts and tickets, and the service's own values."""

    DATA_KEYS = "kek"
    SERVICE = "service_seal"


class InputPurpose(StrEnum):
    """Key pairs that integrators of the Tencent Cloud door encrypt a session key to."""

    RSA = "input_rsa"
    SM2 = "input_sm2"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyInfo:
    """What may be told about a key: everything but the key."""

    key_id: str
    purpose: str
    number: int
    state: KeyState
    created_at: datetime
    retired_at: datetime | None
    place: KeyPlace = KeyPlace.MEMORY


@dataclass(frozen=True, slots=True, kw_only=True)
class RootInfo:
    """A root key that opens the ring. ``is_used`` says that the settings name it, and that it opened the ring here."""

    kind: RootKind
    name: str
    is_used: bool


@dataclass(frozen=True, slots=True)
class KeySignature:
    """A DER SM2 signature with the key that made it; ``key_hash`` is the note hash of domain.signed_note."""

    key_id: str
    key_hash: bytes
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class InputKey:
    """A public key to encrypt to. ``spki`` is DER SubjectPublicKeyInfo."""

    key_id: str
    purpose: InputPurpose
    state: KeyState
    created_at: datetime
    spki: bytes


class Keys(Protocol):
    """Uses keys by purpose. Safe to call from any thread."""

    def mac(self, purpose: MacPurpose, data: bytes) -> bytes:
        """Return HMAC-SM3 of ``data`` under the purpose's active key."""
        ...

    def macs(self, purpose: MacPurpose, data: bytes) -> Sequence[bytes]:
        """Return the HMAC-SM3 values under the active key first, then under each retiring key."""
        ...

    def active_number(self, purpose: MacPurpose) -> int:
        """Return the number (1 to 999) of the purpose's active key."""
        ...

    def mac_with(self, purpose: MacPurpose, number: int, data: bytes) -> bytes:
        """Return HMAC-SM3 under the key with that number.

        Raises:
            NotFound: there is no such key, or it is retired.
        """
        ...

    def wrap(self, data_key: bytes, *, nonce: bytes, owner: str) -> WrappedKey:
        """Seal a holder's data key under the active key-encryption key, bound to ``owner``."""
        ...

    def unwrap(self, wrapped: WrappedKey, *, owner: str) -> bytes:
        """Return the data key.

        Raises:
            eztong.gm.errors.DecryptionFailed: changed, of another owner, or its key is gone.
        """
        ...

    def seal(self, plaintext: bytes, *, nonce: bytes, place: tuple[str, str, str]) -> bytes:
        """Seal a value that belongs to no holder (a message that waits) for one table, row and column.

        What comes begins with the key's number in :data:`SEAL_NUMBER_BYTES`.
        """
        ...

    def open(self, sealed: bytes, *, place: tuple[str, str, str]) -> bytes:
        """Open what :meth:`seal` made.

        Raises:
            eztong.gm.errors.DecryptionFailed: changed, of another place, or its key is gone.
        """
        ...

    def sign(self, purpose: SignPurpose, message: bytes) -> KeySignature:
        """Sign with SM2 under the purpose's active key and user id ``1234567812345678``."""
        ...

    def open_input(self, purpose: InputPurpose, wrapped: bytes) -> Sequence[bytes]:
        """Return what ``wrapped`` may be as a session key: by the active key first, then by each retiring one.

        RSA gives something for whatever comes (implicit rejection), so the right one is told by what it opens.
        """
        ...

    def input_keys(self) -> Sequence[InputKey]:
        """Return the public keys of input encryption that still open something."""
        ...

    def published(self) -> Sequence[PublishedKey]:
        """Return every result-signing key that was ever used, retired ones with their end."""
        ...

    def roots(self) -> Sequence[RootInfo]:
        """Return the root keys that open the ring; more than one only while it is being changed."""
        ...

    def describe(self) -> Sequence[KeyInfo]:
        """Return what may be told about all keys."""
        ...


class KeyTurning(Protocol):
    """Makes the keys that two operators agreed on at the console.

    Safe to call from any thread, and beside other processes.
    """

    def reload_if_changed(self) -> bool:
        """Take over what another process changed, and return whether there was something."""
        ...

    def rotate(self, purpose: str, *, entropy: Entropy, now: datetime, expected: str) -> KeyInfo:
        """Make the key ``expected`` the active one of ``purpose``; the others age. Durable when it returns.

        Raises:
            RotatedMeanwhile: another one would be the next. Nothing was changed.
            RotationRefused: the purpose stays, or rotated just now. Nothing was changed.
        """
        ...
