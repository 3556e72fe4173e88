"""Values of a holder's copy in words: what a column keeps as a word for programs, a person reads as one of theirs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from eztong.domain.access.device import DeviceState
from eztong.domain.agreements import AgreementKind
from eztong.domain.assistance.assistance import AssistanceEnd, AssistanceState, HelpSide
from eztong.domain.cases.case import CaseMove, CaseReason, CaseState, EvidenceKind, Measure
from eztong.domain.claims import Claim
from eztong.domain.codes.presentation_code import Channel, CodeState, Method
from eztong.domain.codes.verification import Outcome
from eztong.domain.contact.phone_change import ChangeState, ChangeWay, EndedBy
from eztong.domain.death.after_death import Wish
from eztong.domain.deregistration.deregistration import DeregistrationState, UndoneBy
from eztong.domain.disputes.dispute import Party
from eztong.domain.events import Actor, EventKind
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.feedback.ticket import Author, TicketKind, TicketState
from eztong.domain.grants import GrantState
from eztong.domain.guardianship.guardianship import CareEnd, DecidedBy, GuardianshipState
from eztong.domain.guardianship.relation import Relation
from eztong.domain.holder import FreezeCause, HolderState
from eztong.domain.identity.citizen_number import DocumentType
from eztong.domain.jobs.job import JobEnd, JobKind
from eztong.domain.notices import Topic
from eztong.domain.own_data.correction import CorrectionState, RefusedBecause
from eztong.domain.own_data.sighting import NAME, NUMBER, Occasion, Viewer
from eztong.domain.recovery import RecoveryState, StoppedBy
from eztong.domain.registration import Reason, StepKind, Verdict
from eztong.domain.requests.request import RequestState
from eztong.domain.restrictions.mark import Cause, Ceiling
from eztong.domain.talks.talk import Move, Side, TalkStage, WhyFailed
from eztong.i18n.translator import LANGUAGES, Translator


@dataclass(frozen=True, slots=True)
class ValueWords:
    """Where the words for a member's values stand, and which values it has; none where codes of ours are its values."""

    prefix: str
    values: type[StrEnum] | tuple[str, ...] = ()

    def keys(self) -> Iterator[str]:
        """Give the key of the words for each value."""
        return (f"{self.prefix}{value}" for value in self.values)


SAID: Final[Mapping[tuple[str, str], ValueWords]] = {
    ("account", "state"): ValueWords("family.account.", HolderState),
    ("account", "freeze_cause"): ValueWords("said.freeze_cause.", FreezeCause),
    ("account", "document_type"): ValueWords("said.document_type.", DocumentType),
    ("account", "decision"): ValueWords("said.verdict.", Verdict),
    ("account", "reason"): ValueWords("reason.", Reason),
    ("account", "ceiling"): ValueWords("ceiling.", Ceiling),
    ("account", "after_death"): ValueWords("after_death.wish.", Wish),
    ("acceptances", "kind"): ValueWords("documents.", AgreementKind),
    ("acceptances", "language"): ValueWords("said.language.", LANGUAGES),
    ("devices", "state"): ValueWords("devices.state.", DeviceState),
    ("events", "kind"): ValueWords("event.", EventKind),
    ("events", "actor"): ValueWords("said.actor.", Actor),
    ("codes", "channel"): ValueWords("said.channel.", Channel),
    ("codes", "state"): ValueWords("said.code.", CodeState),
    ("verifications", "outcome"): ValueWords("result_word.", Outcome),
    ("verifications", "reason"): ValueWords("why."),
    ("verifications", "method"): ValueWords("method.", Method),
    ("verifications", "claims"): ValueWords("claim.", Claim),
    ("refused_tries", "reason"): ValueWords("why."),
    ("answered_requests", "claims"): ValueWords("claim.", Claim),
    ("answered_requests", "state"): ValueWords("said.request.", RequestState),
    ("grants", "claims"): ValueWords("claim.", Claim),
    ("grants", "state"): ValueWords("said.grant.", GrantState),
    ("jobs", "kind"): ValueWords("said.job.", JobKind),
    ("jobs", "topic"): ValueWords("notices.topic.", Topic),
    ("jobs", "ended_as"): ValueWords("said.job_end.", JobEnd),
    ("recoveries", "state"): ValueWords("said.recovery.", RecoveryState),
    ("recoveries", "ended_by"): ValueWords("said.recovery_end.", StoppedBy),
    ("application_steps", "kind"): ValueWords("said.step.", StepKind),
    ("policy_decisions", "verdict"): ValueWords("said.verdict.", Verdict),
    ("policy_decisions", "reason"): ValueWords("reason.", Reason),
    ("who_saw", "viewer"): ValueWords("seen.viewer.", Viewer),
    ("who_saw", "occasion"): ValueWords("seen.occasion.", Occasion),
    ("who_saw", "items"): ValueWords("said.item.", (NAME, NUMBER, *Claim)),
    ("acts", "kind"): ValueWords("said.act.", ActKind),
    ("acts", "actor"): ValueWords("said.actor.", Actor),
    ("tickets", "kind"): ValueWords("feedback.kind.", TicketKind),
    ("tickets", "state"): ValueWords("feedback.state.", TicketState),
    ("tickets", "author"): ValueWords("said.author.", Author),
    ("talks", "stage"): ValueWords("talks.stage.", TalkStage),
    ("talks", "why_failed"): ValueWords("said.talk_end.", WhyFailed),
    ("talks", "move"): ValueWords("said.move.", Move),
    ("talks", "side"): ValueWords("said.talk_side.", Side),
    ("cases", "reason"): ValueWords("cases.reason.", CaseReason),
    ("cases", "state"): ValueWords("said.case.", CaseState),
    ("cases", "measure"): ValueWords("cases.measure.", Measure),
    ("cases", "ceiling"): ValueWords("ceiling.", Ceiling),
    ("cases", "move"): ValueWords("said.case_move.", CaseMove),
    ("cases", "kind"): ValueWords("said.evidence.", EvidenceKind),
    ("bundles", "party"): ValueWords("said.party.", Party),
    ("notices", "topic"): ValueWords("notices.topic.", Topic),
    ("deregistrations", "state"): ValueWords("deregister.state.", DeregistrationState),
    ("deregistrations", "undone_by"): ValueWords("said.undone_by.", UndoneBy),
    ("phone_changes", "state"): ValueWords("said.phone.", ChangeState),
    ("phone_changes", "way"): ValueWords("said.phone_way.", ChangeWay),
    ("phone_changes", "ended_by"): ValueWords("said.phone_end.", EndedBy),
    ("corrections", "state"): ValueWords("correct.state.", CorrectionState),
    ("corrections", "reason"): ValueWords("correct.reason.", RefusedBecause),
    ("guardianships", "side"): ValueWords("said.care_side.", ("ward", "guardian")),
    ("guardianships", "state"): ValueWords("family.state.", GuardianshipState),
    ("guardianships", "ward_relation"): ValueWords("relation.", Relation),
    ("guardianships", "relation"): ValueWords("relation.", Relation),
    ("guardianships", "decided_by"): ValueWords("said.decided_by.", DecidedBy),
    ("guardianships", "ended_by"): ValueWords("said.care_end.", CareEnd),
    ("assistances", "side"): ValueWords("said.help_side.", HelpSide),
    ("assistances", "state"): ValueWords("said.help.", AssistanceState),
    ("assistances", "ended_by"): ValueWords("said.help_end.", AssistanceEnd),
    ("restrictions", "cause"): ValueWords("mark.", Cause),
    ("restrictions", "ceiling"): ValueWords("ceiling.", Ceiling),
    ("restrictions", "by"): ValueWords("said.actor.", Actor),
    ("restrictions", "lifted_by"): ValueWords("said.actor.", Actor),
}
"""The members that hold a word for programs, each by its part and name."""

_DETAIL: Final[Mapping[str, tuple[str, ...]]] = {
    "": ("said.way.", "reason."),
    "kind": ("feedback.kind.",),
    "cause": ("mark.",),
    "ceiling": ("ceiling.",),
    "reason": ("correct.reason.", "said.freeze_reason."),
    "by": ("said.way.",),
    "how": ("said.way.",),
    "channel": ("said.way.",),
    "role": ("said.actor.", "said.care_side."),
    "decided_by": ("said.decided_by.",),
    "why": ("said.why.",),
    "to": ("family.account.",),
    "result": ("said.recheck.",),
    "band": ("ward.rule.",),
    "consent": ("said.consent.",),
}
"""Where the words for a detail's values stand, by its name; the bare value of a detail has none."""
# The reason that staff gave stands last and is a sentence: it goes on until another name.
_FACTS: Final = re.compile(r" (?=[a-z_]+=)")
_FLAGS: Final[Mapping[str, str]] = {"True": "copy.yes", "on": "copy.yes", "False": "copy.no", "off": "copy.no"}


@dataclass(frozen=True, slots=True)
class PartnerNames:
    """How partners, their scenes and their desks are called; the latter two by the partner's id and their own."""

    partner: Callable[[str], str]
    scene: Callable[[str, str], str]
    desk: Callable[[str, str], str]


def value_words(part: str, member: str, value: str, *, words: Translator) -> str:
    """Return a value in words; one that has none stands for itself."""
    said = SAID.get((part, member))
    return value if said is None else _word(said.prefix, value, words)


def detail_words(detail: str, *, words: Translator, names: PartnerNames) -> str:
    """Return an event's detail, a line for each of its facts (``ticket=12 by=session``)."""
    return "\n".join(_fact_words(fact, words, names) for fact in _FACTS.split(detail))


def _fact_words(fact: str, words: Translator, names: PartnerNames) -> str:
    name, parted, value = fact.partition("=")
    if not parted:
        return _detail_value("", fact, words, names)
    label = f"said.detail.{name}"
    shown = _detail_value(name, value, words, names)
    return words.text("said.fact", name=words.text(label) if words.has(label) else name, value=shown)


def _detail_value(name: str, value: str, words: Translator, names: PartnerNames) -> str:
    if name == "partner":
        return names.partner(value)
    if value in _FLAGS:
        return words.text(_FLAGS[value])
    keys = (f"{prefix}{value}" for prefix in _DETAIL.get(name, ()))
    return next((words.text(key) for key in keys if words.has(key)), value)


def _word(prefix: str, value: str, words: Translator) -> str:
    key = f"{prefix}{value}"
    return words.text(key) if words.has(key) else value
