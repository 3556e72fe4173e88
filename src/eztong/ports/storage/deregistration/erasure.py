"""The eraser: takes an account out of every table, as ``domain/deregistration/erasure.py`` says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from eztong.domain.identifiers import HolderId


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaver:
    """Whose rows are erased: by account, and by the keyed hashes that lead to the person without it.

    ``held`` keeps what a case needs. ``phone_is_shared`` says that another account has the same phone, whose messages
    stay. ``receivers`` are keyed hashes of numbers and addresses of before that are nobody else's: what they were told
    goes, too.
    """

    holder_id: HolderId
    number_index: bytes | None
    phone_index: bytes | None
    held: bool
    phone_is_shared: bool = False
    receivers: Sequence[bytes] = field(default=(), repr=False)
    budget_subjects: Sequence[bytes] = field(default=(), repr=False)


class ErasureRepository(Protocol):
    """Erases what belongs to an account in the tables of everybody else; the account's own row is its repository's."""

    def erase(self, leaver: Leaver, *, now: datetime) -> None:
        """Remove or empty every row of the account; doing it again changes nothing."""
        ...
