"""The repository of operators' passkeys and backup codes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from eztong.domain.operators.backup_code import BackupCode
from eztong.domain.operators.passkey import OperatorPasskey


class OperatorPasskeyRepository(Protocol):
    """What operators prove themselves with beside secret and app."""

    def add(self, passkey: OperatorPasskey) -> bool:
        """Store a passkey; return False, and store nothing, if the credential is known already, also as removed."""
        ...

    def get(self, credential_id: bytes) -> OperatorPasskey | None:
        """Return the passkey, whoever's, removed or not."""
        ...

    def of_operator(self, operator: str) -> Sequence[OperatorPasskey]:
        """Return the operator's passkeys that nobody removed, newest first."""
        ...

    def credentials(self, *, limit: int) -> Sequence[bytes]:
        """Return the credential ids of all operators' passkeys, the newest ``limit``."""
        ...

    def note_use(self, passkey: OperatorPasskey, *, sign_count: int, now: datetime) -> bool:
        """Move the counter on from the one in ``passkey``, unless it was removed; return whether this call did."""
        ...

    def remove(self, operator: str, credential_id: bytes, *, now: datetime) -> bool:
        """Remove the operator's passkey; return whether this call did. Whose it was stays known."""
        ...

    def remove_all(self, operator: str, *, now: datetime) -> int:
        """Remove every passkey of the operator; return how many."""
        ...

    def set_codes(self, operator: str, codes: Sequence[BackupCode]) -> None:
        """Store backup codes instead of all that the operator had."""
        ...

    def use_code(self, operator: str, code_hash: bytes, *, now: datetime) -> bool:
        """Use a backup code of the operator, once; return whether this call did."""
        ...

    def codes(self, operator: str) -> Sequence[BackupCode]:
        """Return the operator's backup codes, used or not."""
        ...
