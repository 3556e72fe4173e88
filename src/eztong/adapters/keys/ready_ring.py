"""A ring made ready for use: every key parsed, prepared and found by one look-up. Never changed once made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from typing_extensions import override

from eztong.adapters.keys.input_keys import InputKeyPair, RsaInputKey, Sm2InputKey
from eztong.adapters.keys.keyring_file import StoredKey
from eztong.adapters.keys.problems import KeyringDamaged
from eztong.adapters.keys.rotation import INPUTS, KEK, PURPOSES, SERVICE_SEAL, SIGNING
from eztong.adapters.keys.token_key import TokenKey, is_in_token
from eztong.domain.evidence.signed_note import key_hash
from eztong.domain.keys.rotation import MAX_NUMBER, SEALING, KeyState
from eztong.gm.errors import GmError
from eztong.gm.sm2 import PrivateKey
from eztong.gm.sm3 import HmacSm3Key
from eztong.gm.sm4 import Sm4Key
from eztong.ports.keys import InputPurpose
from eztong.ports.signing_token import SigningToken

Mac = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class RingKey:
    """A signing key with its name and the four bytes that tie notes to it."""

    key_id: str
    note_hash: bytes
    key: PrivateKey | TokenKey


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyRing:
    """Keys by what callers name: purpose, number or id. Of retired keys only the signers can be found."""

    stored: Sequence[StoredKey]
    active: Mapping[str, StoredKey]
    """By purpose, every one."""

    macs: Mapping[str, Sequence[Mac]]
    """By purpose: active first, then retiring from the newest."""

    macs_by_number: Mapping[tuple[str, int], Mac]
    keks: Mapping[str, Sm4Key]
    """Key-encryption keys by key id."""

    seals: Mapping[int, Sm4Key]
    """Keys of the service's own sealed values by number."""

    signers: Mapping[str, RingKey]
    """By key id, of every state."""

    inputs: Mapping[str, InputKeyPair]
    """Key pairs of input encryption by key id: active ones first, then retiring ones from the newest."""

    active_macs: Mapping[str, Mac]
    active_signers: Mapping[str, RingKey]

    @classmethod
    def prepare(cls, stored: Sequence[StoredKey], *, token: SigningToken | None = None) -> Self:
        """Check the ring as a whole and prepare its keys.

        Raises:
            KeyringDamaged: a purpose without exactly one active key, a misnamed key, or a secret of the wrong form.
        """
        _check_names(stored)
        active = _active_keys(stored)
        usable = [key for key in stored if key.state is not KeyState.RETIRED]
        macs, signers = _prepare_macs(usable), _prepare_signers(stored, token)
        return cls(
            stored=tuple(stored),
            active=active,
            macs=_macs_by_purpose(usable, macs),
            macs_by_number={(key.purpose, key.number): macs[key.key_id] for key in usable if key.key_id in macs},
            keks={key.key_id: _prepare_sealing(key) for key in usable if key.purpose == KEK},
            seals={key.number: _prepare_sealing(key) for key in usable if key.purpose == SERVICE_SEAL},
            signers=signers,
            inputs={key.key_id: _prepare_input(key) for key in _newest_first(usable) if key.purpose in INPUTS},
            active_macs={purpose: macs[key.key_id] for purpose, key in active.items() if key.key_id in macs},
            active_signers={purpose: signers[active[purpose].key_id] for purpose in SIGNING},
        )

    @override
    def __repr__(self) -> str:
        return f"ReadyRing({len(self.stored)} keys)"


def _check_names(stored: Sequence[StoredKey]) -> None:
    for key in stored:
        if key.purpose not in PURPOSES or not 1 <= key.number <= MAX_NUMBER:
            raise KeyringDamaged("The keyring holds a key that this version does not know. Use the newest version.")
        if key.key_id != f"{key.purpose}-{key.number}":
            raise KeyringDamaged(f"A key of the keyring is misnamed. {KeyringDamaged.advice}")
    if len({key.key_id for key in stored}) != len(stored):
        raise KeyringDamaged(f"A key is in the keyring twice. {KeyringDamaged.advice}")


def _active_keys(stored: Sequence[StoredKey]) -> dict[str, StoredKey]:
    found: dict[str, StoredKey] = {}
    for key in stored:
        if key.state is KeyState.ACTIVE and found.setdefault(key.purpose, key) is not key:
            raise KeyringDamaged(f"{key.purpose} has two active keys. {KeyringDamaged.advice}")
    missing = [purpose for purpose in PURPOSES if purpose not in found and purpose not in INPUTS]
    if missing:
        raise KeyringDamaged(f"There is no active key for: {', '.join(missing)}. {KeyringDamaged.advice}")
    return found


def _prepare_macs(usable: Sequence[StoredKey]) -> dict[str, Mac]:
    return {key.key_id: _prepare_mac(key) for key in usable if key.purpose not in SEALING | SIGNING | INPUTS}


def _prepare_mac(key: StoredKey) -> Mac:
    try:
        return HmacSm3Key(key.secret).digest
    except GmError as error:
        raise _malformed(key) from error


def _macs_by_purpose(usable: Sequence[StoredKey], macs: Mapping[str, Mac]) -> dict[str, tuple[Mac, ...]]:
    by_purpose: dict[str, list[Mac]] = {}
    for key in _newest_first(usable):
        if key.key_id in macs:
            by_purpose.setdefault(key.purpose, []).append(macs[key.key_id])
    return {purpose: tuple(found) for purpose, found in by_purpose.items()}


def _newest_first(usable: Sequence[StoredKey]) -> list[StoredKey]:
    return sorted(usable, key=lambda key: (key.state is not KeyState.ACTIVE, -key.number))


def _prepare_input(key: StoredKey) -> InputKeyPair:
    try:
        return (RsaInputKey if key.purpose == InputPurpose.RSA else Sm2InputKey)(key.secret)
    except GmError as error:
        raise _malformed(key) from error


def _prepare_signers(stored: Sequence[StoredKey], token: SigningToken | None) -> dict[str, RingKey]:
    return {key.key_id: _prepare_signer(key, token) for key in stored if key.purpose in SIGNING}


def _prepare_signer(key: StoredKey, token: SigningToken | None) -> RingKey:
    if is_in_token(key.secret):
        return _ring_key(key, TokenKey.read(key.secret, token=token))
    try:
        return _ring_key(key, PrivateKey.from_pkcs8(key.secret))
    except GmError as error:
        raise _malformed(key) from error


def _ring_key(key: StoredKey, pair: PrivateKey | TokenKey) -> RingKey:
    return RingKey(key.key_id, key_hash(key_name=key.key_id, spki=pair.public_key().to_spki()), pair)


def _prepare_sealing(key: StoredKey) -> Sm4Key:
    try:
        return Sm4Key(key.secret)
    except GmError as error:
        raise _malformed(key) from error


def _malformed(key: StoredKey) -> KeyringDamaged:
    return KeyringDamaged(f"The key {key.key_id} is malformed. {KeyringDamaged.advice}")
