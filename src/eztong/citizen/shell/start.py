"""The start page: what this is, and the two ways on."""

from __future__ import annotations

from starlette.responses import Response

from eztong.citizen.journey import CODE, next_path
from eztong.citizen.visit import Visit
from eztong.domain.errors import SessionMissing


def show(visit: Visit) -> Response:
    """Show the start page; a browser that is on its way gets the way on."""
    way_on = _way_on(visit)
    deployment, brand = visit.services.deployment, visit.services.brand.look()
    return visit.page(
        "shell/start.html",
        not_begun="not-begun" in visit.request.query_params and way_on is None,
        has_account=way_on == CODE,
        way_on=None if way_on == CODE else way_on,
        own_title=brand.title(visit.words.language),
        own_lead=brand.lead(visit.words.language),
        accepts_residents=deployment.accept_hk_macau_taiwan,
        accepts_foreigners=deployment.accept_foreigners,
    )


def _way_on(visit: Visit) -> str | None:
    if visit.cookie is None:
        return None
    try:
        with visit.services.store.read() as stored:
            return next_path(visit.signed_in(stored), stored=stored)
    except SessionMissing:
        return None
