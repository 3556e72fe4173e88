"""Decide an application that waits for a person, or ask its applicant for more, as an operator (2.1; PIPL art. 24)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from eztong.domain.errors import NotFound
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.feedback.ticket import parse_words
from eztong.domain.guardianship.ward import is_kept_by_guardian
from eztong.domain.holder import Holder, HolderState
from eztong.domain.identifiers import HolderId
from eztong.domain.identity.age import service_date
from eztong.domain.identity.authority_answer import AuthorityAnswer, AuthorityVerdict
from eztong.domain.identity.real_name import parse_real_name
from eztong.domain.operators.operator import Operator, check_another
from eztong.domain.operators.permission import Permission
from eztong.domain.operators.seen import check_seen
from eztong.domain.registration import (
    Decision,
    NoEidMark,
    NotUnderReview,
    StepKind,
    SupplementNotPossible,
    Verdict,
    decide_before_authority,
    decide_by_person,
    state_after,
)
from eztong.ports.act import Act, Acting
from eztong.ports.services import Services
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.operators.check_operator import check_about_another, check_operator, who_may
from eztong.usecases.registration.application_words import add_step
from eztong.usecases.registration.birthdays import number_of
from eztong.usecases.registration.decide_application import applicant_of, settle
from eztong.usecases.vault import open_vault


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewApplication:
    """The decision and its reason, or that more is asked and what: in words that the applicant reads.

    ``seen_at`` is when the application was seen as it is decided; None: just now.
    """

    holder_id: HolderId
    kind: StepKind
    words: str = field(repr=False)
    seen_at: datetime | None = None


def review_application(command: ReviewApplication, *, by: Acting, services: Services) -> Verdict:
    """Decide an application that is under review; return the verdict that stands.

    1. Who decides has the role, decides not about themselves, and did not decide it before. Nothing was done with it
       since they saw it.
    2. For an approval the authority is asked again, between two looks at all this: no account without its mark.
    3. The decision is written as the policy's are, with its rule, the operator and the sealed reason, and attested.
       An approval that has lost its footing meanwhile is refused for that; of somebody under age whose guardian left
       meanwhile it becomes what it was without one (R10, R11). Who only asked for more may still decide.
    4. The applicant is told by message.

    Raises:
        WordsMissing, WordsTooLong: the reason.
        OperatorNeeded, OperatorRefused, RoleMissing, AboutOneself, SameOperator: whoever acts may not.
        NotFound: no such application.
        NotUnderReview: it waits for no person.
        ChangedSinceSeen: it waits, but something was done with it meanwhile.
        SupplementNotPossible: more is asked of a child, for whom a guardian applied.
        NoEidMark: the authority does not confirm the person; nothing was decided.
        Unavailable: the authority cannot be asked; nothing was decided.
    """
    parse_words(command.words)
    answer = None
    if command.kind is StepKind.APPROVE:
        holder = services.perform(by, _may_decide, command.holder_id)
        answer = _asked(holder, services=services)
    verdict = services.perform(by, _decide, command, answer)
    services.observer.registration(verdict.value)
    return verdict


def decide_without_authority(act: Act, command: ReviewApplication) -> Verdict:
    """Refuse an application, or ask its applicant for more, as :func:`review_application` does.

    Raises:
        ValueError: it is an approval, which takes the authority's answer (programmer's mistake).
        EztongError: as :func:`review_application` says.
    """
    if command.kind is StepKind.APPROVE:
        raise ValueError("an approval takes the authority's answer")
    return _decide(act, command, None)


def find_application(holder_id: HolderId, *, stored: Repositories) -> Holder:
    """Return the application, whatever became of it.

    Raises:
        NotFound: no such application.
    """
    holder = stored.holders.get(holder_id)
    if holder is None:
        raise NotFound("There is no such application.")
    return holder


def _may_decide(act: Act, holder_id: HolderId) -> Holder:
    operator = who_may(act, Permission.APPLICATIONS_DECIDE)
    holder = find_application(holder_id, stored=act.uow)
    if holder.state is not HolderState.UNDER_REVIEW:
        raise NotUnderReview
    check_about_another(operator, holder, stored=act.uow)
    _check_not_again(act, operator, holder)
    return holder


def _check_not_again(act: Act, operator: Operator, holder: Holder) -> None:
    for step in act.uow.applications.steps(holder.holder_id):
        if step.operator is not None and step.kind is not StepKind.SUPPLEMENT:
            first = act.uow.operators.get(step.operator)
            check_another(operator, first, named=step.operator, now=act.now)


def _asked(holder: Holder, *, services: Services) -> AuthorityAnswer:
    vault = open_vault(holder, keys=services.keys)
    name = parse_real_name(vault.open("sealed_name", holder.sealed_name or b"").decode())
    number = number_of(holder, keys=services.keys, now=services.clock.now())
    answer = services.authority.match(name=name, number=number, reference=holder.holder_id)
    if answer.verdict is not AuthorityVerdict.MATCHED or answer.eid_mark is None:
        raise NoEidMark
    return answer


def _decide(act: Act, command: ReviewApplication, answer: AuthorityAnswer | None) -> Verdict:
    check_operator(act, Permission.APPLICATIONS_DECIDE, command.holder_id)
    holder = _may_decide(act, command.holder_id)
    check_seen((step.at for step in act.uow.applications.steps(holder.holder_id)), seen_at=command.seen_at)
    if command.kind is StepKind.SUPPLEMENT and is_kept_by_guardian(holder):
        raise SupplementNotPossible
    decision = _with_guardian(act, holder, decide_by_person(command.kind, answer, today=service_date(act.now)))
    words = parse_words(command.words)
    verdict = settle(act, holder, decision, vault=open_vault(holder, keys=act.keys), answer=answer)
    # Of a child that is not registered nothing is kept; its guardian is told, and the reason is attested.
    if state_after(decision) is HolderState.APPROVED or not is_kept_by_guardian(holder):
        add_step(act, holder, command.kind, words, rules=" ".join(decision.rules))
    done = WhatWasDone(
        kind=ActKind.APPLICATION_DECIDED,
        subject=holder.holder_id,
        facts={"verdict": verdict.value, "rules": " ".join(decision.rules)},
        holder_id=holder.holder_id,
        reason=words,
    )
    attest_act(act, done)
    return verdict


def _with_guardian(act: Act, holder: Holder, decision: Decision) -> Decision:
    """Let an applicant under age wait for a guardian, where the one who was there has left since."""
    if state_after(decision) is not HolderState.APPROVED:
        return decision
    number = number_of(holder, keys=act.keys, now=act.now)
    applicant = applicant_of(holder, number, stored=act.uow, keys=act.keys, today=service_date(act.now))
    return decide_before_authority(applicant) or decision
