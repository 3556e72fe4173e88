"""What the partner used: verifications by day and outcome, as a chart, a table beside it, and a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from starlette.responses import Response

from eztong.domain.codes.verification import Outcome
from eztong.domain.portal.usage import PERIODS, UsedOnDay
from eztong.pages.charts import Series, stacked_chart
from eztong.pages.csv_files import csv_file
from eztong.partner_portal.visit import Visit
from eztong.usecases.portal.read_usage import quota_use_of, usage_of

HOME: Final = "/partner/usage"
USUAL: Final = PERIODS[1]
COLUMNS: Final = ("day", *(outcome.value for outcome in Outcome), "total")


def show(visit: Visit) -> Response:
    """Show the chart and the table."""
    days, used = _used(visit)
    with visit.services.store.read() as stored:
        quota = quota_use_of(visit.signed_in.partner, stored=stored, now=visit.now)
    total = sum(one.total for one in used)
    passed = sum(one.counts.get(Outcome.PASSED, 0) for one in used)
    words = visit.words.text
    chart = stacked_chart(
        [Series(words(f"portal.outcome.{kind}"), [one.counts.get(kind, 0) for one in used]) for kind in Outcome],
        labels=[f"{one.day:%m-%d}" for one in used],
        title=words("portal.chart_title", count=days),
        desc=words("portal.chart_desc", count=total, passed=passed),
    )
    return visit.form_page(
        "usage.html",
        chart=chart,
        days=days,
        periods=PERIODS,
        used=[one for one in reversed(used) if one.total],
        outcomes=list(Outcome),
        sums={kind: sum(one.counts.get(kind, 0) for one in used) for kind in Outcome},
        total=total,
        quota=quota,
    )


def export(visit: Visit) -> Response:
    """Give the table as CSV, a row for each day."""
    days, used = _used(visit)
    rows = [
        {"day": one.day.isoformat(), "total": str(one.total)}
        | {kind.value: str(one.counts.get(kind, 0)) for kind in Outcome}
        for one in used
    ]
    return csv_file(f"usage-{visit.partner_id}-{days}", COLUMNS, rows)


def _used(visit: Visit) -> tuple[int, Sequence[UsedOnDay]]:
    asked = visit.request.query_params.get("days", "")
    days = next((period for period in PERIODS if str(period) == asked), USUAL)
    with visit.services.store.read() as stored:
        return days, usage_of(visit.partner_id, days=days, stored=stored, now=visit.now)
