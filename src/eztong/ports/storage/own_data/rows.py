"""The repository behind a holder's copy of the own data: what no other repository lists by holder (clause 3.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from eztong.domain.codes.presentation_code import PresentationCode
from eztong.domain.identifiers import HolderId, PartnerId
from eztong.domain.requests.request import Request
from eztong.ports.storage.access.sessions import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerSwitch:
    """A switch that the holder moved, and when last."""

    partner_id: PartnerId
    is_on: bool
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCode:
    """What is kept of a code: never its digits."""

    code: PresentationCode
    ended_at: datetime | None
    replayed_at: datetime | None = None


class OwnDataRepository(Protocol):
    """Everything by holder, oldest first. Every look-up goes by an index: it must cost what the answer weighs."""

    def sessions(self, holder_id: HolderId) -> Sequence[Session]:
        """Return every session of the account that is kept, also ended ones."""
        ...

    def switches(self, holder_id: HolderId) -> Sequence[PartnerSwitch]:
        """Return the switches that the holder ever moved."""
        ...

    def codes(self, holder_id: HolderId) -> Sequence[KeptCode]:
        """Return the codes that were used or tried, and the one that may still be shown.

        No index leads from a holder to codes that passed unused: finding them would read the codes of everybody.
        """
        ...

    def requests(self, holder_id: HolderId) -> Sequence[Request]:
        """Return the requests that the holder answered."""
        ...
