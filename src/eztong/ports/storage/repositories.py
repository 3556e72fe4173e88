"""All repositories, one for each aggregate. Reading methods return domain values, or None where nothing is there."""

from __future__ import annotations

from typing import Protocol

from eztong.ports.storage.access.devices import DeviceRepository
from eztong.ports.storage.access.passkeys import PasskeyRepository
from eztong.ports.storage.access.pins import PinRepository
from eztong.ports.storage.access.sessions import SessionRepository
from eztong.ports.storage.agreement_sets.agreement_sets import AgreementSetRepository
from eztong.ports.storage.agreement_sets.clause_marks import ClauseMarkRepository
from eztong.ports.storage.agreements import AgreementRepository
from eztong.ports.storage.assistance.assistances import AssistanceRepository
from eztong.ports.storage.budgets import BudgetRepository
from eztong.ports.storage.cases.cases import CaseRepository
from eztong.ports.storage.charges import ChargeRepository
from eztong.ports.storage.codes.batches import BatchRepository
from eztong.ports.storage.codes.codes import CodeRepository
from eztong.ports.storage.codes.verifications import VerificationRepository
from eztong.ports.storage.contact.phone_changes import PhoneChangeRepository
from eztong.ports.storage.deregistration.deregistrations import DeregistrationRepository
from eztong.ports.storage.deregistration.erasure import ErasureRepository
from eztong.ports.storage.deregistration.partner_events import PartnerEventRepository
from eztong.ports.storage.desks import StaffRepository
from eztong.ports.storage.disputes.bundles import BundleRepository
from eztong.ports.storage.disputes.disputes import DisputeRepository
from eztong.ports.storage.eid.eid_flows import EidFlowRepository
from eztong.ports.storage.eid.input_sessions import InputSessionRepository
from eztong.ports.storage.evidence.acts import ActRepository
from eztong.ports.storage.feedback import TicketRepository
from eztong.ports.storage.grants import GrantRepository
from eztong.ports.storage.guardianship.guardianships import GuardianshipRepository
from eztong.ports.storage.holders import HolderRepository
from eztong.ports.storage.idempotency import IdempotencyRepository
from eztong.ports.storage.inbox import InboxRepository
from eztong.ports.storage.incidents.incidents import IncidentRepository
from eztong.ports.storage.incidents.reports import IncidentReportRepository
from eztong.ports.storage.jobs import JobRepository
from eztong.ports.storage.keys.sealed_values import SealedValueRepository
from eztong.ports.storage.merchants import MerchantRepository
from eztong.ports.storage.notices.choices import ChoiceRepository
from eztong.ports.storage.notices.emails import EmailRepository
from eztong.ports.storage.notices.notices import NoticeRepository
from eztong.ports.storage.operation import OperationRepositories
from eztong.ports.storage.operators.applications import ApplicationRepository
from eztong.ports.storage.operators.audit import AuditRepository
from eztong.ports.storage.operators.break_glass import BreakGlassRepository
from eztong.ports.storage.operators.operators import OperatorRepository
from eztong.ports.storage.operators.passkeys import OperatorPasskeyRepository
from eztong.ports.storage.operators.proposals import ProposalRepository
from eztong.ports.storage.operators.sent_forms import SentFormRepository
from eztong.ports.storage.operators.sessions import OperatorSessionRepository
from eztong.ports.storage.own_data.corrections import CorrectionRepository
from eztong.ports.storage.own_data.phrases import PhraseRepository
from eztong.ports.storage.own_data.rows import OwnDataRepository
from eztong.ports.storage.partners.applications import PartnerApplicationRepository
from eztong.ports.storage.partners.partners import PartnerRepository
from eztong.ports.storage.policy.decisions import PolicyDecisionRepository
from eztong.ports.storage.policy.versions import PolicyVersionRepository
from eztong.ports.storage.portal import PortalRepository
from eztong.ports.storage.recoveries import RecoveryRepository
from eztong.ports.storage.reports import ReportRepository
from eztong.ports.storage.requests import RequestRepository
from eztong.ports.storage.restrictions.restrictions import RestrictionRepository
from eztong.ports.storage.retention.rows import RetentionRepository
from eztong.ports.storage.settings import SettingRepository
from eztong.ports.storage.talks.talks import TalkRepository
from eztong.ports.storage.webhooks.deliveries import WebhookDeliveryRepository
from eztong.ports.storage.webhooks.endpoints import WebhookEndpointRepository


class Repositories(OperationRepositories, Protocol):
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
    def agreement_sets(self) -> AgreementSetRepository:
        """Sets of agreements."""
        ...

    @property
    def clause_marks(self) -> ClauseMarkRepository:
        """Marks on clauses."""
        ...

    @property
    def partners(self) -> PartnerRepository:
        """Partners."""
        ...

    @property
    def partner_applications(self) -> PartnerApplicationRepository:
        """What organisations ask for."""
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
        """Verifications."""
        ...

    @property
    def batches(self) -> BatchRepository:
        """Signed batches."""
        ...

    @property
    def idempotency(self) -> IdempotencyRepository:
        """First uses of idempotency keys."""
        ...

    @property
    def requests(self) -> RequestRepository:
        """Requests."""
        ...

    @property
    def grants(self) -> GrantRepository:
        """Grants, and switches for partners."""
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
    def settings(self) -> SettingRepository:
        """Small facts of the installation."""
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
    def portal(self) -> PortalRepository:
        """People of partners at the portal, and their sessions."""
        ...

    @property
    def recoveries(self) -> RecoveryRepository:
        """Recoveries that wait."""
        ...

    @property
    def operators(self) -> OperatorRepository:
        """Who acts for the service."""
        ...

    @property
    def operator_sessions(self) -> OperatorSessionRepository:
        """Operators' signed-in browsers."""
        ...

    @property
    def operator_passkeys(self) -> OperatorPasskeyRepository:
        """Operators' passkeys and backup codes."""
        ...

    @property
    def break_glasses(self) -> BreakGlassRepository:
        """Emergencies in which one operator did what takes two."""
        ...

    @property
    def sent_forms(self) -> SentFormRepository:
        """Forms of the console that were sent."""
        ...

    @property
    def audit(self) -> AuditRepository:
        """What operators meant to do, did and were refused."""
        ...

    @property
    def proposals(self) -> ProposalRepository:
        """Acts that take two operators."""
        ...

    @property
    def acts(self) -> ActRepository:
        """Acts that are attested."""
        ...

    @property
    def policy_versions(self) -> PolicyVersionRepository:
        """Versions of the policy for applications."""
        ...

    @property
    def policy_decisions(self) -> PolicyDecisionRepository:
        """What the policy decided, and what it looked at."""
        ...

    @property
    def applications(self) -> ApplicationRepository:
        """Applications that wait for a person."""
        ...

    @property
    def tickets(self) -> TicketRepository:
        """Feedback tickets."""
        ...

    @property
    def incidents(self) -> IncidentRepository:
        """Incidents and announced work."""
        ...

    @property
    def incident_reports(self) -> IncidentReportRepository:
        """Reports of incidents to the authorities."""
        ...

    @property
    def disputes(self) -> DisputeRepository:
        """Disputes."""
        ...

    @property
    def bundles(self) -> BundleRepository:
        """What was handed out as evidence."""
        ...

    @property
    def talks(self) -> TalkRepository:
        """Talks with the service."""
        ...

    @property
    def cases(self) -> CaseRepository:
        """Cases about misuse of accounts."""
        ...

    @property
    def notices(self) -> NoticeRepository:
        """What was told to holders."""
        ...

    @property
    def emails(self) -> EmailRepository:
        """E-mail addresses for notices."""
        ...

    @property
    def notice_choices(self) -> ChoiceRepository:
        """What holders chose to be told."""
        ...

    @property
    def reports(self) -> ReportRepository:
        """Holders' reports."""
        ...

    @property
    def restrictions(self) -> RestrictionRepository:
        """Marks that limit accounts, and identity documents."""
        ...

    @property
    def budgets(self) -> BudgetRepository:
        """What was spent of what protects a person or a secret."""
        ...

    @property
    def guardianships(self) -> GuardianshipRepository:
        """Who is guardian of whom."""
        ...

    @property
    def assistances(self) -> AssistanceRepository:
        """Who helps whom, and until when."""
        ...

    @property
    def phone_changes(self) -> PhoneChangeRepository:
        """Changes of the phone."""
        ...

    @property
    def corrections(self) -> CorrectionRepository:
        """Corrections of what was checked."""
        ...

    @property
    def phrases(self) -> PhraseRepository:
        """The phrases by which holders know the service's pages."""
        ...

    @property
    def own_data(self) -> OwnDataRepository:
        """A holder's rows of every other kind."""
        ...

    @property
    def retention(self) -> RetentionRepository:
        """Rows that end by age."""
        ...

    @property
    def sealed_values(self) -> SealedValueRepository:
        """Whatever a key of the ring seals."""
        ...

    @property
    def deregistrations(self) -> DeregistrationRepository:
        """Deregistrations."""
        ...

    @property
    def partner_events(self) -> PartnerEventRepository:
        """What partners are told of their partner codes."""
        ...

    @property
    def erasure(self) -> ErasureRepository:
        """What takes an account out of every table."""
        ...

    @property
    def webhook_endpoints(self) -> WebhookEndpointRepository:
        """Where partners' servers hear."""
        ...

    @property
    def webhook_deliveries(self) -> WebhookDeliveryRepository:
        """What partners' servers are told."""
        ...
