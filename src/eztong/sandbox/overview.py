"""``/sandbox``: what this is, what to do first, and how things stand."""

from __future__ import annotations

from starlette.responses import Response

from eztong.domain.holder import HolderState
from eztong.i18n.moments import clock_words, date_words
from eztong.sandbox.visit import Visit

COUNT_LIMIT = 100


def show(visit: Visit) -> Response:
    """Show the way in and the counts."""
    with visit.services.store.read() as stored:
        holders = stored.holders.counts()
        depths = stored.jobs.depths()
        messages = len(stored.inbox.newest(limit=COUNT_LIMIT))
    return visit.page(
        "overview.html",
        clock=f"{date_words(visit.now, words=visit.words)} {clock_words(visit.now)}",
        accounts=sum(holders.values()),
        active=holders.get(HolderState.ACTIVE.value, 0),
        waiting=sum(depths.values()),
        messages=f"{COUNT_LIMIT}+" if messages == COUNT_LIMIT else messages,
        base_url=visit.services.deployment.public_url,
    )
