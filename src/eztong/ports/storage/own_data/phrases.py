"""The repository of the phrases by which holders know the service's pages."""

from __future__ import annotations

from typing import Protocol

from eztong.domain.identifiers import HolderId
from eztong.domain.own_data.phrase import OwnPhrase


class PhraseRepository(Protocol):
    """One phrase for each account at most."""

    def put(self, phrase: OwnPhrase) -> None:
        """Store the account's phrase, in the place of the one before."""
        ...

    def get(self, holder_id: HolderId) -> OwnPhrase | None:
        """Return the account's phrase."""
        ...

    def remove(self, holder_id: HolderId) -> bool:
        """Remove the account's phrase; return whether there was one."""
        ...
