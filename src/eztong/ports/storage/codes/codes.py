"""The port of presentation codes and of refused tries with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from eztong.domain.codes.presentation_code import CodeState, PresentationCode
from eztong.domain.codes.refused_try import CodeAttempt
from eztong.domain.identifiers import BatchId, CodeId, DeviceId, HolderId, VerificationId


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestedTry:
    """The evidence document of a refused try, the salt of its commitment, and its place in the batch."""

    document: bytes
    salt: bytes
    batch_id: BatchId
    leaf_index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayWarning:
    """A place that was last taken by a warning about a used code; few places bound how many an hour can bring."""

    holder_id: HolderId
    place: int
    warned_at: datetime


class CodeRepository(Protocol):
    """Presentation codes, looked up by keyed hash of either spelling."""

    def add(self, code: PresentationCode, *, number_hash: bytes, qr_hash: bytes | None) -> None:
        """Store an issued code under the keyed hashes of its spellings."""
        ...

    def by_hash(self, digits_hash: bytes) -> PresentationCode | None:
        """Return the code with this keyed hash, of either spelling."""
        ...

    def get(self, code_id: CodeId) -> PresentationCode | None:
        """Return the code with this id."""
        ...

    def consume(self, code_id: CodeId, verification_id: VerificationId, *, asking_hash: bytes, now: datetime) -> bool:
        """Consume by one conditional UPDATE on ``issued``; return whether this call won."""
        ...

    def settle_cancelled(self, code_id: CodeId, verification_id: VerificationId, *, asking_hash: bytes) -> bool:
        """Note the one verification of a cancelled code by one conditional UPDATE; return whether this call won."""
        ...

    def mark_replayed(self, code_id: CodeId, *, now: datetime) -> bool:
        """Note the first replay of a code by one conditional UPDATE; return whether this call did it."""
        ...

    def take_warning(self, holder_id: HolderId, place: int, *, now: datetime, unless_since: datetime) -> bool:
        """Take one of the account's places for a warning unless it was taken after ``unless_since``; say whether."""
        ...

    def warnings(self, holder_id: HolderId) -> Sequence[ReplayWarning]:
        """Return the account's places for warnings that were ever taken."""
        ...

    def end_outstanding(self, holder_id: HolderId, device_id: DeviceId | None, state: CodeState, now: datetime) -> int:
        """Move every issued code of the device (None: of the holder) to ``state``; return how many."""
        ...

    def add_attempt(self, attempt: CodeAttempt) -> bool:
        """Store a refused try unless one of the same code, partner, scene, desk and reason is; say whether it did."""
        ...

    def attest_attempt(self, holder_id: HolderId, attempt_id: str, attested: AttestedTry) -> bool:
        """Note what was attested of a stored try that has no document yet; return whether this call did it."""
        ...

    def attested_attempt(self, holder_id: HolderId, attempt_id: str) -> AttestedTry | None:
        """Return what was attested of a refused try; nothing of one that an earlier version stored."""
        ...

    def newest_attempt(self, holder_id: HolderId) -> CodeAttempt | None:
        """Return the newest refused try with one of the account's codes."""
        ...

    def attempts(self, holder_id: HolderId) -> Sequence[CodeAttempt]:
        """Return the refused tries with the account's codes, newest first."""
        ...

    def attempts_before(self, holder_id: HolderId, *, before: str | None, limit: int) -> Sequence[CodeAttempt]:
        """Return a page of the refused tries, newest first, below the id ``before``."""
        ...

    def attempt(self, holder_id: HolderId, attempt_id: str) -> CodeAttempt | None:
        """Return one refused try with a code of this account."""
        ...

    def device_of(self, holder_id: HolderId, code_id: CodeId) -> DeviceId | None:
        """Return the device that showed a code of this account."""
        ...
