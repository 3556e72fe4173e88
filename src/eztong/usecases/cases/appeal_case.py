"""Object to a decision about misuse, and decide on that as a third operator (clause 2.10; PIPL art. 24, 50)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from eztong.domain.cases.case import APPEAL_WITHIN, Case, CaseMove, Measure, appealed, lifted, upheld
from eztong.domain.events import EventKind
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.feedback.ticket import parse_words
from eztong.domain.holder import Holder
from eztong.domain.notices import Topic
from eztong.domain.operators.operator import Operator, check_another
from eztong.domain.operators.permission import Permission
from eztong.domain.restrictions.mark import Cause
from eztong.domain.working_days import ANSWER_WITHIN, WorkCalendar
from eztong.ports.act import Act
from eztong.usecases.apart import TELLING
from eztong.usecases.cases.case_words import add_step
from eztong.usecases.cases.end_service import give_back
from eztong.usecases.cases.find_decision import CaseProof, find_decided
from eztong.usecases.cases.open_case import attest_case, case_to_act_on, move_case
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_holder
from eztong.usecases.restrictions.change_marks import change_marks


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealCase:
    """What the holder says against a decision."""

    proof: CaseProof
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideAppeal:
    """Whether the decision stands or is taken back, and why: in words that the holder reads."""

    case_id: str
    uphold: bool
    words: str = field(repr=False)


def appeal_case(act: Act, command: AppealCase, *, calendar: WorkCalendar) -> Case:
    """Store the objection, once, with the day by which a person decides who took no part in the decision.

    Raises:
        WordsMissing, WordsTooLong: nothing, or too much.
        CaseUnknown, SessionMissing, HolderNotActive, DeviceNotBound: nothing that this proof opens.
        AppealNotOpen: it was objected to before, or the time is over.
        StateConflict: it moved meanwhile.
    """
    words = parse_words(command.words)
    case, holder = find_decided(command.proof, stored=act.uow, keys=act.keys, now=act.now)
    moved = appealed(_as_known(case, calendar), at=act.now, due=calendar.due_after(act.now, ANSWER_WITHIN))
    move_case(act, case, moved)
    add_step(act, moved, holder, CaseMove.APPEALED, words=words)
    note_event(act, holder.holder_id, EventKind.CASE_APPEALED, detail=f"case={case.number}")
    attest_case(act, moved, ActKind.CASE_APPEALED, {}, reason=words)
    return moved


def decide_appeal(act: Act, command: DecideAppeal) -> Case:
    """Let the decision stand, or take it back; without an objection it can only be taken back.

    1. Whoever decides neither proposed nor took the decision, under no other name either; nor is it about themselves.
    2. What is taken back ends at once: the limit is lifted, a terminated account stands as before.
    3. It is attested, and the holder is told.

    Raises:
        WordsMissing, WordsTooLong: the reason.
        OperatorNeeded, OperatorRefused, RoleMissing, AboutOneself, SameOperator: whoever acts may not.
        CaseUnknown, CaseMoved: there is no such case, or nothing to decide.
        StateConflict: it moved meanwhile.
    """
    words = parse_words(command.words)
    operator, case, holder = case_to_act_on(act, command.case_id, Permission.CASES_APPEALS)
    _check_third(act, operator, case)
    moved = upheld(case, at=act.now) if command.uphold else lifted(case, at=act.now)
    move_case(act, case, moved)
    stands = _undo(act, moved, holder) if moved.lifted_at is not None else holder
    move, kind, topic = _UPHELD if command.uphold else _LIFTED
    add_step(act, moved, holder, move, words=words)
    attest_case(act, moved, kind, {"measure": f"{case.measure}"}, reason=words)
    if stands is not None and not stands.is_erased:
        note_event(act, case.holder_id, _EVENTS[command.uphold], detail=f"case={case.number} measure={case.measure}")
        act.uow.apart(TELLING, lambda: tell_holder(act, stands, topic, {"number": case.number}))
    return moved


_EVENTS: Final = {True: EventKind.CASE_UPHELD, False: EventKind.CASE_LIFTED}
_UPHELD: Final = (CaseMove.UPHELD, ActKind.CASE_UPHELD, Topic.CASE_UPHELD)
_LIFTED: Final = (CaseMove.LIFTED, ActKind.CASE_LIFTED, Topic.CASE_LIFTED)


def _as_known(case: Case, calendar: WorkCalendar) -> Case:
    """Return the case with its time for an objection as the working days are known now."""
    if case.appeal_until is None or case.decided_at is None:
        return case
    return replace(case, appeal_until=case.appeal_until.settled_by(calendar, case.decided_at, APPEAL_WITHIN))


def _check_third(act: Act, operator: Operator, case: Case) -> None:
    for name in (case.proposed_by, case.decided_by):
        if name is not None:
            check_another(operator, act.uow.operators.get(name), named=name, now=act.now)


def _undo(act: Act, case: Case, holder: Holder | None) -> Holder | None:
    if holder is None or holder.is_erased:
        return holder
    if case.measure is Measure.TERMINATE:
        return give_back(act, holder)
    return change_marks(act, holder, lifts=frozenset({Cause.CASE}), of_rule=case.case_id, tells=False).holder
