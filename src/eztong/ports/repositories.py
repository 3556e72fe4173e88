"""The repositories: one per aggregate. Reading methods return domain values, or None where nothing is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from eztong.domain.grant import Grant
from eztong.domain.identifiers import (
    BatchId,
    CodeId,
    DeviceId,
    GrantId,
    HolderId,
    PartnerId,
    RequestId,
    VerificationId,
)
from eztong.domain.message import OutboxEntry
from eztong.domain.presentation_code import CodeState, PresentationCode
from eztong.domain.request import Request
from eztong.domain.verification import Verification
from eztong.ports.charge_repository import ChargeRepository
from eztong.ports.eid_flow_repository import EidFlowRepository
from eztong.ports.holder_repositories import AgreementRepository, DeviceRepository, HolderRepository, SessionRepository
from eztong.ports.merchant_repository import MerchantRepository
from eztong.ports.own_data import OwnDataRepository
from eztong.ports.partner_repository import PartnerRepository
from eztong.ports.records import CodeAttempt, IdempotencyRecord, QueuedRegistration
from eztong.ports.recoveries import RecoveryRepository
from eztong.ports.reports import ReportRepository
from eztong.ports.sign_in_repositories import PasskeyRepository, PinRepository
from eztong.ports.staff import StaffRepository


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

    def consume(self, code_id: CodeId, verification_id: VerificationId, *, now: datetime) -> bool:
        """Consume by one conditional UPDATE on ``issued``; return whether this call won."""
        ...

    def end_outstanding(self, holder_id: HolderId, device_id: DeviceId | None, state: CodeState, now: datetime) -> int:
        """Move every issued code of the device (None: of the holder) to ``state``; return how many."""
        ...

    def add_attempt(self, attempt: CodeAttempt) -> None:
        """Store a refused try."""
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


class VerificationRepository(Protocol):
    """Verifications, batches and idempotency records."""

    def add(self, verification: Verification) -> None:
        """Store a verification; it never changes afterwards."""
        ...

    def get(self, partner_id: PartnerId, verification_id: VerificationId) -> Verification | None:
        """Return a verification of this partner."""
        ...

    def list(self, partner_id: PartnerId, *, before: str | None, limit: int) -> Sequence[Verification]:
        """Return the newest first, starting below the id ``before``."""
        ...

    def for_holder(self, holder_id: HolderId, *, before: str | None, limit: int) -> Sequence[Verification]:
        """Return the account's verifications, newest first, below the id ``before``."""
        ...

    def one_of_holder(self, holder_id: HolderId, verification_id: VerificationId) -> Verification | None:
        """Return a verification of this account."""
        ...

    def partners_met(self, holder_id: HolderId) -> Mapping[PartnerId, datetime]:
        """Return who ever verified the account or tried one of its codes, and when last."""
        ...

    def batch_note(self, batch_id: BatchId) -> str | None:
        """Return the batch's signed note."""
        ...

    def batch_leaves(self, batch_id: BatchId) -> Sequence[bytes]:
        """Return the batch's leaf hashes in order."""
        ...

    def idempotency(self, partner_id: PartnerId, key_hash: bytes) -> IdempotencyRecord | None:
        """Return the first use of an idempotency key."""
        ...

    def add_idempotency(self, record: IdempotencyRecord) -> None:
        """Store the first use of an idempotency key; a second one is an error."""
        ...


class RequestRepository(Protocol):
    """Partner-started requests and the grants that come of them."""

    def add(self, request: Request, *, token_hash: bytes) -> None:
        """Store a new request under the keyed hash of its link's token."""
        ...

    def get(self, partner_id: PartnerId, request_id: RequestId) -> Request | None:
        """Return a request of this partner."""
        ...

    def by_token(self, token_hash: bytes) -> Request | None:
        """Return the request behind a link."""
        ...

    def find(self, request_id: RequestId) -> Request | None:
        """Return a request of whatever partner; for the sandbox's test helpers only."""
        ...

    def list(self, partner_id: PartnerId, *, before: str | None, limit: int) -> Sequence[Request]:
        """Return the partner's requests, newest first, below the id ``before``."""
        ...

    def advance(self, request: Request, *, expected: Sequence[str]) -> bool:
        """Store the request's new state if its stored state is one of ``expected``; return whether it was."""
        ...

    def add_grant(self, grant: Grant) -> None:
        """Store a grant."""
        ...

    def grants(self, holder_id: HolderId, partner_id: PartnerId, scene: str) -> Sequence[Grant]:
        """Return every grant of the holder to the partner in the scene, live or not."""
        ...

    def end_grants(self, holder_id: HolderId, *, now: datetime) -> int:
        """Withdraw every live grant of the account; return how many."""
        ...

    def grants_of_holder(self, holder_id: HolderId) -> Sequence[Grant]:
        """Return every grant of the account, newest first."""
        ...

    def withdraw_grant(self, holder_id: HolderId, grant_id: GrantId, *, now: datetime) -> bool:
        """Withdraw by one conditional UPDATE on ``granted`` and not lapsed; return whether this call did it."""
        ...


class QueueRepository(Protocol):
    """Work that outlives the process: outbox messages, queued registrations, sandbox switches."""

    def add_message(self, entry: OutboxEntry) -> None:
        """Queue a message."""
        ...

    def due_messages(self, *, now: datetime, limit: int) -> Sequence[OutboxEntry]:
        """Return undelivered messages whose time has come, oldest first."""
        ...

    def mark_delivered(self, message_id: str, *, now: datetime) -> None:
        """Mark the message delivered and empty its sealed body."""
        ...

    def postpone_message(self, message_id: str, *, until: datetime) -> None:
        """Count a failed try and wait until ``until``."""
        ...

    def queue_registration(self, item: QueuedRegistration) -> None:
        """Queue an application, or move the one that is queued."""
        ...

    def due_registrations(self, *, now: datetime, limit: int) -> Sequence[QueuedRegistration]:
        """Return queued applications whose time has come, oldest first."""
        ...

    def queued_registration(self, holder_id: HolderId) -> QueuedRegistration | None:
        """Return the application's place in the queue."""
        ...

    def unqueue_registration(self, holder_id: HolderId) -> None:
        """Take the application out of the queue."""
        ...

    def depths(self) -> dict[str, int]:
        """Return how many messages and applications wait, by queue."""
        ...

    def setting(self, name: str) -> str | None:
        """Return a small fact of the installation."""
        ...

    def set_setting(self, name: str, value: str) -> None:
        """Store a small fact of the installation."""
        ...


class InboxRepository(Protocol):
    """The sandbox's message inbox; empty in live mode."""

    def add(self, message_id: str, *, phone_index: bytes, sealed: bytes, at: datetime) -> None:
        """Store a delivered message; the same id again changes nothing."""
        ...

    def newest(self, *, limit: int) -> Sequence[tuple[str, bytes, datetime]]:
        """Return message id, sealed text and time, newest first."""
        ...

    def clear(self) -> None:
        """Empty the inbox."""
        ...


class Repositories(Protocol):
    """All repositories over one connection."""

    @property
    def holders(self) -> HolderRepository:
        """Accounts and persons."""
        ...

    @property
    def devices(self) -> DeviceRepository:
        """Devices."""
        ...

    @property
    def sessions(self) -> SessionRepository:
        """Sessions and message codes."""
        ...

    @property
    def agreements(self) -> AgreementRepository:
        """Agreements and acceptances."""
        ...

    @property
    def partners(self) -> PartnerRepository:
        """Partners."""
        ...

    @property
    def merchants(self) -> MerchantRepository:
        """Merchants and account keys of the Tencent Cloud door."""
        ...

    @property
    def charges(self) -> ChargeRepository:
        """The ledger of companion questions."""
        ...

    @property
    def codes(self) -> CodeRepository:
        """Presentation codes."""
        ...

    @property
    def verifications(self) -> VerificationRepository:
        """Verifications and batches."""
        ...

    @property
    def requests(self) -> RequestRepository:
        """Requests and grants."""
        ...

    @property
    def eid_flows(self) -> EidFlowRepository:
        """Flows of the Tencent Cloud door."""
        ...

    @property
    def queues(self) -> QueueRepository:
        """Queues and settings."""
        ...

    @property
    def inbox(self) -> InboxRepository:
        """The sandbox's inbox."""
        ...

    @property
    def pins(self) -> PinRepository:
        """PINs."""
        ...

    @property
    def passkeys(self) -> PasskeyRepository:
        """Passkeys and their challenges."""
        ...

    @property
    def staff(self) -> StaffRepository:
        """Desks: staff, their sessions, the desk's record, signs."""
        ...

    @property
    def recoveries(self) -> RecoveryRepository:
        """Recoveries that wait."""
        ...

    @property
    def reports(self) -> ReportRepository:
        """Holders' reports."""
        ...

    @property
    def own_data(self) -> OwnDataRepository:
        """A holder's rows of every other kind."""
        ...
