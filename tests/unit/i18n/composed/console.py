"""Keys that the console's pages put together from a prefix and a value."""

from eztong.console.accounts import ENDS
from eztong.console.applications import DECISIONS
from eztong.console.audit import FIELDS
from eztong.console.branding.page import GROUPS
from eztong.console.operations.page import CLASSES, OUTCOMES
from eztong.console.partners import PROPOSED
from eztong.console.visit import MENU
from eztong.domain.branding.brand import LONGEST
from eztong.domain.branding.version import BrandState
from eztong.domain.cases.case import CaseMove, CaseReason, CaseState, EvidenceKind, Measure
from eztong.domain.feedback.ticket import Author, TicketKind, TicketState
from eztong.domain.guardianship.relation import Relation
from eztong.domain.holder import FreezeReason, HolderState
from eztong.domain.incidents.incident import REFUSABLE, Affected, IncidentKind, Phase, Step
from eztong.domain.jobs.job import JobKind
from eztong.domain.operators.audit import AuditDoor, AuditStep
from eztong.domain.operators.operator import OperatorRole, OperatorState
from eztong.domain.operators.permission import Permission
from eztong.domain.operators.posture import DUTIES, Severity
from eztong.domain.operators.proposal import ProposalKind, ProposalState
from eztong.domain.partners.application import ApplicantState, ApplicantStepKind, ReviewItem
from eztong.domain.partners.expiry import ExpiringKind
from eztong.domain.partners.partner import PartnerStage, PartnerState, Scope
from eztong.domain.registration import StepKind
from eztong.domain.restrictions.mark import Ceiling
from eztong.domain.webhooks.delivery import DeliveryFailure, DeliveryState
from eztong.domain.webhooks.endpoint import DisabledBecause, EndpointState
from eztong.domain.webhooks.event import WebhookEventType
from eztong.i18n.translator import LANGUAGES
from eztong.ports.keys import KeyState
from eztong.usecases.own_data.reveal_for_staff import RevealPurpose
from eztong.usecases.restrictions.restrict_for_staff import StaffReason
from eztong.wiring.doctor import CHECKS

CHECKED = [(check.__doc__ or "").partition(":")[0] for check in CHECKS]
_QUEUES = ("applications", "guardianships", "tickets", "cases", "partners", "proposals")
_ERRORS = (
    "about_oneself",
    "accent_invalid",
    "accent_unreadable",
    "brand_invalid",
    "brand_settled",
    "brand_unchanged",
    "brand_unknown",
    "mark_invalid",
    "backup_folder_missing",
    "drill_under_way",
    "incident_incomplete",
    "incident_refuses_invalid",
    "incident_over",
    "key_days_invalid",
    "key_incomplete",
    "incident_times_invalid",
    "incident_words_invalid",
    "incidents_many",
    "input_invalid",
    "internal",
    "last_system_operator",
    "minor_not_revealed",
    "case_moved",
    "case_unknown",
    "claim_invalid",
    "evidence_needed",
    "evidence_unknown",
    "measure_invalid",
    "not_found",
    "not_permitted",
    "not_under_review",
    "number_invalid",
    "one_time_code_wrong",
    "operator_invitation_refused",
    "partner_application_state",
    "partner_checklist_open",
    "partner_not_ready",
    "partner_state_conflict",
    "webhook_delivery_pending",
    "webhook_endpoint_disabled",
    "operator_locked",
    "operator_name_invalid",
    "operator_name_taken",
    "operator_refused",
    "operator_role_missing",
    "operator_without_role",
    "proposal_ended",
    "reason_invalid",
    "same_operator",
    "state_conflict",
    "ticket_unknown",
    "words_missing",
    "words_too_long",
)

KEYS = {
    *(key for _, key, _ in MENU),
    *(f"console.error.{code}" for code in _ERRORS),
    *(f"console.queue.{queue}" for queue in _QUEUES),
    *(f"console.role.{role}" for role in OperatorRole),
    *(f"console.role_lead.{role}" for role in OperatorRole),
    *(f"console.state.{state}" for state in OperatorState),
    *(f"console.permission.{permission}" for permission in Permission),
    *(f"console.kind.{kind}" for kind in ProposalKind),
    *(f"console.proposal_state.{state}" for state in ProposalState),
    *(f"console.holder_state.{state}" for state in HolderState),
    *(f"console.step.{kind}" for kind in StepKind),
    *(f"console.decision.{decision}" for decision in DECISIONS),
    *(f"console.decision_lead.{decision}" for decision in DECISIONS),
    *(f"console.ticket_kind.{kind}" for kind in TicketKind),
    *(f"console.ticket_state.{state}" for state in TicketState),
    *(f"console.author.{author}" for author in Author),
    *(f"console.audit_field.{field}" for field in FIELDS),
    *(f"console.step_of.{step}" for step in AuditStep),
    *(f"console.door.{door}" for door in AuditDoor),
    *(f"console.ending_kind.{kind}" for kind in ExpiringKind),
    *(f"console.partner_state.{state}" for state in PartnerState),
    *(f"console.stage.{stage}" for stage in PartnerStage),
    *(f"console.scope.{scope}" for scope in Scope),
    *(f"console.{word}.{how}" for how in ("suspend", *PROPOSED) for word in ("partner_done", "move", "move_lead")),
    *(f"console.applicant_state.{state}" for state in ApplicantState),
    *(f"console.applicant_step.{kind}" for kind in ApplicantStepKind),
    *(f"console.{word}.{item}" for item in ReviewItem for word in ("item", "item_lead")),
    *(f"console.endpoint_state.{state}" for state in EndpointState),
    *(f"console.disabled_because.{why}" for why in DisabledBecause),
    *(f"console.delivery_state.{state}" for state in DeliveryState),
    *(f"console.delivery_failure.{failure}" for failure in DeliveryFailure),
    *(f"console.webhook_event.{event}" for event in WebhookEventType),
    *(f"console.posture.{finding}" for finding in Severity),
    *(f"console.severity.{finding}" for finding in Severity),
    *(f"console.duty.{duty.name}" for duty in DUTIES),
    *(f"console.job.{kind}" for kind in JobKind),
    *(f"console.key_state.{state}" for state in KeyState if state is not KeyState.RETIRED),
    *(f"console.check.{check}" for check in CHECKED),
    *(f"console.purpose.{purpose}" for purpose in RevealPurpose),
    *(f"console.relation.{relation}" for relation in Relation),
    *(f"console.account_done.{end}" for end in ENDS),
    *(f"console.freeze_reason.{reason}" for reason in FreezeReason),
    *(f"console.staff_reason.{reason}" for reason in StaffReason),
    *(f"console.ceiling.{ceiling}" for ceiling in Ceiling),
    *(f"console.incident_kind.{kind}" for kind in IncidentKind),
    *(f"console.affected.{one}" for one in Affected),
    *(f"console.refuses.{one}" for one in REFUSABLE),
    *(f"console.phase.{phase}" for phase in Phase),
    *(f"console.incident_step.{step}" for step in Step),
    *(f"console.case_reason.{reason}" for reason in CaseReason),
    *(f"console.case_state.{state}" for state in CaseState),
    *(f"console.case_move.{move}" for move in CaseMove),
    *(f"console.evidence.{kind}" for kind in EvidenceKind),
    *(f"console.measure.{measure}" for measure in Measure),
    *(f"console.measure_lead.{measure}" for measure in Measure),
    *(f"console.branding.text.{name}" for name in LONGEST),
    *(f"console.branding.hint.{name}" for name in LONGEST),
    *(f"console.branding.group.{name}" for name, _texts in GROUPS),
    *(f"console.branding.state.{state}" for state in BrandState),
    *(f"console.branding.width.{width}" for width in ("phone", "desktop")),
    *(f"console.branding.in.{language}" for language in LANGUAGES),
    *(f"console.operations.verification.{outcome}" for outcome in OUTCOMES),
    *(f"console.operations.answer.{status}" for status in CLASSES),
    "console.operations.verification",
    "console.operations.answer",
    "console.operations.webhooks_due",
}
