"""The repositories bound to one connection, and the unit of work that adds the batch's leaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from eztong.adapters.storage.sql.chain import Chain, ReadMarks
from eztong.adapters.storage.sql.read_ahead import read_ahead
from eztong.adapters.storage.sql.repositories.access.devices import SqlDevices
from eztong.adapters.storage.sql.repositories.access.passkeys import SqlPasskeys
from eztong.adapters.storage.sql.repositories.access.pins import SqlPins
from eztong.adapters.storage.sql.repositories.access.sessions import SqlSessions
from eztong.adapters.storage.sql.repositories.agreement_sets.agreement_sets import SqlAgreementSets
from eztong.adapters.storage.sql.repositories.agreement_sets.clause_marks import SqlClauseMarks
from eztong.adapters.storage.sql.repositories.agreements import SqlAgreements
from eztong.adapters.storage.sql.repositories.assistance.assistances import SqlAssistances
from eztong.adapters.storage.sql.repositories.branding.versions import SqlBrandVersions
from eztong.adapters.storage.sql.repositories.budgets import SqlBudgets
from eztong.adapters.storage.sql.repositories.cases.cases import SqlCases
from eztong.adapters.storage.sql.repositories.charges import SqlCharges
from eztong.adapters.storage.sql.repositories.codes.batches import SqlBatches
from eztong.adapters.storage.sql.repositories.codes.codes import SqlCodes
from eztong.adapters.storage.sql.repositories.codes.verifications import SqlVerifications
from eztong.adapters.storage.sql.repositories.contact.phone_changes import SqlPhoneChanges
from eztong.adapters.storage.sql.repositories.deregistration.deregistrations import SqlDeregistrations
from eztong.adapters.storage.sql.repositories.deregistration.erasure import SqlErasure
from eztong.adapters.storage.sql.repositories.deregistration.partner_events import SqlPartnerEvents
from eztong.adapters.storage.sql.repositories.desks import SqlStaff
from eztong.adapters.storage.sql.repositories.disputes.bundles import SqlBundles
from eztong.adapters.storage.sql.repositories.disputes.disputes import SqlDisputes
from eztong.adapters.storage.sql.repositories.eid.eid_flows import SqlEidFlows
from eztong.adapters.storage.sql.repositories.eid.input_sessions import SqlInputSessions
from eztong.adapters.storage.sql.repositories.evidence.acts import SqlActs
from eztong.adapters.storage.sql.repositories.feedback import SqlTickets
from eztong.adapters.storage.sql.repositories.grants import SqlGrants
from eztong.adapters.storage.sql.repositories.guardianship.guardianships import SqlGuardianships
from eztong.adapters.storage.sql.repositories.holders import SqlHolders
from eztong.adapters.storage.sql.repositories.idempotency import SqlIdempotency
from eztong.adapters.storage.sql.repositories.inbox import SqlInbox
from eztong.adapters.storage.sql.repositories.incidents.incidents import SqlIncidents
from eztong.adapters.storage.sql.repositories.incidents.reports import SqlIncidentReports
from eztong.adapters.storage.sql.repositories.jobs import SqlJobs
from eztong.adapters.storage.sql.repositories.keys.sealed_values import SqlSealedValues
from eztong.adapters.storage.sql.repositories.merchants import SqlMerchants
from eztong.adapters.storage.sql.repositories.message_texts.versions import SqlTextVersions
from eztong.adapters.storage.sql.repositories.notices.choices import SqlChoices
from eztong.adapters.storage.sql.repositories.notices.emails import SqlEmails
from eztong.adapters.storage.sql.repositories.notices.notices import SqlNotices
from eztong.adapters.storage.sql.repositories.operators.applications import SqlApplications
from eztong.adapters.storage.sql.repositories.operators.audit import SqlAudit
from eztong.adapters.storage.sql.repositories.operators.break_glass import SqlBreakGlasses
from eztong.adapters.storage.sql.repositories.operators.operators import SqlOperators
from eztong.adapters.storage.sql.repositories.operators.passkeys import SqlOperatorPasskeys
from eztong.adapters.storage.sql.repositories.operators.proposals import SqlProposals
from eztong.adapters.storage.sql.repositories.operators.sent_forms import SqlSentForms
from eztong.adapters.storage.sql.repositories.operators.sessions import SqlOperatorSessions
from eztong.adapters.storage.sql.repositories.own_data.corrections import SqlCorrections
from eztong.adapters.storage.sql.repositories.own_data.phrases import SqlPhrases
from eztong.adapters.storage.sql.repositories.own_data.rows import SqlOwnData
from eztong.adapters.storage.sql.repositories.partners.applications import SqlPartnerApplications
from eztong.adapters.storage.sql.repositories.partners.partners import SqlPartners
from eztong.adapters.storage.sql.repositories.policy.decisions import SqlPolicyDecisions
from eztong.adapters.storage.sql.repositories.policy.versions import SqlPolicyVersions
from eztong.adapters.storage.sql.repositories.portal import SqlPortal
from eztong.adapters.storage.sql.repositories.recoveries import SqlRecoveries
from eztong.adapters.storage.sql.repositories.reports import SqlReports
from eztong.adapters.storage.sql.repositories.requests import SqlRequests
from eztong.adapters.storage.sql.repositories.restrictions.restrictions import SqlRestrictions
from eztong.adapters.storage.sql.repositories.retention.rows import SqlRetention
from eztong.adapters.storage.sql.repositories.retention.versions import SqlRetentionVersions
from eztong.adapters.storage.sql.repositories.settings import SqlSettings
from eztong.adapters.storage.sql.repositories.talks.talks import SqlTalks
from eztong.adapters.storage.sql.repositories.traffic.counts import SqlTraffic
from eztong.adapters.storage.sql.repositories.webhooks.deliveries import SqlWebhookDeliveries
from eztong.adapters.storage.sql.repositories.webhooks.endpoints import SqlWebhookEndpoints
from eztong.adapters.storage.sql.statements import ChangeLost, Database
from eztong.domain.evidence.merkle import leaf_hash
from eztong.domain.identifiers import BatchId
from eztong.ports.storage.store import Leaf, Needs


class SqlRepositories:
    """All repositories over one connection; made once per connection."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.holders = SqlHolders(database)
        self.devices = SqlDevices(database)
        self.sessions = SqlSessions(database)
        self.agreements = SqlAgreements(database)
        self.agreement_sets = SqlAgreementSets(database)
        self.clause_marks = SqlClauseMarks(database)
        self.partners = SqlPartners(database)
        self.partner_applications = SqlPartnerApplications(database)
        self.merchants = SqlMerchants(database)
        self.charges = SqlCharges(database)
        self.input_sessions = SqlInputSessions(database)
        self.codes = SqlCodes(database)
        self.verifications = SqlVerifications(database)
        self.batches = SqlBatches(database)
        self.idempotency = SqlIdempotency(database)
        self.requests = SqlRequests(database)
        self.grants = SqlGrants(database)
        self.eid_flows = SqlEidFlows(database)
        self.jobs = SqlJobs(database)
        self.settings = SqlSettings(database)
        self.inbox = SqlInbox(database)
        self.pins = SqlPins(database)
        self.passkeys = SqlPasskeys(database)
        self.staff = SqlStaff(database)
        self.portal = SqlPortal(database)
        self.reports = SqlReports(database)
        self.tickets = SqlTickets(database)
        self.acts = SqlActs(database)
        self.applications = SqlApplications(database)
        self.incidents = SqlIncidents(database)
        self.incident_reports = SqlIncidentReports(database)
        self.disputes = SqlDisputes(database)
        self.bundles = SqlBundles(database)
        self.talks = SqlTalks(database)
        self.notices = SqlNotices(database)
        self.emails = SqlEmails(database)
        self.notice_choices = SqlChoices(database)
        self.restrictions = SqlRestrictions(database)
        self.budgets = SqlBudgets(database)
        self.webhook_endpoints = SqlWebhookEndpoints(database)
        self.webhook_deliveries = SqlWebhookDeliveries(database)
        self._of_operation(database)
        self._of_accounts(database)
        self._of_operators(database)

    def _of_operators(self, database: Database) -> None:
        self.operators = SqlOperators(database)
        self.proposals = SqlProposals(database)
        self.operator_sessions = SqlOperatorSessions(database)
        self.operator_passkeys = SqlOperatorPasskeys(database)
        self.break_glasses = SqlBreakGlasses(database)
        self.sent_forms = SqlSentForms(database)
        self.audit = SqlAudit(database)
        self.policy_versions = SqlPolicyVersions(database)
        self.policy_decisions = SqlPolicyDecisions(database)

    def _of_operation(self, database: Database) -> None:
        self.brand_versions = SqlBrandVersions(database)
        self.text_versions = SqlTextVersions(database)
        self.retention_versions = SqlRetentionVersions(database)
        self.traffic = SqlTraffic(database)

    def _of_accounts(self, database: Database) -> None:
        self.cases = SqlCases(database)
        self.recoveries = SqlRecoveries(database)
        self.phone_changes = SqlPhoneChanges(database)
        self.guardianships = SqlGuardianships(database)
        self.assistances = SqlAssistances(database)
        self.corrections = SqlCorrections(database)
        self.phrases = SqlPhrases(database)
        self.own_data = SqlOwnData(database)
        self.retention = SqlRetention(database)
        self.deregistrations = SqlDeregistrations(database)
        self.partner_events = SqlPartnerEvents(database)
        self.erasure = SqlErasure(database)
        self.sealed_values = SqlSealedValues(database)


class SqlUnitOfWork(SqlRepositories):
    """The repositories of the writing connection, and the leaves of the batch being made."""

    def __init__(
        self,
        database: Database,
        *,
        version: Callable[[], int],
        read_marks: ReadMarks,
        ends_round: Callable[[BaseException], bool],
        own_chain: Callable[[], str] | None = None,
    ) -> None:
        """Write over ``database``.

        ``version`` returns, inside the transaction, a number that is another one once another connection has committed;
        ``ends_round`` says of a failure that nobody's job can go on after it. ``own_chain`` names the setting of a
        chain of batches that no other connection goes on with, as long as this one lasts.
        """
        super().__init__(database)
        self.chain = Chain(database, read_marks) if own_chain is None else Chain(database, read_marks, own_chain)
        self._shares_chain = own_chain is None
        self._read_version = version
        self._ends_round = ends_round
        self._version = -1
        self.batch_id = BatchId("")
        self.leaves: list[bytes] = []
        self.left_out: list[tuple[str, str]] = []

    def start_batch(self, batch_id: BatchId, *, gathers: bool = False) -> None:
        """Forget the leaves of the last batch and name the new one; the transaction has begun.

        Changes of single rows are gathered if so said.
        """
        self.database.start(gathers=gathers)
        version = self._read_version()
        if version != self._version:
            self._version = version
            self.partners.forget()
            self.agreements.forget()
            if self._shares_chain:
                self.chain.forget()
        self.partners.start_round()
        self.agreements.start_round()
        self.batch_id = batch_id
        self.leaves = []
        self.left_out = []

    def read_ahead(self, needs: Sequence[Needs]) -> None:
        """Read what several jobs need; one alone reads it as cheaply itself."""
        if len(needs) > 1:
            read_ahead(self.database, needs)

    def attest(self, document: bytes) -> Leaf:
        """Make ``document`` a leaf of this batch."""
        digest = leaf_hash(document)
        self.leaves.append(digest)
        return Leaf(self.batch_id, len(self.leaves) - 1)

    def apart(self, name: str, part: Callable[[], object]) -> bool:
        """Do a part of a job; if it raises, undo it alone and note its name with the kind of failure."""
        database, kept = self.database, len(self.leaves)
        database.begin_part()
        is_done = True
        try:
            part()
        except ChangeLost:
            # Whose change it was is found out by a round with more care.
            raise
        except Exception as error:
            if self._ends_round(error):
                raise
            is_done = False
            del self.leaves[kept:]
            self.left_out.append((name, type(error).__name__))
            database.undo_part()
        database.end_part()
        return is_done
