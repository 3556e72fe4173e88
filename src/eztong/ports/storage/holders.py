"""Repositories of the holder's side: accounts, devices, sessions, agreements. Nothing found is None."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from eztong.domain.access.device import Device, DeviceState
from eztong.domain.access.otp import OtpChallenge
from eztong.domain.agreements import Acceptance, Agreement, AgreementKind, Allowance, CountingVersions, Signed
from eztong.domain.holder import Holder, HolderState
from eztong.domain.identifiers import BatchId, DeviceId, HolderId, PartnerId
from eztong.ports.storage.records import HolderEvent, Person, Session


class HolderRepository(Protocol):
    """Accounts and the persons behind them."""

    def add(self, holder: Holder) -> None:
        """Store a new account."""
        ...

    def get(self, holder_id: HolderId) -> Holder | None:
        """Return the account."""
        ...

    def update(self, holder: Holder) -> None:
        """Store every changeable field of the account."""
        ...

    def move(self, before: Holder, after: Holder) -> bool:
        """Store the state of ``after`` if the account still stands as ``before``; return whether it did."""
        ...

    def by_number_index(self, number_index: bytes) -> Holder | None:
        """Return the newest account that carries this number, whatever its state."""
        ...

    def is_number_in(self, number_index: bytes, state: HolderState) -> bool:
        """Say whether an account or application with this number is in ``state``."""
        ...

    def by_phone_index(self, phone_index: bytes) -> Sequence[Holder]:
        """Return the accounts that carry this phone, oldest first, whatever their states."""
        ...

    def person(self, number_index: bytes) -> Person | None:
        """Return what is kept about a citizen number."""
        ...

    def save_person(self, person: Person) -> None:
        """Store what is kept about a citizen number, replacing what was."""
        ...

    def add_event(self, event: HolderEvent) -> None:
        """Store an event."""
        ...

    def events(self, holder_id: HolderId) -> Sequence[HolderEvent]:
        """Return the account's events, newest first; also those of another version, as far as they are known."""
        ...

    def counts(self) -> dict[str, int]:
        """Return how many accounts there are per state."""
        ...


class DeviceRepository(Protocol):
    """Devices of holders."""

    def add(self, device: Device) -> None:
        """Store a new device."""
        ...

    def get(self, holder_id: HolderId, device_id: DeviceId) -> Device | None:
        """Return the device."""
        ...

    def primary(self, holder_id: HolderId) -> Device | None:
        """Return the bound primary device."""
        ...

    def list(self, holder_id: HolderId) -> Sequence[Device]:
        """Return the account's devices, newest first."""
        ...

    def set_state(self, holder_id: HolderId, device_id: DeviceId, state: DeviceState) -> None:
        """Move the device to ``state``."""
        ...

    def erase(self, holder_id: HolderId) -> int:
        """Delete the account's devices; return how many."""
        ...


class SessionRepository(Protocol):
    """Browser sessions and message codes."""

    def add(self, session: Session) -> None:
        """Store a new session."""
        ...

    def get(self, session_hash: bytes) -> Session | None:
        """Return the session, also one that has ended."""
        ...

    def update(self, session: Session) -> None:
        """Store every changeable field of the session."""
        ...

    def list(self, holder_id: HolderId) -> Sequence[Session]:
        """Return the account's sessions that were not ended, newest first."""
        ...

    def revoke_all(self, holder_id: HolderId, *, now: datetime) -> int:
        """End every session of the account; return how many were live."""
        ...

    def erase_phone(self, holder_id: HolderId) -> None:
        """Delete the message codes of the account's sessions, and take phone and device out of them."""
        ...

    def add_challenge(self, challenge: OtpChallenge) -> None:
        """Store a message code that was sent."""
        ...

    def newest_challenge(self, session_hash: bytes, purpose: str) -> OtpChallenge | None:
        """Return the newest message code of a session for a purpose."""
        ...

    def count_try(self, challenge_id: str) -> None:
        """Count a wrong try."""
        ...

    def use_challenge(self, challenge_id: str, *, now: datetime) -> bool:
        """Mark the challenge used by one conditional UPDATE; return whether this call did it."""
        ...


class AgreementRepository(Protocol):
    """Agreement versions and acceptances."""

    def add(self, agreement: Agreement) -> None:
        """Store a version; the same version, kind and language twice is an error."""
        ...

    def in_force(self, kind: AgreementKind, language: str) -> Agreement | None:
        """Return the version in force in a language."""
        ...

    def version(self, kind: AgreementKind, version: str, language: str) -> Agreement | None:
        """Return one version, whatever its state."""
        ...

    def add_acceptance(self, acceptance: Acceptance, *, document: bytes, batch_id: BatchId, leaf_index: int) -> None:
        """Store an acceptance with its evidence document and the document's place in the batch."""
        ...

    def newest_acceptance(self, holder_id: HolderId, kind: AgreementKind) -> Acceptance | None:
        """Return the account's newest acceptance of a kind."""
        ...

    def versions_that_count(self) -> CountingVersions:
        """Return, for each document, the versions whose acceptance is a consent now."""
        ...

    def signed(self, holder_id: HolderId) -> Sequence[Signed]:
        """Return what the account accepted, newest first, as far as consent asks."""
        ...

    def allowance(self, holder_id: HolderId, partner_id: PartnerId) -> Allowance:
        """Return what the account accepted and its switch for the partner, in one look."""
        ...

    def acceptances(self, holder_id: HolderId) -> Sequence[Acceptance]:
        """Return the account's acceptances, newest first."""
        ...

    def erase_contexts(self, holder_id: HolderId) -> None:
        """Empty the sealed context of the account's acceptances."""
        ...

    def acceptance_leaf(self, holder_id: HolderId, acceptance_id: str) -> tuple[bytes, BatchId, int] | None:
        """Return the evidence document, its batch and its leaf index."""
        ...
