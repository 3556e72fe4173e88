"""Answer what was asked besides name and number: the application goes back to a person (clause 2.1)."""

from __future__ import annotations

from dataclasses import dataclass, field

from eztong.domain.feedback.ticket import parse_words
from eztong.domain.registration import AnswerNotPossible, ApplicationStep, StepKind, asks_applicant
from eztong.domain.working_days import WorkCalendar
from eztong.ports.act import Act
from eztong.usecases.access.find_session import find_session
from eztong.usecases.registration.wait_for_person import wait_for_person


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
    if not asks_applicant(holder.state, holder.reason):
        raise AnswerNotPossible
    return wait_for_person(act, holder, StepKind.ANSWER, words, calendar=calendar, refusal=AnswerNotPossible)
