"""Keys that the console's pages put together from a prefix and a value."""

from eztong.console.applications import DECISIONS
from eztong.console.audit import FIELDS
from eztong.console.visit import MENU
from eztong.domain.cases.case import CaseMove, CaseReason, CaseState, EvidenceKind, Measure
from eztong.domain.feedback.ticket import Author, TicketKind, TicketState
from eztong.domain.holder import HolderState
from eztong.domain.operators.audit import AuditDoor, AuditStep
from eztong.domain.operators.operator import OperatorRole, OperatorState
from eztong.domain.operators.permission import Permission
from eztong.domain.operators.proposal import ProposalKind, ProposalState
from eztong.domain.registration import StepKind
from eztong.domain.restrictions.mark import Ceiling

_QUEUES = ("applications", "tickets", "cases", "proposals")
_ERRORS = (
    "about_oneself",
    "case_moved",
    "case_unknown",
    "claim_invalid",
    "evidence_needed",
    "evidence_unknown",
    "input_invalid",
    "internal",
    "last_system_operator",
    "measure_invalid",
    "not_found",
    "not_permitted",
    "not_under_review",
    "one_time_code_wrong",
    "operator_invitation_refused",
    "operator_locked",
    "operator_name_invalid",
    "operator_name_taken",
    "operator_refused",
    "operator_role_missing",
    "proposal_ended",
    "reason_invalid",
    "same_operator",
    "state_conflict",
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
    *(f"console.case_reason.{reason}" for reason in CaseReason),
    *(f"console.case_state.{state}" for state in CaseState),
    *(f"console.case_move.{move}" for move in CaseMove),
    *(f"console.evidence.{kind}" for kind in EvidenceKind),
    *(f"console.measure.{measure}" for measure in Measure),
    *(f"console.measure_lead.{measure}" for measure in Measure),
    *(f"console.ceiling.{ceiling}" for ceiling in Ceiling),
}
