"""The portal's first page: how the partner stands, what ends soon, and what the service tells of."""

from __future__ import annotations

from starlette.responses import Response

from eztong.domain.partners.partner import PartnerStage
from eztong.partner_portal.visit import Visit
from eztong.usecases.partners.find_expiring import find_expiring_of
from eztong.usecases.portal.read_usage import quota_use_of


def show(visit: Visit) -> Response:
    """Show the partner's state, its scenes, and what ends within thirty days."""
    partner, deployment = visit.signed_in.partner, visit.services.deployment
    with visit.services.store.read() as stored:
        scenes = stored.partners.scenes(partner.partner_id)
        ending = find_expiring_of(partner, stored=stored, now=visit.now)
        endpoints = stored.webhook_endpoints.list(partner.partner_id)
        people = stored.portal.list(partner.partner_id)
        quota = quota_use_of(partner, stored=stored, now=visit.now)
    return visit.form_page(
        "home.html",
        scenes=scenes.those,
        unreadable=scenes.unreadable + endpoints.unreadable + people.unreadable,
        ending=ending,
        quota=quota,
        # A partner of stage sandbox gets no answers where there are real people.
        not_live=partner.stage is PartnerStage.SANDBOX and not deployment.is_sandbox,
        off=[one for one in endpoints.those if not one.is_active],
        administrators=sum(one.counts_as_administrator for one in people.those),
    )
