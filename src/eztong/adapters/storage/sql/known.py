"""Rows that a round knows: read ahead for its jobs or by one of them, with what its own jobs changed of them."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Final

from eztong.domain.agreements import Allowance
from eztong.domain.codes.presentation_code import PresentationCode
from eztong.domain.holder import Holder
from eztong.domain.identifiers import CodeId, HolderId, PartnerId
from eztong.domain.standing import HolderToVerify
from eztong.ports.storage.access.sessions import Session
from eztong.ports.storage.idempotency import IdempotencyRecord

_OF_TABLE: Final = {
    "codes": ("handles", "codes"),
    "holders": ("holders", "to_verify"),
    "sessions": ("sessions",),
    "acceptances": ("allowances",),
    "partner_switches": ("allowances",),
    "idempotency_keys": ("keys",),
}


@dataclass(slots=True)
class Known:
    """What is known of the current transaction. What is not here is read when it is asked for.

    ``keys`` has None where it is known that there is none.
    """

    handles: dict[bytes, CodeId] = field(default_factory=dict)
    codes: dict[CodeId, PresentationCode] = field(default_factory=dict)
    holders: dict[HolderId, Holder] = field(default_factory=dict)
    to_verify: dict[HolderId, HolderToVerify] = field(default_factory=dict)
    sessions: dict[bytes, Session] = field(default_factory=dict)
    allowances: dict[tuple[HolderId, PartnerId], Allowance] = field(default_factory=dict)
    keys: dict[tuple[PartnerId, bytes], IdempotencyRecord | None] = field(default_factory=dict)

    def forget(self, table: str) -> None:
        """Forget what was read from a table, since a statement changes it."""
        for name in _OF_TABLE.get(table, ()):
            part: dict[Hashable, object] = getattr(self, name)
            if part:
                part.clear()

    def clear(self) -> None:
        """Forget everything."""
        for table in _OF_TABLE:
            self.forget(table)
