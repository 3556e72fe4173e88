"""One desk of the partner: whether codes are taken there; ending it by its id typed, and opening it again."""

from __future__ import annotations

from starlette.responses import Response

from eztong.domain.desks.desk import Desk
from eztong.domain.errors import EztongError
from eztong.domain.portal.permission import PortalPermission
from eztong.partner_portal.desks import HOME
from eztong.partner_portal.visit import Visit
from eztong.usecases.desks.end_desk import end_desk, find_desk, open_desk_again


def show(visit: Visit) -> Response:
    """Show the desk.

    Raises:
        NotFound: the partner has no such desk.
    """
    return _one(visit, _find(visit))


def end(visit: Visit) -> Response:
    """End the desk, once its id was typed.

    Raises:
        NotFound: the partner has no such desk.
    """
    services, found, partner_id = visit.services, _find(visit), visit.partner_id
    typed = visit.form.get("typed", "")
    try:
        visit.audited(
            lambda: services.perform(visit.acting, end_desk, partner_id, found.desk, typed=typed), subject=found.desk
        )
    except EztongError as error:
        return _one(visit, found, error=error)
    return visit.redirect_done(f"{HOME}/one/{found.desk}")


def open_again(visit: Visit) -> Response:
    """Open a desk that was ended.

    Raises:
        NotFound: the partner has no such desk.
    """
    services, found, partner_id = visit.services, _find(visit), visit.partner_id
    try:
        visit.audited(
            lambda: services.perform(visit.acting, open_desk_again, partner_id, found.desk), subject=found.desk
        )
    except EztongError as error:
        return _one(visit, found, error=error)
    return visit.redirect_done(f"{HOME}/one/{found.desk}")


def _find(visit: Visit) -> Desk:
    with visit.services.store.read() as stored:
        return find_desk(visit.partner_id, str(visit.request.path_params["desk"]), stored=stored)


def _one(visit: Visit, shown: Desk, *, error: EztongError | None = None) -> Response:
    return visit.form_page(
        "desk_one.html",
        because=error,
        desk=shown,
        may_keep=visit.may(PortalPermission.DESKS_KEEP),
        may_end=visit.may(PortalPermission.DESKS_END),
    )
