"""Small records that use cases and storage exchange, and that no domain rule is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from eztong.domain.events import Actor, EventKind
from eztong.domain.identifiers import CodeId, DeviceId, HolderId, PartnerId, RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What is kept about a citizen number, by its blind index only: who holds it, in which generation."""

    number_index: bytes
    holder_id: HolderId | None
    generation: int
    service_ended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A browser's session. ``session_hash`` is a keyed hash; the token itself is only in the cookie.

    ``unlocked_until`` is when the last unlock (passkey or PIN) ends; None means locked.
    """

    session_hash: bytes
    holder_id: HolderId | None
    device_id: DeviceId | None
    phone_index: bytes | None
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    unlocked_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeAttempt:
    """A refused try to use a holder's code, for the holder to see (clause 2.11). The same try again is the same one."""

    holder_id: HolderId
    attempt_id: str
    code_id: CodeId
    partner_id: PartnerId
    scene: str
    desk: str | None
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayWarning:
    """A place that was last taken by a warning about a used code; few places bound how many an hour can bring."""

    holder_id: HolderId
    place: int
    warned_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A request that its holder refused before. ``declines_at`` is empty once the holder took it up after all."""

    partner_id: PartnerId
    request_id: RequestId
    holder_id: HolderId
    declines_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderEvent:
    """Something that happened to an account: ``detail`` is ``fact=value`` words, without personal data.

    Where this version does not know what or who is stored, that is ``OTHER``, and ``detail`` begins with the stored
    word as the fact ``kind`` or ``actor``.
    """

    holder_id: HolderId
    event_id: str
    kind: EventKind
    actor: Actor
    detail: str
    at: datetime

    def fact(self, name: str) -> str | None:
        """Return the value of a fact in the detail."""
        found = (word.partition("=") for word in self.detail.split(" "))
        return next((value for key, _, value in found if key == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotencyRecord:
    """The first use of an idempotency key. Both hashes are SM3; ``resource_id`` is what was made."""

    partner_id: PartnerId
    key_hash: bytes
    operation: str
    body_hash: bytes
    resource_id: str
    created_at: datetime
