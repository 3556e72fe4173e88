"""Cases: misuse is looked into, answered by a measure in three sizes, and the holder may object once (clause 2.10).

``open -> decided`` by a warning, ``open -> proposed -> decided`` by what takes two operators, ``decided -> appealed ->
closed`` by a third one, and ``open -> closed`` where nothing came of it. What was limited or ended can be given back at
any time, by an operator who did not take it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from eztong.domain.errors import InputInvalid, NotFound, StateConflict
from eztong.domain.holder import Holder, HolderState
from eztong.domain.identifiers import HolderId
from eztong.domain.restrictions.mark import Ceiling
from eztong.domain.working_days import ANSWER_WITHIN, DueDay

APPEAL_WITHIN: Final = ANSWER_WITHIN
"""Working days in which a holder may object, after being told."""

SECRET_FOR: Final = timedelta(days=30)
"""How long number and secret still open a decision once all is over."""

MAX_CLAIM: Final = 10**12
"""Fen of damages that one case may claim."""

_MONEY: Final = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,2}))?")

MAX_EVIDENCE: Final = 50
"""Things that one case may hold."""


class CaseReason(StrEnum):
    """What an account is, or was, misused for: the words of clause 2.10. The values stand in evidence."""

    FRAUD = "fraud"
    """欺诈等违法行为."""
    UNLAWFUL = "unlawful"
    """Any other act against a law or regulation."""
    HARM = "harm"
    """Infringing the rights of somebody else."""
    BREACH = "breach"
    """Not keeping the agreement, such as lending a code (2.11)."""
    RULES = "rules"
    """Not keeping other rules of the service."""
    MALICE = "malice"
    """恶意操作: doing the service harm on purpose."""


class Measure(StrEnum):
    """What is done about it. The values stand in evidence; none is renamed or taken out."""

    WARN = "warn"
    RESTRICT = "restrict"
    TERMINATE = "terminate"


class CaseState(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    PROPOSED = "proposed"
    """A measure waits for a second operator."""
    DECIDED = "decided"
    """A measure stands, and the holder may object until a day."""
    APPEALED = "appealed"
    """The holder objected."""
    CLOSED = "closed"


class CaseMove(StrEnum):
    """A step in a case. The values stand in rows; none is renamed or taken out."""

    OPENED = "opened"
    PROPOSED = "proposed"
    NOT_APPROVED = "not_approved"
    DECIDED = "decided"
    DISMISSED = "dismissed"
    APPEALED = "appealed"
    UPHELD = "upheld"
    LIFTED = "lifted"
    CLAIMED = "claimed"


TOLD_MOVES: Final = frozenset({CaseMove.DECIDED, CaseMove.APPEALED, CaseMove.UPHELD, CaseMove.LIFTED})
"""Steps whose words the holder reads: what was decided and said to them, and what they said themselves."""


class EvidenceKind(StrEnum):
    """What a case holds as evidence; of it the holder is told how many of each kind there are."""

    VERIFICATION = "verification"
    REFUSED_TRY = "refused_try"
    TICKET = "ticket"


class CaseUnknown(NotFound):
    """There is no such case, or its secret opens it no more."""

    code = "case_unknown"
    advice = "Check number and secret: both stand in the message about the decision. Signed in, all stands under Me."


class CaseMoved(StateConflict):
    """The case stands otherwise than this step takes."""

    code = "case_moved"
    advice = "Look at the case as it stands now; somebody else may have taken a step in it."


class AppealNotOpen(StateConflict):
    """Nothing can be objected to: the time is over, or it was objected to before."""

    code = "appeal_not_open"
    advice = "A decision can be objected to once, until the day that stands with it. Write to the operator otherwise."


class EvidenceUnknown(NotFound):
    """What shall be held as evidence is not there."""

    code = "evidence_unknown"
    advice = "Name a verification (ver_...), a refused try (att_...) of the account, or the number of a ticket."


class EvidenceNeeded(StateConflict):
    """Nothing is held as evidence, and what takes two operators takes some."""

    code = "evidence_needed"
    advice = "Add evidence to the case first."


class ClaimInvalid(InputInvalid):
    """The damages are no amount of money."""

    code = "claim_invalid"
    advice = "Give the amount in yuan, with at most two digits after the point."


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case about one account. ``due`` is by when staff take the next step, ``over_at`` when nothing waits any more.

    ``over_at`` lies ahead while an objection is still possible, and is None while it is the service's turn. ``claim``
    are damages in fen, for the record. ``proposed_by`` and ``decided_by`` are those who may not decide an objection.
    """

    case_id: str
    number: str
    """Ten digits, by which the holder calls it."""

    holder_id: HolderId
    reason: CaseReason
    state: CaseState
    opened_by: str
    opened_at: datetime
    due: DueDay
    measure: Measure | None = None
    ceiling: Ceiling | None = None
    proposal_id: str | None = None
    proposed_by: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    appeal_until: DueDay | None = None
    appealed_at: datetime | None = None
    lifted_at: datetime | None = None
    over_at: datetime | None = None
    claim: int | None = None
    secret_hash: bytes | None = field(default=None, repr=False)

    @property
    def waits(self) -> bool:
        """Say whether it is the service's turn."""
        return self.state in {CaseState.OPEN, CaseState.PROPOSED, CaseState.APPEALED}

    @property
    def is_told(self) -> bool:
        """Say whether a measure was decided, so that the holder reads of it."""
        return self.decided_at is not None

    @property
    def holds(self) -> bool:
        """Say whether what it decided still limits or ended the account."""
        return self.is_told and self.lifted_at is None and self.measure in {Measure.RESTRICT, Measure.TERMINATE}

    def is_overdue(self, now: datetime) -> bool:
        """Say whether the step that waits should have been taken."""
        return self.waits and now > self.due.at

    def is_over(self, now: datetime) -> bool:
        """Say whether nobody waits for anything any more."""
        return self.over_at is not None and now >= self.over_at

    def may_appeal(self, now: datetime) -> bool:
        """Say whether the holder may object now."""
        is_open = self.appeal_until is not None and not self.appeal_until.is_over(now)
        return self.state is CaseState.DECIDED and self.lifted_at is None and is_open

    def is_open_by_secret(self, now: datetime) -> bool:
        """Say whether number and secret still open the decision."""
        return self.is_told and (self.over_at is None or now < self.over_at + SECRET_FOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStep:
    """A step in a case, with sealed words where somebody wrote some."""

    holder_id: HolderId
    case_id: str
    step_id: str
    move: CaseMove
    operator: str | None
    at: datetime
    sealed_words: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvidence:
    """Something that a case holds: it is kept as long as the case is. ``evidence_id`` is its own id."""

    holder_id: HolderId
    case_id: str
    evidence_id: str
    kind: EvidenceKind
    added_by: str
    added_at: datetime


def proposed(case: Case, measure: Measure, ceiling: Ceiling | None, *, proposal_id: str, by: str) -> Case:
    """Return the case with a measure that waits for a second operator.

    Raises:
        CaseMoved: something was decided already.
    """
    _check_in(case, CaseState.OPEN, CaseState.PROPOSED)
    return replace(
        case,
        state=CaseState.PROPOSED,
        measure=measure,
        ceiling=ceiling if measure is Measure.RESTRICT else None,
        proposal_id=proposal_id,
        proposed_by=by,
    )


def not_approved(case: Case) -> Case:
    """Return the case after a measure was not approved: as it was before that was proposed.

    Raises:
        CaseMoved: none waits.
    """
    _check_in(case, CaseState.PROPOSED)
    return replace(case, state=CaseState.OPEN, measure=None, ceiling=None, proposal_id=None, proposed_by=None)


def decided(case: Case, measure: Measure, *, by: str, at: datetime, appeal_until: DueDay, secret_hash: bytes) -> Case:
    """Return the case with the measure that stands from now on.

    Raises:
        CaseMoved: something was decided already.
    """
    _check_in(case, CaseState.OPEN, CaseState.PROPOSED)
    return replace(
        case,
        state=CaseState.DECIDED,
        measure=measure,
        decided_by=by,
        decided_at=at,
        appeal_until=appeal_until,
        over_at=appeal_until.at,
        secret_hash=secret_hash,
    )


def dismissed(case: Case, *, at: datetime) -> Case:
    """Return the case of which nothing came.

    Raises:
        CaseMoved: a measure waits or stands.
    """
    _check_in(case, CaseState.OPEN)
    return replace(case, state=CaseState.CLOSED, over_at=at)


def appealed(case: Case, *, at: datetime, due: DueDay) -> Case:
    """Return the case whose holder objected; it waits for a third operator.

    Raises:
        AppealNotOpen: the time is over, or it was objected to before.
    """
    if not case.may_appeal(at):
        raise AppealNotOpen
    return replace(case, state=CaseState.APPEALED, appealed_at=at, due=due, over_at=None)


def upheld(case: Case, *, at: datetime) -> Case:
    """Return the case after an objection that changed nothing.

    Raises:
        CaseMoved: nobody objected.
    """
    _check_in(case, CaseState.APPEALED)
    return replace(case, state=CaseState.CLOSED, over_at=at)


def lifted(case: Case, *, at: datetime) -> Case:
    """Return the case whose measure was taken back: after an objection, or because staff found it wrong or served.

    Raises:
        CaseMoved: no measure stands, or there is nothing to give back.
    """
    if case.state is not CaseState.APPEALED and not case.holds:
        raise CaseMoved
    return replace(case, state=CaseState.CLOSED, lifted_at=at, over_at=at)


def without_termination(holder: Holder) -> Holder:
    """Return the account without the termination, under whatever else stops it; any other as it is."""
    if holder.state is HolderState.TERMINATED:
        return holder.restored()
    return holder.with_stops(one for one in holder.stopped if one.state is not HolderState.TERMINATED)


def evidence_counts(items: tuple[CaseEvidence, ...]) -> Mapping[EvidenceKind, int]:
    """Return how many things of each kind are held, for the holder, who is told no ids of others."""
    counts = {kind: sum(one.kind is kind for one in items) for kind in EvidenceKind}
    return {kind: count for kind, count in counts.items() if count}


def parse_claim(text: str) -> int:
    """Return an amount in yuan as fen.

    Raises:
        ClaimInvalid: no amount, or one that is too high.
    """
    found = _MONEY.fullmatch(text.strip())
    if found is None:
        raise ClaimInvalid
    fen = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
    if not 0 < fen <= MAX_CLAIM:
        raise ClaimInvalid
    return fen


def _check_in(case: Case, *states: CaseState) -> None:
    if case.state not in states:
        raise CaseMoved(f"The case is {case.state.value}.")
