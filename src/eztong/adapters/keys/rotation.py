"""Which keys there are, and what becomes of them: the rules of ``domain/keys/rotation.py`` over the stored keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from eztong.adapters.keys.input_keys import make_rsa_key
from eztong.adapters.keys.keyring_file import StoredKey
from eztong.adapters.keys.problems import PurposeUnknown
from eztong.domain.keys.rotation import SEALING, KeyState, RotationRefused, next_number, state_after
from eztong.domain.sealing import DATA_KEY_BYTES
from eztong.gm.sm2 import PrivateKey
from eztong.ports.entropy import Entropy
from eztong.ports.keys import InputPurpose, MacPurpose, SealPurpose, SignPurpose

KEK = SealPurpose.DATA_KEYS.value
SERVICE_SEAL = SealPurpose.SERVICE.value
SIGNING = frozenset(purpose.value for purpose in SignPurpose)
INPUTS = frozenset(purpose.value for purpose in InputPurpose)
"""Purposes that keyrings of earlier versions lack; a first rotation adds them."""

PURPOSES = (*(purpose.value for purpose in MacPurpose), KEK, SERVICE_SEAL, *sorted(SIGNING), *sorted(INPUTS))
"""Every purpose, in the order of the file."""

EFFECTS: Mapping[str, str] = {
    MacPurpose.CODE_HANDLE.value: "Codes on screens keep working until they expire.",
    MacPurpose.QR_TAG.value: "Codes on screens keep working until they expire.",
    MacPurpose.API_KEY.value: "API keys keep working; at the next rotation those made before this one stop.",
    MacPurpose.SESSION.value: "Sessions and links go on; at the next rotation those made before this one end.",
    MacPurpose.OTP.value: "Message codes that are under way stop working.",
    KEK: "Data keys of new accounts are sealed under the new key; `eztong keys reseal` brings earlier ones over.",
    SERVICE_SEAL: "New values are sealed under the new key; `eztong keys reseal` brings earlier ones over.",
    SignPurpose.RESULTS.value: "Results are signed with the new key; earlier proofs stay valid.",
    InputPurpose.RSA.value: "Give integrators the new public key; what they encrypt to the earlier one still opens.",
    InputPurpose.SM2.value: "Give integrators the new public key; what they encrypt to the earlier one still opens.",
    SignPurpose.AUTHORITY_CLIENT.value: "The authority must know the new public key before it answers again.",
}
"""What an operator should know before a rotation, by purpose."""

_MAC_KEY_BYTES = 32


def first_keys(*, entropy: Entropy, now: datetime) -> list[StoredKey]:
    """Return a new ring: one active key for each purpose."""
    return [_new_key(purpose, 1, entropy=entropy, now=now) for purpose in PURPOSES]


def rotated(
    keys: Sequence[StoredKey], purpose: str, *, entropy: Entropy, now: datetime, secret: bytes | None = None
) -> list[StoredKey]:
    """Return the ring with a new active key for ``purpose`` at its end; with ``secret`` as that, if one is given.

    Raises:
        PurposeUnknown: no such purpose.
        RotationRefused: a stable purpose, 999 keys were made, or the last rotation was only just now.
    """
    if purpose not in PURPOSES:
        raise PurposeUnknown(f"The purposes are: {', '.join(PURPOSES)}.")
    number = next_number(purpose, keys, now=now)
    aged = [_aged(key, now=now) if key.purpose == purpose else key for key in keys]
    return [*aged, _new_key(purpose, number, entropy=entropy, now=now, secret=secret)]


def retired(keys: Sequence[StoredKey], key_id: str, *, now: datetime) -> list[StoredKey]:
    """Return the ring in which a key that sealed is retired and its secret destroyed.

    Raises:
        RotationRefused: no such key, it is the active one, it does not seal, or it was retired before.
    """
    found = next((key for key in keys if key.key_id == key_id), None)
    if found is None:
        raise RotationRefused(f"There is no key {key_id}. `eztong keys list` shows them.")
    if found.purpose not in SEALING:
        raise RotationRefused(f"{key_id} seals nothing: the next rotation of {found.purpose} retires it by itself.")
    if found.state is not KeyState.RETIRING:
        raise RotationRefused(f"{key_id} is {found.state.value}; only a retiring key is retired.")
    gone = replace(found, state=KeyState.RETIRED, retired_at=_to_milliseconds(now), secret=b"")
    return [gone if key is found else key for key in keys]


def _aged(key: StoredKey, *, now: datetime) -> StoredKey:
    after = state_after(key.purpose, key.state)
    if after is key.state:
        return key
    return replace(key, state=after, retired_at=_to_milliseconds(now) if after is KeyState.RETIRED else None)


def _new_key(purpose: str, number: int, *, entropy: Entropy, now: datetime, secret: bytes | None = None) -> StoredKey:
    return StoredKey(
        key_id=f"{purpose}-{number}",
        purpose=purpose,
        number=number,
        state=KeyState.ACTIVE,
        created_at=_to_milliseconds(now),
        retired_at=None,
        secret=_new_secret(purpose, entropy=entropy) if secret is None else secret,
    )


def _new_secret(purpose: str, *, entropy: Entropy) -> bytes:
    if purpose == InputPurpose.RSA.value:
        return make_rsa_key()
    if purpose in SIGNING | INPUTS:
        return PrivateKey.generate().to_pkcs8()
    return entropy.token(DATA_KEY_BYTES if purpose in SEALING else _MAC_KEY_BYTES)


def _to_milliseconds(moment: datetime) -> datetime:
    """Cut to the precision of documents: a batch signed in the same millisecond must not precede its key."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
