"""The emergency: begin, end and review what lets one operator do alone what takes two."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import structlog
from starlette.responses import Response

from eztong.console.visit import EMERGENCY, Visit
from eztong.domain.errors import EztongError
from eztong.domain.operators.break_glass import GLASS_LIFE
from eztong.domain.operators.permission import Permission
from eztong.usecases.operators.break_glass import begin_break_glass, end_break_glass, review_break_glass

SHOWN: Final = 50
_log = structlog.get_logger(__name__)


def show(visit: Visit) -> Response:
    """Show the emergencies, the newest first, and what may be done with them."""
    return _page(visit)


def begin(visit: Visit) -> Response:
    """Begin one; the log says it loudly."""
    services = visit.services
    allowed = services.deployment.break_glass

    def do() -> None:
        glass = services.perform(visit.acting, begin_break_glass, visit.form.get("reason", ""), allowed=allowed)
        _log.warning("break_glass_begun", glass_id=glass.glass_id, operator=glass.operator)

    return _done(visit, do, "")


def end(visit: Visit) -> Response:
    """End one before its time."""
    return _done(visit, lambda: visit.services.perform(visit.acting, end_break_glass, _id(visit)), _id(visit))


def review(visit: Visit) -> Response:
    """Say what was found afterwards."""
    words = visit.form.get("review", "")
    return _done(visit, lambda: visit.services.perform(visit.acting, review_break_glass, _id(visit), words), _id(visit))


def _done(visit: Visit, do: Callable[[], object], subject: str) -> Response:
    try:
        visit.audited(do, subject=subject)
    except EztongError as error:
        return _page(visit, error=error)
    return visit.redirect_done(EMERGENCY)


def _page(visit: Visit, *, error: EztongError | None = None) -> Response:
    with visit.services.store.read() as stored:
        found = stored.break_glasses.list(limit=SHOWN)
    own = visit.on_duty.operator.name
    rows = [(glass, glass.is_open(now=visit.now)) for glass in found.those]
    return visit.form_page(
        "access/break_glass.html",
        because=error,
        rows=rows,
        unreadable=found.unreadable,
        is_allowed=visit.services.deployment.break_glass,
        may_begin=visit.services.deployment.break_glass
        and visit.may(Permission.BREAK_GLASS)
        and not any(is_open and glass.operator == own for glass, is_open in rows),
        may_end=visit.may(Permission.BREAK_GLASS),
        may_review=visit.may(Permission.BREAK_GLASS_REVIEW),
        own_name=own,
        minutes=int(GLASS_LIFE.total_seconds()) // 60,
        typed=visit.form,
    )


def _id(visit: Visit) -> str:
    return str(visit.request.path_params["glass_id"])
