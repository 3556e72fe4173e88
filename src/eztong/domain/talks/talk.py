"""Talks with the service: a disagreement is talked over first, and a court decides where that fails (clause 5.2).

``open -> proposed -> settled``, with ``proposed -> open`` again for every answer that is no acceptance, and ``failed``
from both. Whose turn it is follows from the stage: the service's while it is open, the asker's while a proposal stands.
A proposal stands for a period of working days; silence beyond it is a failure, too, so that nobody waits for ever.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from eztong.domain.errors import InputInvalid, NotFound, StateConflict
from eztong.domain.working_days import ANSWER_WITHIN, DueDay

STANDS_FOR: Final = ANSWER_WITHIN
"""Working days for which a proposal stands: as many as the service has for one."""

MAX_RECORDS: Final = 5
"""Records that one matter may name."""

MAX_PROPOSALS: Final = 20
"""Proposals in one matter, so that it comes to an end."""

_RECORD: Final = re.compile(r"(?:ver|att)_[0-9A-HJKMNP-TV-Z]{26}")


class TalkStage(StrEnum):
    """Where talks stand."""

    OPEN = "open"
    """The service's turn."""
    PROPOSED = "proposed"
    """A proposal stands: the asker's turn."""
    SETTLED = "settled"
    FAILED = "failed"


ENDED: Final = frozenset({TalkStage.SETTLED, TalkStage.FAILED})


class Move(StrEnum):
    """What either side can do. The values stand in rows and in evidence; none is renamed or taken out."""

    OPENED = "opened"
    PROPOSED = "proposed"
    """The service, with words and a day."""
    COUNTERED = "countered"
    """The asker answered a proposal otherwise than by accepting it."""
    ACCEPTED = "accepted"
    FAILED = "failed"


class Side(StrEnum):
    """Who made a move."""

    ASKER = "asker"
    SERVICE = "service"
    TIME = "time"
    """Nobody: the period of a proposal ended without an answer."""


class WhyFailed(StrEnum):
    """How talks failed."""

    ASKER = "asker"
    """The asker declared it."""
    SERVICE = "service"
    """The service declared it, with its reason."""
    SILENCE = "silence"
    """The last proposal was not answered in time."""
    LEFT = "left"
    """The account was erased."""


_NEXT: Final[Mapping[tuple[TalkStage, Move], TalkStage]] = {
    (TalkStage.OPEN, Move.PROPOSED): TalkStage.PROPOSED,
    (TalkStage.OPEN, Move.FAILED): TalkStage.FAILED,
    (TalkStage.PROPOSED, Move.PROPOSED): TalkStage.PROPOSED,
    (TalkStage.PROPOSED, Move.COUNTERED): TalkStage.OPEN,
    (TalkStage.PROPOSED, Move.ACCEPTED): TalkStage.SETTLED,
    (TalkStage.PROPOSED, Move.FAILED): TalkStage.FAILED,
}


class TalkUnknown(NotFound):
    """No talks with the service under this number."""

    code = "talk_unknown"
    advice = "There are no talks with the service under this number; `eztong talks list` shows those that run."


class TalkEnded(StateConflict):
    """The talks were settled, or failed."""

    code = "talk_ended"
    advice = "These talks have ended. Open new ones, and name the number of these."


class NothingProposed(StateConflict):
    """There is no proposal that could be accepted or answered."""

    code = "nothing_proposed"
    advice = "No proposal stands at the moment; wait for one, or declare that the talks have failed."


class ProposalReplaced(StateConflict):
    """Another proposal stands by now than the one that was read."""

    code = "proposal_replaced"
    advice = "There is a newer proposal. Read it, and decide again."


class ProposalOver(StateConflict):
    """The period of the proposal has ended."""

    code = "proposal_over"
    advice = "The time to answer this proposal is over. Open new talks, and name the number of these."


class ProposalsFull(StateConflict):
    """There are as many proposals as one matter may have."""

    code = "proposals_full"
    advice = "Declare that the talks have failed; whoever asked can open new ones."


class NothingDrafted(NotFound):
    """No words wait for another operator in these talks."""

    code = "proposal_draft_missing"
    advice = "Nothing waits in these talks; it was offered, rejected or withdrawn, or the talks have ended."


class StageNeeded(StateConflict):
    """Talks with the service go from stage to stage: a plain answer would leave them nowhere."""

    code = "talk_stage_needed"
    advice = "This is a matter with the service itself: answer it with `eztong talks propose` or `eztong talks fail`."


class NotConfirmed(InputInvalid):
    """The box was not ticked that says that this is final."""

    code = "talk_not_confirmed"
    advice = "Tick the box first: this cannot be undone."


class TooManyRecords(InputInvalid):
    """More records than one matter may name."""

    code = "talk_too_many_records"
    advice = f"Name at most {MAX_RECORDS} records."


class FormerUnknown(NotFound):
    """The talks that these follow are none of this asker's."""

    code = "former_talk_unknown"
    advice = "Check the number of the earlier talks, or leave it out."


class FormerRuns(StateConflict):
    """The talks that these would follow have not ended."""

    code = "former_talk_runs"
    advice = "Go on in the talks that you named: they have not ended."


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """Where the talks of a ticket stand. ``proposal`` is the message that holds the proposal which stands or stood.

    ``former`` is the number of earlier talks that these follow, ``records`` are those that the matter is about.
    """

    ticket_id: str
    stage: TalkStage
    opened_at: datetime
    proposal: str | None = None
    proposed_at: datetime | None = None
    answer_by: DueDay | None = None
    """Until when the proposal stands, or stood."""

    ended_at: datetime | None = None
    why_failed: WhyFailed | None = None
    former: str | None = None
    records: tuple[str, ...] = ()
    draft: bytes | None = field(default=None, repr=False)
    """Words that one operator wants to offer to somebody without an account, and another has not approved; sealed."""

    @property
    def has_ended(self) -> bool:
        """Say whether nothing more can be done in it."""
        return self.stage in ENDED

    @property
    def order(self) -> Sequence[TalkStage]:
        """The stages on the way that it took, or will as far as is known, in order."""
        if self.stage is TalkStage.FAILED and self.proposal is None:
            return (TalkStage.OPEN, TalkStage.FAILED)
        last = TalkStage.FAILED if self.stage is TalkStage.FAILED else TalkStage.SETTLED
        return (TalkStage.OPEN, TalkStage.PROPOSED, last)

    def after(self, move: Move) -> TalkStage:
        """Return the stage that a move leads to.

        Raises:
            TalkEnded: nothing can be done any more.
            NothingProposed: no proposal stands that it could be about.
        """
        if self.has_ended:
            raise TalkEnded
        if (self.stage, move) not in _NEXT:
            raise NothingProposed
        return _NEXT[self.stage, move]

    def check_answer(self, proposal: str, *, now: datetime) -> None:
        """Refuse to answer a proposal that was not the one that stands, or no longer does.

        A day that is provisional may still move back, so that nobody is late by it.

        Raises:
            TalkEnded, NothingProposed: no proposal stands.
            ProposalReplaced: another one does.
            ProposalOver: its period has ended.
        """
        self.after(Move.COUNTERED)
        if proposal != self.proposal:
            raise ProposalReplaced
        if self.answer_by is not None and self.answer_by.is_over(now):
            raise ProposalOver


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkStep:
    """One move in talks, with the message that went with it, if one did."""

    ticket_id: str
    step_id: str
    move: Move
    side: Side
    at: datetime
    message_id: str | None = None


def parse_records(ids: Sequence[str]) -> tuple[str, ...]:
    """Return the records that were chosen, each once.

    Raises:
        InputInvalid: one cannot be a record.
        TooManyRecords: more than :data:`MAX_RECORDS`.
    """
    found = tuple(dict.fromkeys(one for one in ids if one))
    if not all(_RECORD.fullmatch(one) for one in found):
        raise InputInvalid
    if len(found) > MAX_RECORDS:
        raise TooManyRecords
    return found
