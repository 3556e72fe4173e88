"""Keys that the console's pages put together from a prefix and a value."""

from eztong.console.agreement_sets.drafting import DOCUMENTS
from eztong.console.applications import DECISIONS
from eztong.console.audit import DAYS, FIELDS
from eztong.console.branding.page import GROUPS
from eztong.console.guardianships import WhyHere
from eztong.console.home import OWN_QUEUES
from eztong.console.incidents.reports import MOVES
from eztong.console.keys.change import DOES, OFFERED
from eztong.console.keys.inventory import CEREMONIES, PURPOSES, STATES
from eztong.console.operations.page import CLASSES, OUTCOMES
from eztong.console.partners.page import PROPOSED
from eztong.console.people.account import DONE
from eztong.console.visit import MENU
from eztong.domain.agreements import AgreementState, ChangeClass
from eztong.domain.branding.brand import LONGEST
from eztong.domain.branding.version import BrandState
from eztong.domain.cases.case import CaseMove, CaseReason, CaseState, EvidenceKind, Measure
from eztong.domain.deregistration.deregistration import DeregistrationState
from eztong.domain.feedback.ticket import Author, TicketKind, TicketState
from eztong.domain.guardianship.guardianship import GuardianshipState
from eztong.domain.guardianship.relation import Relation
from eztong.domain.holder import Assurance, FreezeCause, FreezeReason, HolderState
from eztong.domain.incidents.incident import REFUSABLE, Affected, IncidentKind, Phase, Step
from eztong.domain.incidents.reporting import (
    DueReport,
    IncidentGrade,
    OperatorKind,
    ReportedKind,
    ReportMove,
    ReportSlot,
)
from eztong.domain.jobs.job import JobKind
from eztong.domain.keys.inventory import Certified, KeyPlace
from eztong.domain.keys.reseal import ResealPhase
from eztong.domain.operators.audit import AuditDoor, AuditStep
from eztong.domain.operators.bulk import BulkAct, RefusalGround
from eztong.domain.operators.operator import OperatorRole, OperatorState
from eztong.domain.operators.permission import Permission
from eztong.domain.operators.posture import DUTIES, Severity
from eztong.domain.operators.proposal import ProposalKind, ProposalState
from eztong.domain.partners.application import ApplicantState, ApplicantStepKind, ReviewItem
from eztong.domain.partners.expiry import ExpiringKind
from eztong.domain.partners.partner import PartnerStage, PartnerState, Scope
from eztong.domain.policy.policy import ADJUSTABLE, FIXED, Takes
from eztong.domain.policy.simulation import NotJudged
from eztong.domain.policy.version import PolicyStanding
from eztong.domain.registration import StepKind, Verdict
from eztong.domain.restrictions.mark import Cause, Ceiling
from eztong.domain.retention.bounds import BoundSource
from eztong.domain.retention.kept import Outlived, Transient
from eztong.domain.webhooks.delivery import DeliveryFailure, DeliveryState
from eztong.domain.webhooks.endpoint import DisabledBecause, EndpointState
from eztong.domain.webhooks.event import WebhookEventType
from eztong.i18n.message_texts import OWN_TEXTS
from eztong.i18n.translator import LANGUAGES
from eztong.usecases.agreement_sets.count_acceptances import AcceptedAs
from eztong.usecases.own_data.reveal_for_staff import RevealPurpose
from eztong.usecases.restrictions.restrict_for_staff import StaffReason
from eztong.wiring.doctor import CHECKS

CHECKED = [(check.__doc__ or "").partition(":")[0] for check in CHECKS]
_QUEUES = ("applications", "guardianships", "tickets", "cases", "incident_reports", "partners", "proposals")
_MET_BY_CHECKS = (
    "keyring_missing",
    "keyring_exposed",
    "keyring_damaged",
    "root_key_wrong",
    "keyring_unusable",
    "token_missing",
    "token_pin_wrong",
    "token_unusable",
    "keyring_of_another_database",
    "database_missing",
    "database_damaged",
    "restore_unfinished",
    "schema_unknown",
    "schema_version_damaged",
    "erased_list_damaged",
    "erased_list_of_another",
    "authority_keys_damaged",
    "settings_invalid",
    "calendar_invalid",
)
_ERRORS = (
    *_MET_BY_CHECKS,
    "about_oneself",
    "audit_asked_too_widely",
    "break_glass_off",
    "break_glass_state",
    "desk_not_typed",
    "desk_state_conflict",
    "agreement_schedule_invalid",
    "agreement_set_not_draft",
    "agreement_set_not_scheduled",
    "agreement_set_unknown",
    "agreement_texts_invalid",
    "agreements_unchanged",
    "change_class_invalid",
    "change_class_missing",
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
    "key_form_used",
    "key_incomplete",
    "incident_report_incomplete",
    "incident_report_over",
    "incident_report_times_invalid",
    "incident_report_unknown",
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
    "changed_since_seen",
    "bulk_rows_missing",
    "bulk_rows_too_many",
    "bulk_count_wrong",
    "evidence_needed",
    "evidence_unknown",
    "measure_invalid",
    "choice_missing",
    "name_not_typed",
    "changed_at_shell",
    "reseal_running",
    "rotated_just_now",
    "rotated_meanwhile",
    "rotation_refused",
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
    "portal_full",
    "portal_name_invalid",
    "portal_name_taken",
    "portal_person_unknown",
    "webhook_delivery_pending",
    "webhook_endpoint_disabled",
    "operator_locked",
    "operator_proof_needed",
    "passkey_cloned",
    "passkey_limit",
    "passkey_of_another",
    "passkey_refused",
    "passkey_unnamed",
    "operator_name_invalid",
    "operator_name_taken",
    "operator_refused",
    "operator_role_missing",
    "operator_without_role",
    "policy_invalid",
    "policy_name_taken",
    "policy_not_called_off",
    "policy_too_far_ahead",
    "policy_unknown",
    "proposal_ended",
    "reason_invalid",
    "same_operator",
    "state_conflict",
    "retention_invalid",
    "retention_moved",
    "retention_settled",
    "retention_unchanged",
    "retention_unknown",
    "text_invalid",
    "text_settled",
    "text_unchanged",
    "text_unknown",
    "text_version_unknown",
    "ticket_unknown",
    "words_missing",
    "words_too_long",
)

_WRONG = ("empty", "long", "plain", "address", "apart", "braces", "missing", "unknown")

KEYS = {
    *(key for _, key, _ in MENU),
    *(f"console.error.{code}" for code in _ERRORS),
    *(f"console.set_state.{state}" for state in AgreementState),
    *(f"console.document.{kind}" for kind in DOCUMENTS),
    *(f"console.{word}.{asked}" for asked in ChangeClass for word in ("asks", "asks_lead")),
    *(f"console.accepted_as.{standing}" for standing in AcceptedAs),
    *(f"console.in_language.{language}" for language in LANGUAGES),
    *(f"console.{word}.{rule}" for word, rules in (("rule", ADJUSTABLE), ("fixed", FIXED)) for rule in rules),
    *(f"console.verdict.{verdict}" for verdict in Verdict),
    *(f"console.policy_standing.{standing}" for standing in PolicyStanding),
    *(f"console.{word}.{takes}" for takes in Takes if takes for word in ("takes", "takes_hint")),
    *(f"console.not_judged.{why}" for why in NotJudged),
    *(f"console.kept.{kind}" for kind in (*Transient, *Outlived)),
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
    *(f"console.audit_day.{day}" for day in DAYS),
    *(f"console.affected_count.{what}" for what in ("holders", "grants", "requests", "keys", "staff")),
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
    *(f"console.key_state.{state}" for state in STATES),
    *(f"console.key_purpose.{purpose}" for purpose in PURPOSES),
    *(f"console.key_effect.{what}" for what in OFFERED),
    *(f"console.key_does.{does}" for does in DOES),
    *(f"console.key_place.{place}" for place in KeyPlace),
    *(f"console.certified.{certified}" for certified in Certified),
    *(f"console.reseal_phase.{phase}" for phase in ResealPhase),
    *(f"console.ceremony.{kind}" for kind in CEREMONIES),
    *(f"console.check.{check}" for check in CHECKED),
    *(f"console.purpose.{purpose}" for purpose in RevealPurpose),
    *(f"console.relation.{relation}" for relation in Relation),
    *(f"console.account_done.{end}" for end in DONE),
    *(f"console.queue.tickets_{kind}" for kind in OWN_QUEUES),
    *(f"console.why_here.{why}" for why in WhyHere),
    *(f"console.effect.{kind}" for kind in ProposalKind),
    *(f"console.floor.{floor}" for floor in Assurance),
    *(f"console.freeze_cause.{cause}" for cause in FreezeCause),
    *(f"console.mark_cause.{cause}" for cause in Cause),
    *(f"console.guardianship_state.{state}" for state in GuardianshipState),
    *(f"console.deregistration_state.{state}" for state in DeregistrationState),
    *(f"console.freeze_reason.{reason}" for reason in FreezeReason),
    *(f"console.staff_reason.{reason}" for reason in StaffReason),
    *(f"console.ceiling.{ceiling}" for ceiling in Ceiling),
    *(f"console.incident_kind.{kind}" for kind in IncidentKind),
    *(f"console.affected.{one}" for one in Affected),
    *(f"console.refuses.{one}" for one in REFUSABLE),
    *(f"console.phase.{phase}" for phase in Phase),
    *(f"console.report_kind.{kind}" for kind in ReportedKind),
    *(f"console.{word}.{grade}" for grade in IncidentGrade for word in ("grade", "grade_lead")),
    *(f"console.{word}.{kind}" for kind in OperatorKind for word in ("operator_kind", "operator_kind_lead")),
    *(f"console.{word}.{what}" for what in DueReport for word in ("due_report", "overdue_title")),
    *(f"console.do_move.{move}" for move in MOVES),
    *(f"console.report_move.{move}" for move in ReportMove),
    *(f"console.slots.{group}" for group in ("first", "later", "final")),
    *(f"console.{word}.{slot}" for slot in ReportSlot for word in ("slot", "slot_hint")),
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
    *(f"console.bound.{source}" for source in BoundSource),
    *(f"console.texts.part.{part}" for text_id in OWN_TEXTS for part in text_id.split(".")[1:]),
    *(f"console.texts.state.{state}" for state in ("own", "replaced", "unfit")),
    *(f"console.texts.which.{which}" for which in ("own", "in_force", "draft")),
    *(f"console.texts.in.{language}" for language in (*LANGUAGES, "zh")),
    *(f"console.texts.wrong.{problem}" for problem in _WRONG),
    *(f"console.operations.verification.{outcome}" for outcome in OUTCOMES),
    *(f"console.operations.answer.{status}" for status in CLASSES),
    *(f"console.bulk.{word}.{act}" for word in ("act", "would") for act in BulkAct),
    *(f"console.bulk.{word}.{ground}" for word in ("ground", "ground_words") for ground in RefusalGround),
    "console.operations.verification",
    "console.operations.answer",
    "console.operations.webhooks_due",
}
