"""Put an application before a person, with its applicant's words and the day by which one looks at it (clause 2.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from eztong.domain.errors import StateConflict
from eztong.domain.events import EventKind
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.holder import Holder, HolderState
from eztong.domain.registration import ApplicationStep, StepKind
from eztong.domain.working_days import ANSWER_WITHIN, WorkCalendar
from eztong.ports.act import Act
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.note_event import note_event
from eztong.usecases.registration.application_words import add_step

_EVENTS: Final[Mapping[StepKind, EventKind]] = {
    StepKind.APPEAL: EventKind.APPLICATION_APPEALED,
    StepKind.ANSWER: EventKind.APPLICATION_ANSWERED,
}
_ATTESTED: Final[Mapping[StepKind, ActKind]] = {
    StepKind.APPEAL: ActKind.APPLICATION_APPEALED,
    StepKind.ANSWER: ActKind.APPLICATION_ANSWERED,
}


def wait_for_person(
    act: Act, holder: Holder, kind: StepKind, words: str, *, calendar: WorkCalendar, refusal: type[StateConflict]
) -> ApplicationStep:
    """Move the application to under review by one conditional change, which is attested; return the step.

    Raises:
        StateConflict: ``refusal`` where it has no number, or another one of the same number and phone waits for a
            person; those of strangers keep nobody out. Else it changed at the same moment.
    """
    number, waits = holder.number_index, HolderState.UNDER_REVIEW
    if number is None or act.uow.holders.is_number_in(number, waits, phone_index=holder.phone_index):
        raise refusal
    if not act.uow.holders.move(holder, holder.moved_to(waits)):
        raise StateConflict("The application changed at the same moment. Look at it again.")
    step = add_step(act, holder, kind, words, due=calendar.due_after(act.now, ANSWER_WITHIN))
    note_event(act, holder.holder_id, _EVENTS[kind])
    attest_act(act, WhatWasDone(kind=_ATTESTED[kind], subject=holder.holder_id, holder_id=holder.holder_id))
    return step
