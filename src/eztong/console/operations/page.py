"""Operations: health of what the service stands on, what waits, how much there was, planned work, and the drill."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from starlette.responses import Response

from eztong.console.visit import Visit
from eztong.domain.errors import EztongError
from eztong.domain.operators.permission import Permission
from eztong.domain.traffic.counts import ANSWER, VERIFICATION, Count, series
from eztong.i18n.moments import clock_words, wait_words
from eztong.pages.charts import Series, line_chart, stacked_chart
from eztong.ports.drills.machinery import Machinery
from eztong.usecases.drills.note_drill import ask_for_drill, read_drills

HOME: Final = "/console/operations"
SPAN: Final = timedelta(hours=24)
HOUR: Final = timedelta(hours=1)
OUTCOMES: Final = ("passed", "not_passed", "declined", "expired", "unavailable")
CLASSES: Final = ("2xx", "3xx", "4xx", "5xx")
_MINUTES: Final = len("00:00")

Shown = Callable[[Visit], Response]


@dataclass(frozen=True, slots=True)
class WaitingQueue:
    """A queue: what waits in it, and since when the oldest does."""

    name: str
    depth: int
    age: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with the table of the same numbers: a sum for each series, and a row for each hour that had any."""

    picture: str
    names: Sequence[str]
    sums: Sequence[int]
    rows: Sequence[tuple[str, Sequence[int]]]


def pages_with(machinery: Machinery) -> tuple[Shown, Shown]:
    """Return the page over this machine, and what its form does."""

    def show(visit: Visit) -> Response:
        return _page(visit, machinery)

    def drill(visit: Visit) -> Response:
        try:
            visit.perform(ask_for_drill)
            machinery.start_drill()
        except EztongError as error:
            return _page(visit, machinery, error=error)
        return visit.redirect_done(HOME)

    return show, drill


def _page(visit: Visit, machinery: Machinery, *, error: EztongError | None = None) -> Response:
    services, now = visit.services, visit.now
    since = now - SPAN
    with services.store.read() as stored:
        depths, oldest = stored.jobs.depths(), stored.jobs.oldest()
        backlog = stored.webhook_deliveries.backlog(now=now)
        counts = stored.traffic.since(since - HOUR)
        drills = read_drills(stored=stored)
    queues = [
        WaitingQueue(f"console.job.{kind}", depth, _age(visit, oldest.get(kind)))
        for kind, depth in depths.items()
        if depth
    ]
    if backlog.waiting:
        queues.append(WaitingQueue("console.operations.webhooks_due", backlog.waiting, _age(visit, backlog.oldest)))
    away = services.authority.away_since()
    return visit.form_page(
        "operations/page.html",
        because=error,
        authority=services.authority.adapter_id,
        away=None if away is None else visit.when(away),
        queues=queues,
        stores=machinery.stores(),
        verified=_chart(visit, counts, prefix=VERIFICATION, names=OUTCOMES, draw=line_chart),
        answered=_chart(visit, counts, prefix=ANSWER, names=CLASSES, draw=stacked_chart),
        planned=[one for one in services.incidents.look().running if one.is_planned and one.end(now) is None],
        phase_of=lambda one: one.phase(now),
        in_language=visit.words.language,
        drills=drills,
        is_old=drills.whole is None or drills.whole.is_old(now),
        machinery=machinery,
        may_drill=visit.may(Permission.SERVICE_DRILL),
    )


def _age(visit: Visit, since: datetime | None) -> str:
    if since is None:
        return "—"
    return wait_words(max(int((visit.now - since).total_seconds()), 1), words=visit.words)


def _chart(
    visit: Visit, counts: Sequence[Count], *, prefix: str, names: Sequence[str], draw: Callable[..., str]
) -> Chart:
    found: Mapping[str, Sequence[int]] = series(
        counts, prefix=prefix, since=visit.now - SPAN + HOUR, until=visit.now, wide=HOUR
    )
    places = len(next(iter(found.values()), ())) or int(SPAN / HOUR)
    first = visit.now - (places - 1) * HOUR
    labels = [clock_words((first + place * HOUR).replace(minute=0, second=0))[:_MINUTES] for place in range(places)]
    key = prefix.rstrip(".")
    words = [visit.words.text(f"console.operations.{key}.{name}") for name in names]
    values = [found.get(name, [0] * places) for name in names]
    drawn = [Series(word, row) for word, row in zip(words, values, strict=True)]
    rows = [(label, [row[place] for row in values]) for place, label in enumerate(labels)]
    return Chart(
        picture=draw(
            drawn,
            labels=labels,
            title=visit.words.text(f"console.operations.{key}"),
            desc=visit.words.text("console.operations.chart_desc"),
        ),
        names=words,
        sums=[sum(row) for row in values],
        rows=[(label, numbers) for label, numbers in rows if any(numbers)],
    )
