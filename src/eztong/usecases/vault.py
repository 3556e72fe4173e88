"""Opening and sealing personal data; every field is bound to its owner and column."""

from __future__ import annotations

import msgspec
from typing_extensions import override

from eztong.domain.damage import SealedDataDamaged
from eztong.domain.errors import HolderErased
from eztong.domain.holder import WrappedKey
from eztong.domain.sealing import DATA_KEY_BYTES, NONCE_BYTES, open_field, seal_field
from eztong.domain.standing import Verifiable
from eztong.gm.errors import DecryptionFailed
from eztong.ports.entropy import Entropy
from eztong.ports.keys import Keys, MacPurpose


class Vault(msgspec.Struct, frozen=True):
    """A data key in use for the fields of one owner, an account or a ticket. Keep it no longer than the use case."""

    owner: str
    key: bytes

    @override
    def __repr__(self) -> str:
        """Hide the key."""
        return "Vault()"

    def seal(self, column: str, plaintext: bytes, *, entropy: Entropy, table: str = "holders") -> bytes:
        """Seal ``plaintext`` for a column of the owner's row."""
        place = (table, self.owner, column)
        return seal_field(self.key, plaintext, nonce=entropy.token(NONCE_BYTES), place=place)

    def open(self, column: str, sealed: bytes, *, table: str = "holders") -> bytes:
        """Open a column of the owner's row.

        Raises:
            SealedDataDamaged: changed, or of another owner or column.
        """
        try:
            return open_field(self.key, sealed, place=(table, self.owner, column))
        except DecryptionFailed as error:
            raise SealedDataDamaged from error


def new_vault(owner: str, *, keys: Keys, entropy: Entropy) -> tuple[Vault, WrappedKey]:
    """Make a data key for a new account, or for a ticket that no account asked."""
    data_key = entropy.token(DATA_KEY_BYTES)
    return Vault(owner, data_key), keys.wrap(data_key, nonce=entropy.token(NONCE_BYTES), owner=owner)


def open_vault(holder: Verifiable, *, keys: Keys) -> Vault:
    """Unwrap a holder's data key.

    Raises:
        HolderErased: the data key was destroyed.
        SealedDataDamaged: it was changed, or belongs to another account.
    """
    if not holder.data_key.wrapped:
        raise HolderErased
    return unwrap_vault(holder.data_key, owner=holder.holder_id, keys=keys)


def unwrap_vault(data_key: WrappedKey, *, owner: str, keys: Keys) -> Vault:
    """Unwrap the data key of ``owner``.

    Raises:
        SealedDataDamaged: it was changed, or belongs to another owner.
    """
    try:
        return Vault(owner, keys.unwrap(data_key, owner=owner))
    except DecryptionFailed as error:
        raise SealedDataDamaged from error


def number_index(document_type: str, number: str, *, keys: Keys) -> bytes:
    """Return the blind index of a citizen number (never an unkeyed hash)."""
    return keys.mac(MacPurpose.LOOKUP, f"number\x00{document_type}\x00{number}".encode())


def ended_index(document_type: str, number: str, *, keys: Keys) -> bytes:
    """Return the index of a terminated person without an account: of a purpose of its own, equal to no other index."""
    return keys.mac(MacPurpose.LOOKUP, f"service_ended\x00{document_type}\x00{number}".encode())


def phone_index(phone: str, *, keys: Keys) -> bytes:
    """Return the blind index of a phone."""
    return keys.mac(MacPurpose.LOOKUP, f"phone\x00{phone}".encode())
