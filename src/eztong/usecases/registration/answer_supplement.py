"""Answer what was asked besides name and number: the application goes back to a person (clause 2.1)."""

from __future__ import annotations

from dataclasses import dataclass, field

from eztong.domain.errors import StateConflict
from eztong.domain.events import EventKind
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.feedback.ticket import parse_words
from eztong.domain.holder import HolderState
from eztong.domain.registration import AnswerNotPossible, ApplicationStep, StepKind, asks_applicant
from eztong.domain.working_days import ANSWER_WITHIN, WorkCalendar
from eztong.ports.act import Act
from eztong.usecases.access.find_session import find_session
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.note_event import note_event
from eztong.usecases.registration.application_words import add_step


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSupplement:
    """What the applicant says to what was asked."""

    session_hash: bytes = field(repr=False)
    words: str = field(repr=False)


def answer_supplement(act: Act, command: AnswerSupplement, *, calendar: WorkCalendar) -> ApplicationStep:
    """Put the application before a person again, with the answer and the day by which one looks at it.

    1. Staff or a rule asked for something that the applicant can give; a guardian's part is no answer's.
    2. No other application of the same number and phone waits for a person.
    3. It moves from supplement needed to under review by one conditional change, and that is attested.

    Raises:
        SessionMissing: there is none.
        WordsMissing, WordsTooLong: nothing, or too much.
        AnswerNotPossible: see above.
        StateConflict: it changed at the same moment.
    """
    holder = find_session(command.session_hash, stored=act.uow, now=act.now).holder
    words = parse_words(command.words)
    number, waits = holder.number_index, HolderState.UNDER_REVIEW
    if not asks_applicant(holder.state, holder.reason) or number is None:
        raise AnswerNotPossible
    if act.uow.holders.is_number_in(number, waits, phone_index=holder.phone_index):
        raise AnswerNotPossible
    if not act.uow.holders.move(holder, holder.moved_to(waits)):
        raise StateConflict("The application changed at the same moment. Look at it again.")
    step = add_step(act, holder, StepKind.ANSWER, words, due=calendar.due_after(act.now, ANSWER_WITHIN))
    note_event(act, holder.holder_id, EventKind.APPLICATION_ANSWERED)
    done = WhatWasDone(kind=ActKind.APPLICATION_ANSWERED, subject=holder.holder_id, holder_id=holder.holder_id)
    attest_act(act, done)
    return step
