"""How long what is kept and within what that may be changed, what goes earlier then, and which days are worked.

PIPL art. 19; clause 2.13.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from starlette.responses import Response

from eztong.console.typed import typed_moment
from eztong.console.visit import Visit
from eztong.domain.errors import EztongError
from eztong.domain.identity.age import SHANGHAI
from eztong.domain.operators.permission import Permission
from eztong.domain.operators.proposal import ProposalEnded
from eztong.domain.retention.bounds import BOUNDS, Bounds, KeptKind, kind_named, usual_period
from eztong.domain.retention.kept import EMPTIED, SWEPT, Transient
from eztong.domain.retention.version import (
    Periods,
    RetentionInvalid,
    RetentionVersion,
    newest_published,
    parse_periods,
    parse_start,
    periods_at,
)
from eztong.i18n.moments import date_words
from eztong.pages.error_pages import sentence_of
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.jobs.sweep_old_rows import BATCH
from eztong.usecases.retention.periods_in_force import COUNTED, count_earlier
from eztong.usecases.retention.publish_periods import (
    ProposeRetention,
    find_retention,
    open_proposal_of_retention,
    propose_retention,
)

HOME: Final = "/console/policy/retention"
SHOWN: Final = 20
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRow:
    """A kind of rows with its period in days, or else in hours, and how many of them are beyond it now."""

    kind: KeptKind
    days: int
    hours: int
    waiting: int
    bounds: Bounds | None

    @property
    def is_more(self) -> bool:
        """Say whether there are more than one sweep takes."""
        return self.waiting > BATCH


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodChange:
    """A period of a draft that differs from now, with how many rows go earlier; None where none does."""

    kind: KeptKind
    now: int
    then: int
    earlier: int | None

    @property
    def is_more(self) -> bool:
        """Say whether there are more than are counted."""
        return self.earlier is not None and self.earlier > COUNTED


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """Periods to be looked at, from when, and what they change."""

    periods: Periods
    starts_at: datetime
    changes: Sequence[PeriodChange]


def show(visit: Visit) -> Response:
    """Show periods, what waits to be swept, the versions, and the calendar; or the version that the address names.

    Raises:
        RetentionUnknown: there is none.
    """
    return _page(visit)


def do(visit: Visit) -> Response:
    """Show what the typed periods change, or propose them."""
    try:
        days, starts_at = _typed(visit), typed_moment(visit, "starts", wrong=RetentionInvalid)
        if visit.form.get("do") == "look":
            return _page(visit, draft=(parse_periods(days), parse_start(starts_at, now=visit.now)))
        command = ProposeRetention(days=days, starts_at=starts_at, reason=visit.form.get("reason", ""))
        _version, proposal = visit.audited(lambda: visit.services.perform(visit.acting, propose_retention, command))
    except EztongError as error:
        return _page(visit, error=error)
    return visit.redirect_done(f"/console/proposals/{proposal.proposal_id}")


def _typed(visit: Visit) -> dict[str, int]:
    found = {}
    for kind in BOUNDS:
        said = visit.form.get(f"days_{kind.value}", "").strip()
        if not said.isascii() or not said.isdigit():
            raise RetentionInvalid(kind.value, "A number of days is needed.")
        found[kind.value] = int(said[:6])
    return found


def _page(visit: Visit, *, draft: tuple[Periods, datetime] | None = None, error: EztongError | None = None) -> Response:
    with visit.services.store.read() as stored:
        published = stored.retention_versions.published()
        versions = stored.retention_versions.list(limit=SHOWN)
        in_force = periods_at(published.those, now=visit.now)
        looked_at, waits = _looked_at(visit, stored)
        if looked_at is not None:
            draft = looked_at.periods, max(looked_at.starts_at, visit.now)
        shown = None if draft is None else _draft(*draft, in_force, stored=stored)
        swept = [_row(kind, in_force, visit.now, stored) for kind in SWEPT]
        emptied = [_row(one, in_force, visit.now, stored) for one in EMPTIED]
    newest = newest_published(published.those)
    typed = in_force if shown is None else shown.periods
    return visit.form_page(
        "retention.html",
        because=error,
        problem="" if error is None else _problem(error, visit),
        swept=swept,
        emptied=emptied,
        years=_years(visit),
        batch=BATCH,
        counted=COUNTED,
        draft=shown,
        looked_at=looked_at,
        waits=waits,
        scheduled=newest if newest is not None and not newest.has_begun(now=visit.now) else None,
        fields=[(kind, BOUNDS[kind], visit.form.get(f"days_{kind}", typed.after(kind) // _DAY)) for kind in BOUNDS],
        usual={kind: usual_period(kind) // _DAY for kind in BOUNDS},
        starts=visit.form.get("starts", ""),
        versions=versions.those,
        unreadable=versions.unreadable,
        may_propose=visit.may(Permission.RETENTION_PROPOSE),
        reason=visit.form.get("reason", ""),
    )


def _looked_at(visit: Visit, stored: Repositories) -> tuple[RetentionVersion | None, str]:
    """Return the version that the address names, and the proposal by which it waits."""
    named = visit.request.query_params.get("version", "")
    if not named:
        return None, ""
    version = find_retention(named, stored=stored)
    try:
        return version, open_proposal_of_retention(named, stored=stored).proposal_id
    except ProposalEnded:
        return version, ""


def _draft(periods: Periods, starts_at: datetime, in_force: Periods, *, stored: Repositories) -> _Draft:
    earlier: Mapping[KeptKind, int] = count_earlier(in_force, periods, at=starts_at, stored=stored)
    changes = [
        PeriodChange(
            kind=kind,
            now=in_force.after(kind) // _DAY,
            then=periods.after(kind) // _DAY,
            earlier=earlier.get(kind),
        )
        for kind in in_force.differing(periods)
    ]
    return _Draft(periods=periods, starts_at=starts_at, changes=changes)


def _row(kind: KeptKind, periods: Periods, now: datetime, stored: Repositories) -> KeptRow:
    after, ends = periods.after(kind), stored.retention
    if isinstance(kind, Transient):
        waiting = len(ends.outdated(kind, before=now - after, limit=BATCH + 1))
    else:
        waiting = len(ends.outlived(kind, before=now - after, limit=BATCH + 1))
    return KeptRow(
        kind=kind, days=after // _DAY, hours=after // timedelta(hours=1), waiting=waiting, bounds=BOUNDS.get(kind)
    )


def _years(visit: Visit) -> list[tuple[int, list[str], list[str]]]:
    return [
        (
            known.year,
            [date_words(_midday(day), words=visit.words) for day in sorted(known.days_off)],
            [date_words(_midday(day), words=visit.words) for day in sorted(known.make_up_days)],
        )
        for known in visit.services.deployment.calendar.years
    ]


def _problem(error: EztongError, visit: Visit) -> str:
    kind = kind_named(error.name) if isinstance(error, RetentionInvalid) else None
    if kind is None:
        return sentence_of(error, visit)
    bounds = BOUNDS[kind]
    return visit.words.text(
        "console.retention_wrong",
        name=visit.words.text(f"console.kept.{kind}"),
        least=bounds.least // _DAY,
        most=bounds.most // _DAY,
    )


def _midday(day: date) -> datetime:
    return datetime.combine(day, time(12), SHANGHAI)
