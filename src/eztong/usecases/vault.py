"""Opening and sealing a holder's personal data; every field is bound to its row and column."""

from __future__ import annotations

from dataclasses import dataclass

from typing_extensions import override

from eztong.domain.errors import HolderErased, SealedDataDamaged
from eztong.domain.holder import Verifiable, WrappedKey
from eztong.domain.identifiers import HolderId
from eztong.domain.sealing import DATA_KEY_BYTES, NONCE_BYTES, open_field, seal_field
from eztong.gm.errors import DecryptionFailed
from eztong.ports.entropy import Entropy
from eztong.ports.keys import Keys, MacPurpose


@dataclass(frozen=True, slots=True)
class Vault:
    """A holder's data key in use. Keep it no longer than the use case."""

    holder_id: HolderId
    key: bytes

    @override
    def __repr__(self) -> str:
        """Hide the key."""
        return "Vault()"

    def seal(self, column: str, plaintext: bytes, *, entropy: Entropy, table: str = "holders") -> bytes:
        """Seal ``plaintext`` for a column of the holder's row."""
        place = (table, self.holder_id, column)
        return seal_field(self.key, plaintext, nonce=entropy.token(NONCE_BYTES), place=place)

    def open(self, column: str, sealed: bytes, *, table: str = "holders") -> bytes:
        """Open a column of the holder's row.

        Raises:
            SealedDataDamaged: changed, or of another row or column.
        """
        try:
            return open_field(self.key, sealed, place=(table, self.holder_id, column))
        except DecryptionFailed as error:
            raise SealedDataDamaged from error


def new_vault(holder_id: HolderId, *, keys: Keys, entropy: Entropy) -> tuple[Vault, WrappedKey]:
    """Make a data key for a new account."""
    data_key = entropy.token(DATA_KEY_BYTES)
    return Vault(holder_id, data_key), keys.wrap(data_key, nonce=entropy.token(NONCE_BYTES), owner=holder_id)


def open_vault(holder: Verifiable, *, keys: Keys) -> Vault:
    """Unwrap a holder's data key.

    Raises:
        HolderErased: the data key was destroyed.
        SealedDataDamaged: it was changed, or belongs to another account.
    """
    if not holder.data_key.wrapped:
        raise HolderErased
    try:
        return Vault(holder.holder_id, keys.unwrap(holder.data_key, owner=holder.holder_id))
    except DecryptionFailed as error:
        raise SealedDataDamaged from error


def number_index(document_type: str, number: str, *, keys: Keys) -> bytes:
    """Return the blind index of a citizen number (never an unkeyed hash)."""
    return keys.mac(MacPurpose.LOOKUP, f"number\x00{document_type}\x00{number}".encode())


def phone_index(phone: str, *, keys: Keys) -> bytes:
    """Return the blind index of a phone."""
    return keys.mac(MacPurpose.LOOKUP, f"phone\x00{phone}".encode())
