"""Object to the refusal of one's application: a person looks at it, another one than decided before (clause 2.1)."""

from __future__ import annotations

from dataclasses import dataclass, field

from eztong.domain.errors import StateConflict
from eztong.domain.events import EventKind
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.feedback.ticket import parse_words
from eztong.domain.holder import HolderState
from eztong.domain.registration import AppealNotPossible, ApplicationStep, StepKind, check_appealable
from eztong.domain.working_days import ANSWER_WITHIN, WorkCalendar
from eztong.ports.act import Act
from eztong.usecases.access.find_session import find_session
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.note_event import note_event
from eztong.usecases.registration.application_words import add_step


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
    number, waits = holder.number_index, HolderState.UNDER_REVIEW
    if number is None or act.uow.holders.is_number_in(number, waits, phone_index=holder.phone_index):
        raise AppealNotPossible
    if not act.uow.holders.move(holder, holder.moved_to(HolderState.UNDER_REVIEW)):
        raise StateConflict("The application changed at the same moment. Look at it again.")
    step = add_step(act, holder, StepKind.APPEAL, words, due=calendar.due_after(act.now, ANSWER_WITHIN))
    note_event(act, holder.holder_id, EventKind.APPLICATION_APPEALED)
    done = WhatWasDone(kind=ActKind.APPLICATION_APPEALED, subject=holder.holder_id, holder_id=holder.holder_id)
    attest_act(act, done)
    return step
