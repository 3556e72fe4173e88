"""Identity check: what limits the account, what still works, and a press that has it checked anew (2.5, 2.8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from starlette.responses import Response

from eztong.citizen.journey import IDENTITY_CHECK
from eztong.citizen.limits import IDENTITY_CHECKS, count
from eztong.citizen.visit import Visit
from eztong.domain.errors import EztongError, StateConflict, TooMany, Unavailable
from eztong.domain.holder import Holder
from eztong.domain.identity.age import SHANGHAI
from eztong.domain.restrictions.document import IdentityDocument
from eztong.domain.restrictions.mark import BY_RECHECK, Restriction, open_marks
from eztong.domain.restrictions.recheck import RECHECKS, RecheckResult
from eztong.domain.standing import NothingPasses
from eztong.i18n.moments import date_words, moment_words
from eztong.pages.error_pages import sentence_of
from eztong.usecases.restrictions.keep_document import read_valid_until
from eztong.usecases.restrictions.recheck_identity import is_paused, may_check, recheck_identity


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRow:
    """A mark in words; ``until`` is empty while it is open."""

    mark: Restriction
    since: str
    until: str
    lifts_by_check: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    holder: Holder
    marks: Sequence[Restriction]
    document: IdentityDocument | None
    paused: bool


def show(visit: Visit) -> Response:
    """Show the marks, the document's end, and the button that asks the authority; after a check, what came out.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this browser may not see it.
    """
    asked = visit.request.query_params.get("result", "")
    return _page(visit, result=asked if asked in set(RecheckResult) else "")


def ask(visit: Visit) -> Response:
    """Have the identity checked, and show what came out."""
    try:
        count(IDENTITY_CHECKS, visit)
        result = recheck_identity(visit.session_hash, services=visit.services)
    except (TooMany, Unavailable, NothingPasses, StateConflict) as error:
        return _page(visit, error=error)
    return visit.redirect(f"{IDENTITY_CHECK}?result={result}")


def _page(visit: Visit, *, result: str = "", error: EztongError | None = None) -> Response:
    seen = _look(visit)
    valid_until = read_valid_until(seen.document, seen.holder, keys=visit.services.keys)
    return visit.form_page(
        "restrictions/check.html",
        because=error,
        tab="me",
        problem="" if error is None else sentence_of(error, visit),
        result=result,
        marks=[_row(visit, mark) for mark in open_marks(seen.marks)],
        past=[_row(visit, mark) for mark in seen.marks if not mark.is_open],
        valid_until="" if valid_until is None else date_words(_noon(valid_until), words=visit.words),
        checked="" if seen.document is None else date_words(seen.document.checked_at, words=visit.words),
        may_check=may_check(seen.holder) and not seen.paused,
        most=RECHECKS.amount,
        paused=seen.paused,
    )


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), SHANGHAI)


def _look(visit: Visit) -> _Seen:
    with visit.services.store.read() as stored:
        holder = visit.bound(stored).holder
        holder_id = holder.holder_id
        return _Seen(
            holder=holder,
            marks=stored.restrictions.list(holder_id),
            document=stored.restrictions.document(holder_id),
            paused=is_paused(holder_id, stored=stored),
        )


def _row(visit: Visit, mark: Restriction) -> MarkRow:
    def words(moment: datetime | None) -> str:
        return "" if moment is None else moment_words(moment, now=visit.now, words=visit.words)

    return MarkRow(mark=mark, since=words(mark.since), until=words(mark.until), lifts_by_check=mark.cause in BY_RECHECK)
