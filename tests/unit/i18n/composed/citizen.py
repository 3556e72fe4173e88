"""Keys that the citizen door's pages put together from a prefix and a value."""

from eztong.adapters.storage.sql.tables import metadata
from eztong.citizen.deregistration.page import CAME_OVER, CHANGED, CHANGING
from eztong.citizen.guardianship.limits import CHOICES
from eztong.citizen.guardianship.page import APPLICATION_REFUSED, TO_HAND_OVER
from eztong.citizen.guardianship.ward import DONE, OF_ANOTHER
from eztong.citizen.records.page import PERIODS, RESULTS
from eztong.citizen.registration.result import (
    ENDED,
    ERASED,
    MORE_ASKED,
    REFUSED_ONCE,
    RELATION_WAITS,
    STOPPED,
    STOPPED_BY_GUARDIAN,
    WITHOUT_GUARDIAN,
)
from eztong.citizen.requests.standing import WAYS
from eztong.citizen.words.copy_values import SAID
from eztong.citizen.words.end_words import WAITS
from eztong.citizen.words.event_words import BY_DETAIL
from eztong.domain.access.device import DeviceState
from eztong.domain.access.otp import OtpPurpose
from eztong.domain.agreement_sets.clause_mark import Effect
from eztong.domain.agreements import AgreementKind, ChangeClass, RuleKind
from eztong.domain.assistance.assistance import PERIODS as HELP_PERIODS
from eztong.domain.assistance.assistance import AssistanceEnd
from eztong.domain.cases.case import TOLD_MOVES, CaseReason, EvidenceKind, Measure
from eztong.domain.claims import Claim
from eztong.domain.codes.own_link import ForeignKind
from eztong.domain.codes.presentation_code import Method
from eztong.domain.contact.phone_change import ChangeState, ChangeWay, EndedBy
from eztong.domain.death.after_death import Wish
from eztong.domain.deregistration.deregistration import DeregistrationState, UndoneBy
from eztong.domain.deregistration.partner_event import ErasureAnswer
from eztong.domain.deregistration.receipt import GROUNDS, Deleted, Kept
from eztong.domain.disputes.evidence_bundle import INTENTION, REFUSED_TRY, RESULT, Missing, acceptance_part
from eztong.domain.eid.intention import IntentionMode
from eztong.domain.errors import (
    AgreementNotAccepted,
    CodeAlreadyUsed,
    CodeCancelled,
    CodeExpired,
    HolderFrozen,
    HolderNotActive,
    HolderRestricted,
    HolderTerminated,
)
from eztong.domain.events import EventKind
from eztong.domain.feedback.ticket import AT_STAKE, TicketKind, TicketState
from eztong.domain.guardianship.guardianship import CareEnd, GuardianshipState
from eztong.domain.guardianship.relation import Relation
from eztong.domain.holder import WITH_ACCOUNT, FreezeReason, HolderState
from eztong.domain.identity.age import AgeBand
from eztong.domain.incidents.incident import Affected, IncidentKind, Step
from eztong.domain.notices import NOT_KEPT, Topic
from eztong.domain.own_data.copy_list import COMPOSED, COPIED, name_in_copy, why_withheld
from eztong.domain.own_data.correction import CorrectionState, RefusedBecause
from eztong.domain.own_data.sighting import NAME, NUMBER, Occasion, Viewer
from eztong.domain.partners.freshness import Confirmation
from eztong.domain.recovery import Proof, RecoveryState, StoppedBy
from eztong.domain.registration import Reason, StepKind
from eztong.domain.requests.cool_down import REFUSED_BEFORE
from eztong.domain.requests.request import MATCH_NUMBER_WRONG, PartnerSwitchedOff
from eztong.domain.restrictions.mark import Cause, Ceiling
from eztong.domain.restrictions.recheck import RecheckResult
from eztong.domain.talks.talk import TalkStage, WhyFailed
from eztong.i18n.translator import LANGUAGES

_WHY_NOT = (
    AgreementNotAccepted,
    CodeAlreadyUsed,
    CodeCancelled,
    CodeExpired,
    HolderFrozen,
    HolderNotActive,
    HolderRestricted,
    HolderTerminated,
    PartnerSwitchedOff,
)
_BEFORE_AN_ACCOUNT = {HolderState.DRAFT, HolderState.APPROVED}
_STANDS = {*RecoveryState, "due", "lapsed"}
_ME_BANNERS = (
    "no_consent",
    "new_version",
    "restricted",
    "frozen",
    "frozen_by_operator",
    "frozen_by_guardian",
    "terminated",
    "deregistering",
)
_PARTS = {part for part in COPIED.values() if "." not in part} | COMPOSED.keys()
_TOLD = {
    name_in_copy(table, column.name)
    for table in COPIED
    for column in metadata.tables[table].columns
    if why_withheld(table, column.name) is None
}

# How something was done, as an event's detail names it; the channels of a freeze are the use cases' own words.
_HOW = {*Proof, *StoppedBy, *UndoneBy, *EndedBy, *ChangeWay, *OtpPurpose, "recovery"}
_CHANNELS = {"web", "without_sign_in", "hotline", "notice_link", "recovery_link", "phone_link", "not_me", "sandbox"}
_DETAILS = frozenset(
    [
        "acceptance",
        "assistance",
        "band",
        "bundle",
        "by",
        "cause",
        "ceiling",
        "channel",
        "clause",
        "code",
        "codes_cancelled",
        "consent",
        "days",
        "decided_by",
        "froze",
        "grant",
        "grants_ended",
        "guardianship",
        "how",
        "kind",
        "mark",
        "on",
        "operator",
        "partner",
        "per_use",
        "promotions",
        "reason",
        "record",
        "report",
        "result",
        "role",
        "rule",
        "sessions_ended",
        "set",
        "ticket",
        "to",
        "why",
    ]
)
_WITHIN = {"viewer", "occasion", "items", "ticket", "code", "messages", "sequence", "steps"}

KEYS = {
    *(key for said in SAID.values() for key in said.keys()),  # noqa: SIM118 - no mapping
    *(f"said.way.{way}" for way in _HOW | _CHANNELS),
    *(f"said.why.{why}" for why in (*WhyFailed, *CareEnd, *AssistanceEnd)),
    *(f"said.freeze_reason.{reason}" for reason in FreezeReason),
    *(f"said.recheck.{result}" for result in RecheckResult),
    *(f"said.detail.{name}" for name in _DETAILS),
    "said.consent.notices",
    "said.shown.page",
    *(f"agreements.read_in.{language}" for language in LANGUAGES),
    *(f"copy.part.{part}" for part in _PARTS),
    *(f"paper.{name}" for name in ("format", "id", "agreement", "holder", "note", "leaf_index", "path")),
    *(f"paper.{name}" for name in ("by", "set", "shown", "ticks", "dwell_ms", "read_to_end", "context")),
    *(f"paper.{name}" for name in ("rules", "severed")),
    *(f"copy.field.{field}" for field in _TOLD | _WITHIN),
    *(f"intention_mode.{mode}" for mode in IntentionMode),
    *(f"reason.{reason}" for reason in Reason),
    *(f"result.{state}.{part}" for state in set(HolderState) - _BEFORE_AN_ACCOUNT for part in ("title", "text")),
    *(
        f"result.{told}.{part}"
        for told in (
            *(ERASED, MORE_ASKED, REFUSED_ONCE, RELATION_WAITS, STOPPED, STOPPED_BY_GUARDIAN),
            *WITHOUT_GUARDIAN,
            *ENDED.values(),
        )
        for part in ("title", "text")
    ),
    *(f"result.said.{kind}" for kind in StepKind),
    *(f"result.due.{kind}" for kind in (StepKind.APPEAL, StepKind.ANSWER)),
    *(f"result.{form}{part}" for form in ("object", "answer") for part in ("", "_title", "_words", "_hint", "_send")),
    *(f"devices.state.{state}" for state in DeviceState),
    *(f"event.{kind}" for kind in EventKind),
    *(f"event.{kind}.{value}" for kind, (_, values) in BY_DETAIL.items() for value in values),
    *(f"reasons.{reason}.{part}" for reason in FreezeReason for part in ("title", "text")),
    *(f"steps.{step}" for step in ("documents", "phone", "identity", "result")),
    *(f"tab.{tab}" for tab in ("code", "grants", "records", "me")),
    *(f"why.{why.code}" for why in _WHY_NOT),
    *(f"why.{cause}" for cause in Cause),
    *(f"why.{old}" for old in Confirmation),
    *(f"mark.{cause}{part}" for cause in Cause for part in ("", ".what", ".how")),
    *(f"ceiling.{ceiling}" for ceiling in Ceiling),
    *(f"check.result.{result}{part}" for result in RecheckResult for part in ("", ".text")),
    *(f"result.restricted.{part}" for part in ("title", "text")),
    "me.state.restricted",
    f"why.{MATCH_NUMBER_WRONG}",
    f"why.{REFUSED_BEFORE}",
    *(f"method.{method}" for method in Method),
    *(f"result_word.{result}" for result in RESULTS),
    *(f"records.period.{period}" for period in PERIODS),
    *(f"dispute.part.{part}" for part in (RESULT, REFUSED_TRY, INTENTION, *map(acceptance_part, AgreementKind))),
    *(f"documents.asks.{asked}" for asked in ChangeClass),
    *(f"documents.{kind}" for kind in RuleKind),
    *(f"clause_mark.{effect}" for effect in Effect),
    *(f"dispute.missing.{why}" for why in Missing),
    *(f"record.report.{state}" for state in ("open", "closed")),
    *(f"feedback.kind.{kind}{part}" for kind in TicketKind for part in ("", ".text")),
    *(f"status.kind.{kind}" for kind in IncidentKind),
    *(f"status.affected.{one}" for one in Affected),
    *(f"status.step.{step}" for step in Step),
    *(f"{subject}.state.{state}" for state in TicketState for subject in ("feedback", "talks")),
    *(f"talks.stage.{stage}" for stage in (*TalkStage, "end")),
    *(f"talks.why.{why}" for why in WhyFailed),
    *(f"cases.{name}.{measure}" for measure in Measure for name in ("measure", "effect")),
    *(f"cases.reason.{reason}" for reason in CaseReason),
    *(f"cases.evidence.{kind}" for kind in EvidenceKind),
    *(f"cases.move.{move}" for move in TOLD_MOVES),
    *(f"cases.stands.{stands}" for stands in ("decided", "appealed", "closed", "lifted")),
    *(f"notices.topic.{topic}" for topic in (set(Topic) - NOT_KEPT) | {"unknown"}),
    *(f"notices.topic.{Topic.TICKET_AT_STAKE}.{kind}" for kind in AT_STAKE),
    *(f"me.{known}" for known in ("name", "number", "phone")),
    *(f"me.source.{source}" for source in ("authority", "given")),
    *(f"me.state.{state}" for state in HolderState if state in WITH_ACCOUNT),
    *(f"me.state.{key}.text" for key in _ME_BANNERS),
    "me.state.frozen_by_guardian",
    "me.state.frozen_by_operator",
    "me.state.no_consent",
    "me.state.new_version",
    "about.document",
    "document.numbered",
    *(f"grants.{end}" for end in ("withdrawn", "lapsed")),
    *(f"claim_why.{claim}" for claim in Claim),
    *(f"standing.{kind.code}.{part}" for kind in WAYS for part in ("title", "text")),
    *(way.words for way in WAYS.values() if way.words),
    *(f"waiting.{stands}.{part}" for stands in _STANDS for part in ("title", "text")),
    *(f"who_form.{typed}{part}" for typed in ("name", "number") for part in ("", "_hint")),
    *(f"scan.foreign.{kind}" for kind in ForeignKind),
    *(f"deregister.state.{state}{part}" for state in (*DeregistrationState, WAITS) for part in ("", ".text")),
    *(f"deregister.not_yet.{why}" for why in (CAME_OVER, CHANGING, CHANGED)),
    *(f"deregister.deleted.{what}" for what in Deleted),
    *(f"deregister.kept.{what}" for what in Kept),
    *(f"deregister.why.{why}" for why in GROUNDS.values()),
    *(f"deregister.partner.{stands}" for stands in ("waits", "told", "overdue", *ErasureAnswer)),
    *(f"deregister.{told}" for told in ("authority_told", "authority_waits")),
    *(f"my_phone.{stands}{part}" for stands in ("waiting", "undo") for part in ("", ".text", ".keep")),
    *(f"my_phone.staff{part}" for part in ("", ".text")),
    *(f"my_phone.state.{state}" for state in ChangeState if state is not ChangeState.ASKED),
    *(f"my_phone.way.{way}{part}" for way in set(ChangeWay) - {ChangeWay.APPEAL} for part in ("", ".text")),
    *(f"phone_codes.{part}.{way}" for way in set(ChangeWay) - {ChangeWay.APPEAL} for part in ("lead", "confirm")),
    *(f"keep_phone.{stands}" for stands in ("waiting", "undo")),
    *(f"helper.days.{days}" for days in HELP_PERIODS),
    *(f"family.state.{state}" for state in (*GuardianshipState, APPLICATION_REFUSED)),
    *(
        f"family.account.{state}"
        for state in {*HolderState, "restricted", "appealed", TO_HAND_OVER} - _BEFORE_AN_ACCOUNT
    ),
    *(f"relation.{relation}" for relation in Relation),
    *(f"ward.other.{kind}" for kind in OF_ANOTHER),
    *(f"ward.done.{done}" for done in DONE),
    *(f"ward.rule.{rule}" for rule in {*AgeBand, "kept"}),
    *(f"limits.choice.{choice}{part}" for choice in CHOICES for part in ("", ".what")),
    *(f"limits.now.{choice}" for choice in CHOICES),
    *(f"after_death.wish.{wish}{part}" for wish in Wish for part in ("", ".text")),
    *(f"seen.viewer.{viewer}" for viewer in Viewer),
    *(f"seen.occasion.{occasion}" for occasion in Occasion),
    *(f"seen.item.{item}" for item in (NAME, NUMBER)),
    *(f"seen.covers.{part}" for part in ("partners", "staff", "authority", "own")),
    *(f"seen.misses.{part}" for part in ("passed", "family", "messages", "law", "servers")),
    *(f"correct.state.{state}" for state in CorrectionState),
    *(f"correct.reason.{reason}" for reason in RefusedBecause),
}
