"""Decisions on applications, and the rules for them that hold under every version of the policy (clause 2.1).

Pure: equal inputs give equal decisions and equal rule ids. Every decision names the rules, so that it can be explained
and reviewed by a person (PIPL art. 24). What a version of the policy sets besides, and the order of all rules, is in
:mod:`eztong.domain.policy`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from eztong.domain.budget import Budget
from eztong.domain.errors import StateConflict
from eztong.domain.holder import HolderState
from eztong.domain.identifiers import HolderId
from eztong.domain.identity.age import AgeBand
from eztong.domain.identity.authority_answer import AuthorityAnswer, AuthorityVerdict
from eztong.domain.working_days import DueDay

APPLICATIONS_BY_PHONE: Final = Budget("applications_phone", 10, timedelta(days=1))
"""Names and numbers that may be tried with one proven phone."""
APPLICATIONS_BY_NUMBER: Final = Budget("applications_number", 20, timedelta(days=1))
"""Names that may be tried for one number, with whatever phones."""
SECOND_APPLICATION_NOTICES: Final = Budget("second_application_notices", 3, timedelta(days=1))
"""Messages to a holder about applications with the own name and number."""


ANSWERED_WITHIN: Final = timedelta(days=30)
"""How long what was asked of an applicant waits for an answer, as an unfinished application does; it ends then."""


class Verdict(StrEnum):
    """What becomes of the application."""

    APPROVE = "approve"
    APPROVE_RESTRICTED = "approve_restricted"
    REFUSE = "refuse"
    REVIEW = "review"
    SUPPLEMENT = "supplement"


class Reason(StrEnum):
    """Why, in words that the holder's page translates. Partners never see them."""

    GUARDIAN_MUST_APPLY = "guardian_must_apply"
    GUARDIAN_MUST_CONFIRM = "guardian_must_confirm"
    RELATION_WAITS = "relation_waits"
    SERVICE_ENDED_BEFORE = "service_ended_before"
    NAME_NUMBER_MISMATCH = "name_number_mismatch"
    NO_RECORD = "no_record"
    NOT_ELIGIBLE = "not_eligible"
    NAME_NEEDS_PERSON = "name_needs_person"
    MANUAL_REVIEW = "manual_review"
    DEVICE_RISK = "device_risk"
    DOCUMENT_EXPIRED = "document_expired"
    DOCUMENT_OUT_OF_DATE = "document_out_of_date"
    DOCUMENT_KIND = "document_kind"
    AGE_GROUP = "age_group"
    REGION = "region"
    DAY_IS_FULL = "day_is_full"
    ALREADY_REGISTERED = "already_registered"
    UNDER_REVIEW_ALREADY = "under_review_already"
    AGREEMENTS_CHANGED = "agreements_changed"
    DOCUMENT_NOT_TAKEN = "document_not_taken"
    PHONE_FULL = "phone_full"
    DECIDED_BY_PERSON = "decided_by_person"
    MORE_ASKED = "more_asked"
    WITHDRAWN = "withdrawn"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision with the ids of the rules that made it."""

    verdict: Verdict
    reason: Reason | None
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """What the policy may look at.

    What is known about an account of the person counts only after the authority said that name and number belong
    together: before, it would tell a stranger who has an account.
    """

    age_band: AgeBand
    service_ended_before: bool = False
    has_open_case: bool = False
    has_account: bool = False
    has_guardian: bool = False
    """A guardian applied for the child, or confirmed the minor, and the relation was confirmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Footing:
    """What an account stands on, read in the act that makes it: an application may have waited for weeks.

    The same was asked when the application was made. Its device needs no second look: nothing unbinds one before there
    is an account.
    """

    has_other_account: bool
    has_consent: bool
    takes_document: bool
    has_room_on_phone: bool


FIRM: Final = Footing(has_other_account=False, has_consent=True, takes_document=True, has_room_on_phone=True)
"""A footing that nothing is wrong with."""


class StepKind(StrEnum):
    """What a person did with an application, after the policy."""

    APPEAL = "appeal"
    """Its applicant objects to a refusal."""
    APPROVE = "approve"
    REFUSE = "refuse"
    SUPPLEMENT = "supplement"
    """An operator asks its applicant for something more."""
    ANSWER = "answer"
    """Its applicant answers that."""


class AppealNotPossible(StateConflict):
    """The application was not refused, or its refusal was objected to before."""

    code = "appeal_not_possible"
    advice = "A refusal can be objected to once. Look at the application's page for where it stands."


class AnswerNotPossible(StateConflict):
    """Nothing is asked of the applicant, or another application of the same number and phone waits."""

    code = "answer_not_possible"
    advice = "Look at the application's page for where it stands."


class WithdrawalNotPossible(StateConflict):
    """The application was decided, or a guardian has to do with it."""

    code = "withdrawal_not_possible"
    advice = "An application can be withdrawn while it waits for a person or for its applicant; else ask the operator."


class NotAppliedHere(StateConflict):
    """This browser sees the application again; only the one that applied ends it."""

    code = "not_applied_here"
    advice = "Withdraw the application in the browser in which you applied. Without it, ask the operator."


class SupplementNotPossible(StateConflict):
    """The application is a child's, who answers nobody here."""

    code = "supplement_not_possible"
    advice = "A guardian applied for this child. Decide on what is there, or refuse and say what was missing."


class ApplicationMissing(StateConflict):
    """The message code was right, but no application with this phone and these digits is there."""

    code = "application_missing"
    advice = "Check the phone and the last four characters of the document number, and ask for a new code."


class NotUnderReview(StateConflict):
    """The application waits for no person."""

    code = "not_under_review"
    advice = "Only applications in eztong applications list can be decided."


class NoEidMark(StateConflict):
    """The authority confirms no such person now, and without its mark there is no account."""

    code = "no_eid_mark"
    advice = "Nothing was decided. Approve once the authority confirms name and number, or refuse."


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationStep:
    """A step of a person in an application: an appeal, an answer, a decision or a question of an operator.

    ``sealed_words`` are the applicant's or the operator's own, sealed with the application's data key. An appeal
    has the day by which another operator decides it, an answer the day by which one looks at it.
    """

    holder_id: HolderId
    step_id: str
    kind: StepKind
    rules: str
    operator: str | None
    at: datetime
    due: DueDay | None
    sealed_words: bytes = field(repr=False)


_DECIDED_BY_PERSON: Final = {
    StepKind.APPROVE: (Verdict.APPROVE, None, "R50"),
    StepKind.REFUSE: (Verdict.REFUSE, Reason.DECIDED_BY_PERSON, "R51"),
    StepKind.SUPPLEMENT: (Verdict.SUPPLEMENT, Reason.MORE_ASKED, "R52"),
}
NOT_APPEALED: Final = frozenset(
    {
        Reason.ALREADY_REGISTERED.value,
        Reason.UNDER_REVIEW_ALREADY.value,
        Reason.GUARDIAN_MUST_APPLY.value,
        Reason.WITHDRAWN.value,
        Reason.UNANSWERED.value,
    }
)
"""Refusals with another way on: the account or the first application that is there, a guardian, a new application."""

WAITS_FOR_GUARDIAN: Final = frozenset({Reason.GUARDIAN_MUST_CONFIRM.value, Reason.RELATION_WAITS.value})
"""Why an application needs what only a guardian can give; whatever else is asked, its applicant answers."""


def decide_by_person(kind: StepKind, answer: AuthorityAnswer | None, *, today: date) -> Decision:
    """Return the decision of a person who looked at the application; ``answer`` is there for an approval.

    R50 approved; with an expired document restricted, as by the policy (R40). R51 refused. R52 something more is asked.
    """
    verdict, reason, rule = _DECIDED_BY_PERSON[kind]
    until = None if answer is None else answer.document_valid_until
    if verdict is Verdict.APPROVE and until is not None and until < today:
        return Decision(verdict=Verdict.APPROVE_RESTRICTED, reason=Reason.DOCUMENT_EXPIRED, rules=(rule, "R40"))
    return Decision(verdict=verdict, reason=reason, rules=(rule,))


def asks_applicant(state: HolderState, reason: str | None) -> bool:
    """Say whether something is asked that the applicant can answer: by staff, or by a rule; not by a guardian."""
    return state is HolderState.SUPPLEMENT_NEEDED and reason not in WAITS_FOR_GUARDIAN


ENDED_UNDECIDED: Final = frozenset({Reason.WITHDRAWN, Reason.UNANSWERED})
"""Of an application that ended for these nothing is kept, and nothing leads back: whoever comes again applies anew."""


def check_appealable(state: HolderState, reason: str | None, steps: Sequence[ApplicationStep]) -> None:
    """Refuse an objection that is not possible.

    Raises:
        AppealNotPossible: not refused, refused for what has another way on, or objected to before.
    """
    is_used = any(step.kind is StepKind.APPEAL for step in steps)
    if state is not HolderState.REFUSED or reason in NOT_APPEALED or is_used:
        raise AppealNotPossible


_RULES_BY_VERDICT: dict[AuthorityVerdict, tuple[Verdict, Reason, str]] = {
    AuthorityVerdict.MISMATCH: (Verdict.REFUSE, Reason.NAME_NUMBER_MISMATCH, "R20"),
    AuthorityVerdict.NO_RECORD: (Verdict.REFUSE, Reason.NO_RECORD, "R21"),
    AuthorityVerdict.DECEASED: (Verdict.REFUSE, Reason.NOT_ELIGIBLE, "R22"),
    AuthorityVerdict.NEEDS_HUMAN: (Verdict.REVIEW, Reason.NAME_NEEDS_PERSON, "R23"),
}
_STATE_AFTER: dict[Verdict, HolderState] = {
    Verdict.APPROVE: HolderState.APPROVED,
    Verdict.APPROVE_RESTRICTED: HolderState.APPROVED,
    Verdict.REFUSE: HolderState.REFUSED,
    Verdict.REVIEW: HolderState.UNDER_REVIEW,
    Verdict.SUPPLEMENT: HolderState.SUPPLEMENT_NEEDED,
}


def decide_before_authority(applicant: Applicant) -> Decision | None:
    """Apply the rules that need no outside answer, so that nobody's data is sent out in vain.

    R10 under 14: the guardian applies. R11 14 to 17: the guardian confirms. Who has a guardian passes both.
    """
    if applicant.has_guardian:
        return None
    if applicant.age_band is AgeBand.CHILD:
        return Decision(verdict=Verdict.SUPPLEMENT, reason=Reason.GUARDIAN_MUST_APPLY, rules=("R10",))
    if applicant.age_band is AgeBand.MINOR:
        return Decision(verdict=Verdict.SUPPLEMENT, reason=Reason.GUARDIAN_MUST_CONFIRM, rules=("R11",))
    return None


def decide_by_fixed_rules(applicant: Applicant, verdict: AuthorityVerdict) -> Decision | None:
    """Apply the rules that hold under every version of the policy; None: they leave it to the version.

    1. The rules before the authority (R10, R11).
    2. The authority's verdict (R20 to R23).
    3. The person has an account (R13); the service was ended for the person before, or they left in the
       middle of a case: a person looks (R12, R18).

    Raises:
        ValueError: the answer is still pending (programmer's mistake).
    """
    early = decide_before_authority(applicant)
    if early is not None:
        return early
    if verdict is AuthorityVerdict.PENDING:
        raise ValueError("a pending answer decides nothing")
    if verdict is not AuthorityVerdict.MATCHED:
        found, reason, rule = _RULES_BY_VERDICT[verdict]
        return Decision(verdict=found, reason=reason, rules=(rule,))
    return _decide_by_past(applicant)


def _decide_by_past(applicant: Applicant) -> Decision | None:
    if applicant.has_account:
        return Decision(verdict=Verdict.REFUSE, reason=Reason.ALREADY_REGISTERED, rules=("R13",))
    if applicant.service_ended_before:
        return Decision(verdict=Verdict.REVIEW, reason=Reason.SERVICE_ENDED_BEFORE, rules=("R12",))
    if applicant.has_open_case:
        return Decision(verdict=Verdict.REVIEW, reason=Reason.MANUAL_REVIEW, rules=("R18",))
    return None


def decide_on_footing(decision: Decision, footing: Footing) -> Decision:
    """Refuse an approval that has lost its footing; any other decision stands, as it makes no account.

    R13 the person has an account. R15 the agreements were replaced or withdrawn (clause P-3). R16 documents of this
    kind are no longer taken. R17 the phone carries as many accounts as it may (clause 2.6).
    """
    if state_after(decision) is not HolderState.APPROVED:
        return decision
    for holds, reason, rule in (
        (not footing.has_other_account, Reason.ALREADY_REGISTERED, "R13"),
        (footing.has_consent, Reason.AGREEMENTS_CHANGED, "R15"),
        (footing.takes_document, Reason.DOCUMENT_NOT_TAKEN, "R16"),
        (footing.has_room_on_phone, Reason.PHONE_FULL, "R17"),
    ):
        if not holds:
            return Decision(verdict=Verdict.REFUSE, reason=reason, rules=(rule,))
    return decision


def decide_on_waiting(decision: Decision, *, waits_already: bool) -> Decision:
    """Refuse a second application that would wait for a person while one of the same number and phone does (R14).

    Those with other phones wait beside it: whoever knows a number must not be able to shut its person out.
    """
    if decision.verdict is not Verdict.REVIEW or not waits_already:
        return decision
    return Decision(verdict=Verdict.REFUSE, reason=Reason.UNDER_REVIEW_ALREADY, rules=("R14",))


def state_after(decision: Decision) -> HolderState:
    """Return the state that the decision leads to."""
    return _STATE_AFTER[decision.verdict]
