"""What staff see of a case: its steps with all words, what it holds, and what speaks for misuse of the account."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice, takewhile
from typing import Final

from eztong.domain.cases.case import Case, CaseEvidence
from eztong.domain.codes.refused_try import CodeAttempt
from eztong.domain.feedback.report import Report
from eztong.domain.holder import Holder
from eztong.domain.identifiers import HolderId
from eztong.ports.keys import Keys
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.cases.case_words import CaseSaid, read_case_steps
from eztong.usecases.cases.open_case import find_case

LOOKS_BACK: Final = timedelta(days=90)
"""How far back signals are counted."""

COUNTED: Final = 200
SHOWN: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What speaks for misuse of an account lately: refused tries by their reason, and what its holder reported."""

    tries: Mapping[str, int]
    newest_tries: Sequence[CodeAttempt]
    reports: Sequence[Report]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """A case as staff see it."""

    case: Case
    holder: Holder | None
    said: Sequence[CaseSaid]
    evidence: Sequence[CaseEvidence]
    signals: Signals


def read_case(case_id: str, *, stored: Repositories, keys: Keys, now: datetime) -> CaseFile:
    """Return all there is of a case. That staff see it is written down before, by whoever shows it.

    Raises:
        CaseUnknown: there is no such case.
    """
    case = find_case(case_id, stored=stored)
    holder = stored.holders.get(case.holder_id)
    return CaseFile(
        case=case,
        holder=holder,
        said=read_case_steps(case, holder, stored=stored, keys=keys),
        evidence=stored.cases.evidence(case_id),
        signals=signals_of(case.holder_id, stored=stored, now=now),
    )


def signals_of(holder_id: HolderId, *, stored: Repositories, now: datetime) -> Signals:
    """Return what speaks for misuse of an account in the last 90 days."""
    since = now - LOOKS_BACK
    newest = stored.codes.attempts_before(holder_id, before=None, limit=COUNTED)
    tries = list(takewhile(lambda one: one.at >= since, newest))
    reports = [one for one in stored.reports.list(holder_id) if one.created_at >= since]
    return Signals(
        tries=Counter(one.reason for one in tries),
        newest_tries=tries[:SHOWN],
        reports=list(islice(reports, SHOWN)),
    )
