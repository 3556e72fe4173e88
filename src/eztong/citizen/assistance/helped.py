"""Somebody whom the holder helps: until when, with what, and the button that ends it."""

from __future__ import annotations

from starlette.responses import Response

from eztong.citizen.journey import FAMILY
from eztong.citizen.visit import Visit
from eztong.citizen.words.help_rows import row_of_helper
from eztong.domain.assistance.assistance import AssistanceMissing
from eztong.domain.standing import is_usable
from eztong.usecases.assistance.end_assistance import EndAssistance, end_assistance
from eztong.usecases.assistance.parties import assistance_of


def show(visit: Visit) -> Response:
    """Show one that is not over.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, AssistanceMissing: this browser may not see it.
    """
    with visit.services.store.read() as stored:
        helper = visit.bound(stored).holder
        found = assistance_of(visit.request.path_params["assistance_id"], helper.holder_id, stored=stored)
        if found.helper_id != helper.holder_id or found.is_over(now=visit.now):
            raise AssistanceMissing
        row = row_of_helper(found, helper, visit, stored=stored)
    return visit.form_page("assistance/helped.html", tab="me", row=row, is_paused=not is_usable(helper))


def act(visit: Visit) -> Response:
    """End it.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, AssistanceMissing: this browser may not.
    """
    assistance_id = visit.request.path_params["assistance_id"]
    visit.act(end_assistance, EndAssistance(session_hash=visit.session_hash, assistance_id=assistance_id))
    return visit.redirect(FAMILY)
