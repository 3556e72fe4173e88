"""One's own page: name, role, and the browsers that are signed in."""

from __future__ import annotations

from starlette.responses import Response

from eztong.domain.portal.permission import MAY
from eztong.partner_portal.visit import Visit
from eztong.usecases.portal.sign_in_person import end_own_session


def show(visit: Visit) -> Response:
    """Show who one is here."""
    person = visit.signed_in.person
    with visit.services.store.read() as stored:
        sessions = [one for one in stored.portal.sessions(person.partner_id, person.name) if one.is_live(now=visit.now)]
    return visit.form_page(
        "me.html",
        sessions=sessions,
        own_id=visit.signed_in.session.session_id,
        permissions=[permission.value for permission, roles in MAY.items() if person.role in roles],
    )


def end_session(visit: Visit) -> Response:
    """End another browser's session."""
    visit.perform(end_own_session, visit.request.path_params["session_id"])
    return visit.redirect_done("/partner/me")
