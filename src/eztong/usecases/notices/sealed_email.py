"""An account's e-mail address, sealed with the account's key."""

from __future__ import annotations

from typing import Final

from eztong.domain.identity.email_address import EmailAddress
from eztong.domain.notices import HolderEmail
from eztong.ports.entropy import Entropy
from eztong.usecases.vault import Vault

_TABLE: Final = "holder_emails"
_COLUMN: Final = "sealed"


def seal_email(address: EmailAddress, vault: Vault, *, entropy: Entropy) -> bytes:
    """Return the address as it is stored."""
    return vault.seal(_COLUMN, address.value.encode(), entropy=entropy, table=_TABLE)


def open_email(email: HolderEmail, vault: Vault) -> str:
    """Return the address.

    Raises:
        SealedDataDamaged: it was changed in the store, or is another account's.
    """
    return vault.open(_COLUMN, email.sealed, table=_TABLE).decode()
