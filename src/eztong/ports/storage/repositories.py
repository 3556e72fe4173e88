"""The repositories: one per aggregate. Reading methods return domain values, or None where nothing is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from eztong.domain.codes.presentation_code import CodeState, PresentationCode
from eztong.domain.codes.verification import Verification
from eztong.domain.grants import Grant
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
from eztong.domain.requests.cool_down import EarlierAnswer
from eztong.domain.requests.request import Request
from eztong.ports.storage.budgets import BudgetRepository
from eztong.ports.storage.charges import ChargeRepository
from eztong.ports.storage.desks import StaffRepository
from eztong.ports.storage.eid_flows import EidFlowRepository
from eztong.ports.storage.holders import AgreementRepository, DeviceRepository, HolderRepository, SessionRepository
from eztong.ports.storage.input_sessions import InputSessionRepository
from eztong.ports.storage.jobs import JobRepository
from eztong.ports.storage.merchants import MerchantRepository
from eztong.ports.storage.own_data import OwnDataRepository
from eztong.ports.storage.partners import PartnerRepository
from eztong.ports.storage.records import CodeAttempt, IdempotencyRecord, ReplayWarning, SetAside
from eztong.ports.storage.recoveries import RecoveryRepository
from eztong.ports.storage.reports import ReportRepository
from eztong.ports.storage.retention import RetentionRepository
from eztong.ports.storage.sign_in import PasskeyRepository, PinRepository


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

    def answers(
        self, holder_id: HolderId, partner_id: PartnerId, scene: str, *, since: datetime
    ) -> Sequence[EarlierAnswer]:
        """Return how the account answered the partner's requests in the scene since ``since``, newest first."""
        ...

    def set_aside(self, aside: SetAside) -> bool:
        """Set an open request aside by one conditional UPDATE, unless it was before; return whether this call did."""
        ...

    def set_aside_of(self, request_id: RequestId) -> SetAside | None:
        """Return for whom the request was set aside."""
        ...

    def take_up(self, request_id: RequestId, holder_id: HolderId) -> bool:
        """Take up an open request that waits to be declined for this account; return whether this call did it."""
        ...

    def begin_declining(self, aside: SetAside, *, now: datetime) -> bool:
        """Claim a due request by one conditional UPDATE; return whether this call did it."""
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
    """Small facts of the installation."""

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
    def input_sessions(self) -> InputSessionRepository:
        """Integrators' session keys."""
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
    def jobs(self) -> JobRepository:
        """Work that is done later."""
        ...

    @property
    def queues(self) -> QueueRepository:
        """Settings."""
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
    def budgets(self) -> BudgetRepository:
        """What was spent of what protects a person or a secret."""
        ...

    @property
    def own_data(self) -> OwnDataRepository:
        """A holder's rows of every other kind."""
        ...

    @property
    def retention(self) -> RetentionRepository:
        """Rows that end by age."""
        ...
