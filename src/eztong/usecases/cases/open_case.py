"""Open a case about an account, as an operator, and close one of which nothing came (clause 2.10)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from eztong.domain.cases.case import (
    Case,
    CaseMove,
    CaseReason,
    CaseState,
    CaseUnknown,
    dismissed,
    not_approved,
    parse_claim,
)
from eztong.domain.errors import NotFound, StateConflict
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.feedback.ticket import NUMBER_DIGITS, parse_words
from eztong.domain.holder import Holder
from eztong.domain.identifiers import HolderId
from eztong.domain.operators.look_up import AskedFor
from eztong.domain.operators.operator import Operator
from eztong.domain.operators.permission import Permission
from eztong.domain.operators.proposal import ProposalState
from eztong.domain.working_days import ANSWER_WITHIN, WorkCalendar
from eztong.ports.act import Act, Acting
from eztong.ports.services import Services
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.cases.case_words import add_step
from eztong.usecases.cases.hold_evidence import hold
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.naming import new_id
from eztong.usecases.operators.check_operator import check_about_another, check_operator
from eztong.usecases.operators.find_by_number import LookUp, find_by_number, index_of_number, look_up

_DRAWS: Final = 5
_MISSING: Final = "There is no such account. Nothing was opened."


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """What an account is said to be misused for, why staff look into it, and what they found, by ids."""

    reason: CaseReason
    words: str = field(repr=False)
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseNote:
    """What an operator writes in a case; ``claim`` are damages in yuan."""

    case_id: str
    words: str = field(repr=False)
    claim: str = ""


def open_case(act: Act, holder_id: HolderId, command: OpenCase, *, calendar: WorkCalendar) -> Case:
    """Open a case about an account that is known by its id, as tickets and applications name it.

    1. The operator may, and it is not their own account.
    2. What was found is held from now on, and what is written is sealed with the account's key.
    3. It is due like an answer to a ticket, and attested. The holder is not told before something is decided; that
       staff looked stands on the holder's page all the same.

    Raises:
        WordsMissing, WordsTooLong: what is written.
        OperatorNeeded, OperatorRefused, RoleMissing, AboutOneself: whoever acts may not.
        NotFound: there is no such account, or it was erased.
        EvidenceUnknown: one of the ids is nothing that could be held.
    """
    case_id = new_id(act, "cas")
    operator = check_operator(act, Permission.CASES_OPEN, case_id)
    holder = act.uow.holders.get(holder_id)
    if holder is None or not holder.has_account:
        raise NotFound(_MISSING)
    return _open(act, operator, holder, command, case_id=case_id, calendar=calendar)


def open_case_by_number(number: str, command: OpenCase, *, by: Acting, services: Services) -> Case:
    """Open a case about the account of a citizen number, as an authority's letter names somebody.

    Raises:
        NumberInvalid: this can be nobody's number.
        NotFound: nobody with this number has an account; that it was looked for is on record.
        TooMany: the operator looked for too much in vain today.
        WordsMissing, WordsTooLong, OperatorNeeded, OperatorRefused, RoleMissing, AboutOneself, EvidenceUnknown: as
            :func:`open_case` says.
    """
    look = LookUp(
        index=index_of_number(number, services=services),
        asked_for=AskedFor.CASE,
        permission=Permission.CASES_OPEN,
        missing=_MISSING,
    )
    calendar = services.deployment.calendar
    do = partial(services.perform, by, _open_found, look, command, calendar)
    return look_up(look, do, by=by, services=services)


def dismiss_case(act: Act, command: CaseNote) -> Case:
    """Close a case of which nothing came, with the reason.

    Raises:
        WordsMissing, WordsTooLong: the reason.
        OperatorNeeded, OperatorRefused, RoleMissing, AboutOneself: whoever acts may not.
        CaseUnknown: there is no such case.
        CaseMoved: a measure waits or stands.
        StateConflict: it moved meanwhile.
    """
    words = parse_words(command.words)
    _, case, holder = case_to_act_on(act, command.case_id, Permission.CASES_OPEN)
    moved = dismissed(freed(act, case), at=act.now)
    move_case(act, case, moved)
    add_step(act, moved, holder, CaseMove.DISMISSED, words=words)
    attest_case(act, moved, ActKind.CASE_DISMISSED, {}, reason=words)
    return moved


def claim_damages(act: Act, command: CaseNote) -> Case:
    """Write down what the service claims as damages, and for what; it is for the record and collects nothing.

    Raises:
        ClaimInvalid: no amount.
        WordsMissing, WordsTooLong: for what.
        OperatorNeeded, OperatorRefused, RoleMissing, AboutOneself: whoever acts may not.
        CaseUnknown: there is no such case.
        StateConflict: it moved meanwhile.
    """
    claim, words = parse_claim(command.claim), parse_words(command.words)
    _, case, holder = case_to_act_on(act, command.case_id, Permission.CASES_OPEN)
    moved = replace(case, claim=claim)
    move_case(act, case, moved)
    add_step(act, moved, holder, CaseMove.CLAIMED, words=words)
    return moved


def find_case(case_id: str, *, stored: Repositories) -> Case:
    """Return a case.

    Raises:
        CaseUnknown: there is none of this id.
    """
    case = stored.cases.get(case_id)
    if case is None:
        raise CaseUnknown
    return case


def case_to_act_on(act: Act, case_id: str, permission: Permission) -> tuple[Operator, Case, Holder | None]:
    """Return who acts, the case and its account, for an operator who may, and whom it does not concern.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, AboutOneself: whoever acts may not.
        CaseUnknown: there is no such case.
    """
    operator = check_operator(act, permission, case_id)
    case = find_case(case_id, stored=act.uow)
    holder = act.uow.holders.get(case.holder_id)
    check_about_another(operator, holder, stored=act.uow)
    return operator, case, holder


def freed(act: Act, case: Case) -> Case:
    """Return the case as it stands when a proposal has lapsed that nobody decided: open again."""
    proposal = None if case.proposal_id is None else act.uow.proposals.get(case.proposal_id)
    is_lapsed = proposal is not None and proposal.state_at(act.now) is ProposalState.EXPIRED
    return not_approved(case) if case.state is CaseState.PROPOSED and is_lapsed else case


def move_case(act: Act, seen: Case, moved: Case) -> None:
    """Store the case as it stands now.

    Raises:
        StateConflict: it moved meanwhile.
    """
    if not act.uow.cases.move(seen, moved):
        raise StateConflict("The case moved meanwhile.")


def attest_case(act: Act, case: Case, kind: ActKind, facts: dict[str, str], *, reason: str | None = None) -> None:
    """Attest a step in a case: its machine words, and a commitment to what was written."""
    known = {"reason": case.reason.value, **facts}
    done = WhatWasDone(kind=kind, subject=case.case_id, facts=known, holder_id=case.holder_id, reason=reason)
    attest_act(act, done)


def _open_found(act: Act, look: LookUp, command: OpenCase, calendar: WorkCalendar) -> Case:
    holder = find_by_number(act, look)
    case_id = new_id(act, "cas")
    operator = check_operator(act, look.permission, case_id)
    return _open(act, operator, holder, command, case_id=case_id, calendar=calendar)


def _open(
    act: Act, operator: Operator, holder: Holder, command: OpenCase, *, case_id: str, calendar: WorkCalendar
) -> Case:
    check_about_another(operator, holder, stored=act.uow)
    words = parse_words(command.words)
    case = Case(
        case_id=case_id,
        number="",
        holder_id=holder.holder_id,
        reason=command.reason,
        state=CaseState.OPEN,
        opened_by=operator.name,
        opened_at=act.now,
        due=calendar.due_after(act.now, ANSWER_WITHIN),
    )
    case = _under_a_number(act, case)
    for evidence_id in command.evidence:
        hold(act, case, evidence_id)
    add_step(act, case, holder, CaseMove.OPENED, words=words)
    attest_case(act, case, ActKind.CASE_OPENED, {}, reason=words)
    return case


def _under_a_number(act: Act, case: Case) -> Case:
    first = 10 ** (NUMBER_DIGITS - 1)
    for _ in range(_DRAWS):
        numbered = replace(case, number=str(first + act.entropy.below(9 * first)))
        if act.uow.cases.add(numbered):
            return numbered
    raise RuntimeError("no number of a case is free")
