"""Object to the refusal of one's application: a person looks at it, another one than decided before (clause 2.1)."""

from __future__ import annotations

from dataclasses import dataclass, field

from eztong.domain.feedback.ticket import parse_words
from eztong.domain.registration import AppealNotPossible, ApplicationStep, StepKind, check_appealable
from eztong.domain.working_days import WorkCalendar
from eztong.ports.act import Act
from eztong.usecases.access.find_session import find_session
from eztong.usecases.registration.wait_for_person import wait_for_person


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealApplication:
    """What the applicant says against the refusal."""

    session_hash: bytes = field(repr=False)
    words: str = field(repr=False)


def appeal_application(act: Act, command: AppealApplication, *, calendar: WorkCalendar) -> ApplicationStep:
    """Put the application before a person, with the applicant's words and the day by which it is decided.

    1. It was refused, for what has no other way on, and was not objected to before.
    2. No other application of the same number and phone waits for a person; those of strangers keep nobody out.
    3. It moves from refused to under review by one conditional change, and that is attested.

    Raises:
        SessionMissing: there is none.
        WordsMissing, WordsTooLong: nothing, or too much.
        AppealNotPossible: see above.
        StateConflict: it changed at the same moment.
    """
    holder = find_session(command.session_hash, stored=act.uow, now=act.now).holder
    words = parse_words(command.words)
    check_appealable(holder.state, holder.reason, act.uow.applications.steps(holder.holder_id))
    return wait_for_person(act, holder, StepKind.APPEAL, words, calendar=calendar, refusal=AppealNotPossible)
