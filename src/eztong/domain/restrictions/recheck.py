"""Asking the authority anew about a person who has an account, and what follows from its answer (clauses 2.5, 2.8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from eztong.domain.budget import Budget
from eztong.domain.errors import StateConflict
from eztong.domain.identity.authority_answer import AuthorityAnswer, AuthorityVerdict
from eztong.domain.restrictions.document import EXPIRY_RULE, is_expired
from eztong.domain.restrictions.mark import Cause, Ceiling

RECHECKS: Final = Budget("rechecks", 5, timedelta(days=1))
"""How often a holder may have the authority asked."""

CHECKS_BY_STAFF: Final = Budget("rechecks_by_staff", 5, timedelta(days=1))
"""How often staff may have the authority asked about one account; it takes nothing from its holder's own."""

CHECKS_BY_TICKET: Final = Budget("rechecks_by_ticket", 5, timedelta(days=1))
"""How often staff may have it asked for the sake of one ticket: nobody walks through many people with one."""

REST: Final = timedelta(days=30)
"""How long nothing is asked where asking is not allowed or led nowhere."""

_DAYS_A_MONTH: Final = 30


class RecheckResult(StrEnum):
    """What came out, for the holder and the history."""

    CONFIRMED = "confirmed"
    EXPIRED = "expired"
    DIFFERS = "differs"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckFinding:
    """``sets`` is what limits the account from now on; ``lifts`` what does no more. ``rule`` decided it."""

    result: RecheckResult
    rule: str
    sets: Cause | None = None
    ceiling: Ceiling = Ceiling.LOW
    lifts: frozenset[Cause] = frozenset()
    is_deceased: bool = False
    """The holder has died: the account stops (R44)."""

    @property
    def confirms(self) -> bool:
        """Say whether the authority knows the person as the account has it."""
        return self.result in {RecheckResult.CONFIRMED, RecheckResult.EXPIRED}


class NothingToCheck(StateConflict):
    """The account holds no name and number that could be checked: it is none, or has ended."""

    code = "nothing_to_check"
    advice = "Only an account that was registered and has not ended can be checked again."


def judge_recheck(answer: AuthorityAnswer, *, is_same_mark: bool, today: date) -> RecheckFinding:
    """Decide what an answer means for an account.

    1. Matched, but with another eid mark than before: the person behind the number is in doubt (R43).
    2. Matched, and the document has run out: that mark alone (R40); a doubt about the data is over.
    3. Matched otherwise: what a check lifts is lifted (R41).
    4. No record, or another name: in doubt (R42). The number's owner has died: the account stops (R44).
    5. A name that the authority cannot read says nothing about the holder: nothing changes (R45).

    Raises:
        ValueError: the answer is still pending (programmer's mistake).
    """
    match answer.verdict:
        case AuthorityVerdict.PENDING:
            raise ValueError("a pending answer decides nothing")
        case AuthorityVerdict.NEEDS_HUMAN:
            return RecheckFinding(result=RecheckResult.UNCLEAR, rule="R45")
        case AuthorityVerdict.DECEASED:
            return RecheckFinding(result=RecheckResult.DIFFERS, rule="R44", is_deceased=True)
        case AuthorityVerdict.MISMATCH | AuthorityVerdict.NO_RECORD:
            return RecheckFinding(result=RecheckResult.DIFFERS, rule="R42", sets=Cause.DATA_DOUBT)
        case AuthorityVerdict.MATCHED:
            return _judge_match(answer, is_same_mark=is_same_mark, today=today)


def next_recheck(checked_at: datetime, *, months: int, now: datetime) -> datetime:
    """Return when the authority is to be asked by itself; with 0 months never, and it is looked again later."""
    return checked_at + timedelta(days=months * _DAYS_A_MONTH) if months else now + REST


def _judge_match(answer: AuthorityAnswer, *, is_same_mark: bool, today: date) -> RecheckFinding:
    if not is_same_mark:
        return RecheckFinding(result=RecheckResult.DIFFERS, rule="R43", sets=Cause.DATA_DOUBT)
    if is_expired(answer.document_valid_until, today=today):
        return RecheckFinding(
            result=RecheckResult.EXPIRED,
            rule=EXPIRY_RULE,
            sets=Cause.DOCUMENT_EXPIRED,
            lifts=frozenset({Cause.DATA_DOUBT}),
        )
    return RecheckFinding(
        result=RecheckResult.CONFIRMED,
        rule="R41",
        lifts=frozenset({Cause.DOCUMENT_EXPIRED, Cause.DATA_DOUBT}),
    )
