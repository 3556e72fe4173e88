"""The inventory of cryptography, as an assessment of commercial cryptography (密评, GB/T 39786) asks for it.

Which keys there are, for what, by which algorithm and how long, where they are used, and whether what uses them is a
certified module. A key that is used in the memory of this program never is: the program is none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class KeyPlace(StrEnum):
    """Where a key is when it is used."""

    MEMORY = "memory"
    """Unwrapped in the memory of the service."""

    TOKEN = "token"  # noqa: S105 - a word, no secret
    """Inside a PKCS#11 token, which it never leaves."""

    FILE = "file"
    """In a file of its own, read into memory."""


class KeyUse(StrEnum):
    """What a key does."""

    WRAPS = "wraps"
    SEALS = "seals"
    SIGNS = "signs"
    HASHES = "hashes"
    OPENS = "opens"


class Certified(StrEnum):
    """Whether a certified module uses the key."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    """A token, and the settings do not say its certificate's number."""


@dataclass(frozen=True, slots=True)
class Algorithm:
    """What a purpose's keys do, by which algorithm, and how long a key is."""

    use: KeyUse
    name: str
    bits: int


HMAC_SM3: Final = Algorithm(KeyUse.HASHES, "HMAC-SM3", 256)
ALGORITHMS: Final[Mapping[str, Algorithm]] = {
    "results": Algorithm(KeyUse.SIGNS, "SM2-SM3", 256),
    "authority_client": Algorithm(KeyUse.SIGNS, "SM2-SM3", 256),
    "input_rsa": Algorithm(KeyUse.OPENS, "RSA-PKCS1-v1_5", 2048),
    "input_sm2": Algorithm(KeyUse.OPENS, "SM2", 256),
    "kek": Algorithm(KeyUse.WRAPS, "SM4-GCM", 128),
    "service_seal": Algorithm(KeyUse.SEALS, "SM4-GCM", 128),
}
"""By purpose, where it is not a keyed hash."""

ROOT_IN_FILE: Final = Algorithm(KeyUse.WRAPS, "SM4-GCM", 128)
ROOT_IN_TOKEN: Final = Algorithm(KeyUse.WRAPS, "AES-KW", 256)


def algorithm_of(purpose: str) -> Algorithm:
    """Return what the keys of a purpose do."""
    return ALGORITHMS.get(purpose, HMAC_SM3)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFamily:
    """Keys that are not in the ring: one for each of something, sealed under a key that is."""

    name: str
    algorithm: Algorithm
    under: str
    """The purpose whose key keeps them, or that they are derived from."""


FAMILIES: Final[Sequence[KeyFamily]] = (
    KeyFamily(name="data_key", algorithm=Algorithm(KeyUse.SEALS, "SM4-GCM", 128), under="kek"),
    KeyFamily(name="webhook_secret", algorithm=Algorithm(KeyUse.SIGNS, "HMAC-SHA256", 256), under="service_seal"),
    KeyFamily(name="webhook_key", algorithm=Algorithm(KeyUse.SIGNS, "Ed25519", 256), under="service_seal"),
    KeyFamily(name="account_key", algorithm=Algorithm(KeyUse.SIGNS, "TC3-HMAC-SHA256", 192), under="service_seal"),
    KeyFamily(name="row_tag", algorithm=HMAC_SM3, under="lookup"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryLine:
    """One key, or one kind of them. ``state`` and ``created_at`` are empty for what is no key of the ring."""

    key: str
    purpose: str
    algorithm: Algorithm
    place: KeyPlace
    certified: Certified
    state: str = ""
    created_at: datetime | None = None
    under: str = ""

    def days(self, *, now: datetime) -> int | None:
        """Return how many days ago it was made."""
        return None if self.created_at is None else max((now - self.created_at).days, 0)


def certified_in(place: KeyPlace, *, certificate: str) -> Certified:
    """Say whether a certified module uses a key at this place; ``certificate`` is the number of the token's."""
    if place is not KeyPlace.TOKEN:
        return Certified.NO
    return Certified.YES if certificate else Certified.UNKNOWN
