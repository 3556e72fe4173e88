"""Take a measure against misuse: warn alone, or limit or end an account with another operator (clause 2.10)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from eztong.domain.cases.case import (
    APPEAL_WITHIN,
    Case,
    CaseMove,
    CaseMoved,
    EvidenceNeeded,
    Measure,
    decided,
    not_approved,
    proposed,
)
from eztong.domain.errors import InputInvalid, NotFound
from eztong.domain.events import EventKind
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.feedback.ticket import grouped_secret, parse_words, spell_secret
from eztong.domain.holder import Holder
from eztong.domain.notices import Topic
from eztong.domain.operators.permission import Permission
from eztong.domain.operators.proposal import Proposal, ProposalKind, ProposalState
from eztong.domain.restrictions.mark import Cause, Ceiling
from eztong.domain.working_days import WorkCalendar
from eztong.ports.act import Act
from eztong.usecases.apart import TELLING
from eztong.usecases.cases.case_words import add_step, read_case_steps
from eztong.usecases.cases.end_service import end_service
from eztong.usecases.cases.find_decision import hash_case_secret
from eztong.usecases.cases.open_case import attest_case, case_to_act_on, find_case, freed, move_case
from eztong.usecases.contact.numbers import minute_words
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_holder
from eztong.usecases.operators.propose import Propose, propose
from eztong.usecases.restrictions.change_marks import NewMark, change_marks

_SECRET_BYTES: Final = 10


class MeasureInvalid(InputInvalid):
    """What is proposed is nothing that takes two operators, or does not say how far it goes."""

    code = "measure_invalid"
    advice = "Propose to restrict, with what still passes, or to terminate; a warning is given by one operator."


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeMeasure:
    """What shall be done, in words that the holder reads. ``ceiling`` is what still passes under a restriction."""

    case_id: str
    measure: Measure
    words: str = field(repr=False)
    ceiling: Ceiling | None = None


def warn_account(act: Act, command: TakeMeasure, *, calendar: WorkCalendar) -> Case:
    """Warn the holder: decided at once by the operator who acts; nothing of the account changes.

    Raises:
        MeasureInvalid: it is no warning.
        WordsMissing, WordsTooLong: what the holder reads.
        OperatorNeeded, OperatorRefused, RoleMissing, AboutOneself: whoever acts may not.
        CaseUnknown, CaseMoved, StateConflict: there is no such case, or it stands otherwise.
        NotFound: the account was erased; nobody could be warned.
    """
    if command.measure is not Measure.WARN:
        raise MeasureInvalid
    words = parse_words(command.words)
    operator, case, holder = case_to_act_on(act, command.case_id, Permission.CASES_MEASURE)
    account = _there(holder)
    return _decide(act, case, freed(act, case), account, words=words, by=operator.name, calendar=calendar)


def propose_measure(act: Act, command: TakeMeasure) -> tuple[Case, Proposal]:
    """Propose to limit or end the account; nothing is done, and nobody is told, until another operator approves.

    1. The case holds evidence: nobody is limited for nothing.
    2. The words are sealed with the account's key; the proposal names the case alone.

    Raises:
        MeasureInvalid: a warning, or a restriction that does not say what still passes.
        EvidenceNeeded: the case holds nothing.
        WordsMissing, WordsTooLong: what the holder would read.
        OperatorNeeded, OperatorRefused, RoleMissing, AboutOneself: whoever acts may not.
        CaseUnknown, CaseMoved: there is no such case, or something was decided already.
        NotFound: the account was erased.
        StateConflict: a measure is proposed already and waits, or the case moved meanwhile.
    """
    if command.measure is Measure.WARN or (command.measure is Measure.RESTRICT) != (command.ceiling is not None):
        raise MeasureInvalid
    words = parse_words(command.words)
    operator, case, holder = case_to_act_on(act, command.case_id, Permission.CASES_MEASURE)
    account = _there(holder)
    if not act.uow.cases.evidence(case.case_id):
        raise EvidenceNeeded
    why = f"measure={command.measure} reason={case.reason} case={case.number}"
    wanted = Propose(kind=ProposalKind.CASE_MEASURE, subject=case.case_id, reason=why, about=case.holder_id)
    waits = propose(act, wanted)
    moved = proposed(case, command.measure, command.ceiling, proposal_id=waits.proposal_id, by=operator.name)
    move_case(act, case, moved)
    add_step(act, moved, account, CaseMove.PROPOSED, words=words)
    return moved, waits


def settle_measure(act: Act, proposal: Proposal, calendar: WorkCalendar) -> None:
    """Do what was approved, in the words of whoever proposed it; open the case again after anything else.

    Raises:
        CaseUnknown, CaseMoved, StateConflict: the case stands otherwise than when it was proposed.
        NotFound: the account was erased meanwhile.
    """
    case = find_case(proposal.subject, stored=act.uow)
    holder = act.uow.holders.get(case.holder_id)
    if case.proposal_id != proposal.proposal_id:
        raise CaseMoved
    if proposal.state is not ProposalState.APPROVED:
        moved = not_approved(case)
        move_case(act, case, moved)
        add_step(act, moved, holder, CaseMove.NOT_APPROVED)
        return
    account = _there(holder)
    said = read_case_steps(case, account, stored=act.uow, keys=act.keys)
    words = next((one.text for one in reversed(said) if one.move is CaseMove.PROPOSED and one.text), "")
    _decide(act, case, case, account, words=words, by=act.by.name, calendar=calendar)


def _there(holder: Holder | None) -> Holder:
    if holder is None or not holder.has_account:
        raise NotFound("The account is no more. Close the case.")
    return holder


def _decide(act: Act, seen: Case, case: Case, holder: Holder, *, words: str, by: str, calendar: WorkCalendar) -> Case:
    measure = case.measure or Measure.WARN
    secret = spell_secret(act.entropy.token(_SECRET_BYTES))
    moved = decided(
        case,
        measure,
        by=by,
        at=act.now,
        appeal_until=calendar.due_after(act.now, APPEAL_WITHIN),
        secret_hash=hash_case_secret(secret, keys=act.keys),
    )
    move_case(act, seen, moved)
    stands = _carry_out(act, moved, holder)
    add_step(act, moved, holder, CaseMove.DECIDED, words=words)
    attest_case(act, moved, ActKind.CASE_DECIDED, {"measure": measure.value}, reason=words)
    act.uow.apart(TELLING, lambda: _tell(act, moved, stands, secret))
    return moved


def _carry_out(act: Act, case: Case, holder: Holder) -> Holder:
    """Limit or end the account, write down what was decided, and return it as it stands then."""
    detail = f"case={case.number} measure={case.measure} reason={case.reason}"
    if case.measure is Measure.TERMINATE:
        stands, ended = end_service(act, holder)
        detail = f"{detail} {ended}"
    elif case.measure is Measure.RESTRICT and case.ceiling is not None:
        mark = NewMark(cause=Cause.CASE, ceiling=case.ceiling, rule=case.case_id)
        stands = change_marks(act, holder, new=mark, tells=False).holder
    else:
        stands = holder
    note_event(act, holder.holder_id, EventKind.CASE_DECIDED, detail=detail)
    return stands


def _tell(act: Act, case: Case, holder: Holder, secret: str) -> None:
    until = "" if case.appeal_until is None else minute_words(case.appeal_until.at)
    params = {"what": f"{case.measure}", "number": case.number, "until": until, "secret": grouped_secret(secret)}
    tell_holder(act, holder, Topic.CASE_DECIDED, params)
