"""A partner's desks as the operator sees them: which are open, who signs in there, whether they need an app."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from starlette.responses import Response

from eztong.console.partners.page import HOME, id_of
from eztong.console.visit import Visit
from eztong.domain.errors import EztongError, NotFound
from eztong.domain.operators.incomplete import ChoiceMissing
from eztong.domain.operators.permission import Permission
from eztong.domain.partners.partner import PartnerState
from eztong.usecases.desks.end_desk import end_desk, open_desk_again
from eztong.usecases.desks.factor_rules import demand_in_sector, rule_of, want_factor
from eztong.usecases.partners.find_partner import find_partner

_ASKED: Final = {"want": True, "free": False, "demand": True, "release": False}


def show(visit: Visit) -> Response:
    """Show desks, accounts of staff, and whether they need an app.

    Raises:
        NotFound: no such partner.
    """
    return _page(visit)


def do(visit: Visit) -> Response:
    """End a desk by its id typed, open one again, or say whether staff need an app.

    Raises:
        NotFound: no such partner.
        ChoiceMissing: none of these.
    """
    partner_id = id_of(visit)
    way = _way(visit)
    try:
        visit.audited(way, subject=partner_id)
    except NotFound:
        raise
    except EztongError as error:
        return _page(visit, error=error)
    return visit.redirect_done(f"{HOME}/{partner_id}/desks")


def _way(visit: Visit) -> Callable[[], object]:
    perform, by, partner_id = visit.services.perform, visit.acting, id_of(visit)
    act, desk, typed = (visit.form.get(name, "") for name in ("act", "desk", "typed"))
    match act:
        case "end":
            return lambda: perform(by, end_desk, partner_id, desk, typed=typed)
        case "open":
            return lambda: perform(by, open_desk_again, partner_id, desk)
        case "want" | "free":
            return lambda: perform(by, want_factor, partner_id, is_wanted=_ASKED[act])
        case "demand" | "release":
            with visit.services.store.read() as stored:
                sector_id = find_partner(partner_id, stored=stored).sector_id
            return lambda: perform(by, demand_in_sector, sector_id, is_demanded=_ASKED[act])
        case _:
            raise ChoiceMissing


def _page(visit: Visit, *, error: EztongError | None = None) -> Response:
    partner_id = id_of(visit)
    with visit.services.store.read() as stored:
        partner = find_partner(partner_id, stored=stored)
        desks = stored.partners.all_desks(partner_id)
        staff = stored.staff.list(partner_id)
        rule = rule_of(partner, stored=stored)
    return visit.form_page(
        "partners/desks.html",
        because=error,
        partner=partner,
        desks=desks,
        staff=staff,
        rule=rule,
        chosen=visit.form.get("desk", ""),
        may_keep=visit.may(Permission.PARTNERS_KEEP) and partner.state is not PartnerState.CLOSED,
    )
