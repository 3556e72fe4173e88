"""The table of the partner portal: which page answers which address, and which permission each of its two ways takes.

A route without a stated permission cannot be written, as at the console. Four pages are for whoever is not signed in:
to sign in, to be set up, to apply as an organisation, and to see where that stands.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from eztong.domain.portal.permission import PortalPermission
from eztong.pages.assets import Assets
from eztong.pages.routing import page
from eztong.pages.visit import Door
from eztong.partner_portal import (
    apply,
    apply_state,
    confirm,
    desk_one,
    desks,
    home,
    keys,
    me,
    people,
    set_up,
    sign_in,
    usage,
    verifications,
    webhooks,
)
from eztong.partner_portal.visit import APPLY, APPLY_STATE, CONFIRM, HOME, PLAN, SET_UP, SIGN_IN, Visit
from eztong.ports.services import Services

Handler = Callable[[Visit], Response]
Way = tuple[PortalPermission, Handler]
"""What a way of a page takes, and what it does."""

Page = tuple[str, Way | None, Way | None]
_P: Final = PortalPermission
TABLE: Final[tuple[Page, ...]] = (
    (HOME, (_P.HOME, home.show), None),
    ("/partner/sign-out", None, (_P.HOME, sign_in.sign_out)),
    (CONFIRM, (_P.HOME, confirm.CONFIRMING.show), (_P.HOME, confirm.CONFIRMING.by_code)),
    ("/partner/me", (_P.HOME, me.show), None),
    ("/partner/me/sessions/{session_id}/end", None, (_P.HOME, me.end_session)),
    ("/partner/verifications", (_P.VERIFICATIONS_READ, verifications.show), None),
    ("/partner/verifications/{verification_id}", (_P.VERIFICATIONS_READ, verifications.show_one), None),
    (
        "/partner/verifications/{verification_id}/evidence",
        None,
        (_P.EVIDENCE_TAKE, verifications.take_evidence),
    ),
    ("/partner/usage", (_P.USAGE_READ, usage.show), None),
    ("/partner/usage/csv", (_P.USAGE_READ, usage.export), None),
    ("/partner/keys", (_P.KEYS_READ, keys.show), (_P.KEYS_MAKE, keys.make)),
    ("/partner/keys/{key_id}", (_P.KEYS_READ, keys.show_one), (_P.KEYS_REVOKE, keys.revoke)),
    ("/partner/webhooks", (_P.WEBHOOKS_READ, webhooks.show), (_P.WEBHOOKS_MANAGE, webhooks.add)),
    ("/partner/webhooks/{endpoint_id}", (_P.WEBHOOKS_READ, webhooks.show_one), (_P.WEBHOOKS_MANAGE, webhooks.do)),
    ("/partner/webhooks/{endpoint_id}/change", None, (_P.WEBHOOKS_MANAGE, webhooks.change)),
    ("/partner/webhooks/{endpoint_id}/secret", None, (_P.WEBHOOKS_MANAGE, webhooks.rotate)),
    ("/partner/desks", (_P.DESKS_READ, desks.show), (_P.DESKS_KEEP, desks.add_desk)),
    ("/partner/desks/factor", None, (_P.DESKS_KEEP, desks.choose_factor)),
    ("/partner/desks/one/{desk}", (_P.DESKS_READ, desk_one.show), None),
    ("/partner/desks/one/{desk}/end", None, (_P.DESKS_END, desk_one.end)),
    ("/partner/desks/one/{desk}/open", None, (_P.DESKS_KEEP, desk_one.open_again)),
    ("/partner/desks/staff", None, (_P.DESKS_KEEP, desks.add_staff)),
    ("/partner/desks/staff/{login}", (_P.DESKS_READ, desks.show_staff), (_P.DESKS_KEEP, desks.reset)),
    ("/partner/desks/staff/{login}/disable", None, (_P.STAFF_END, desks.disable)),
    ("/partner/people", (_P.PEOPLE_READ, people.show), (_P.PEOPLE_KEEP, people.add)),
    ("/partner/people/{name}", (_P.PEOPLE_READ, people.show_one), (_P.PEOPLE_KEEP, people.invite)),
    ("/partner/people/{name}/role", None, (_P.PEOPLE_KEEP, people.change_role)),
    ("/partner/people/{name}/disable", None, (_P.PEOPLE_END, people.disable)),
    ("/partner/people/{name}/end-sessions", None, (_P.PEOPLE_END, people.end_sessions)),
)
"""Every page for people who are signed in: its address, reading it, and sending its form."""


def routes(services: Services, assets: Assets) -> list[Route]:
    """Return the routes of the door."""
    door = Door(services, PLAN, assets=assets, visit_type=Visit)
    return [
        page(door, SIGN_IN, get=sign_in.ask, post=sign_in.sign_in),
        page(door, SET_UP, get=set_up.ask, post=set_up.go_on),
        page(door, APPLY, get=apply.show, post=apply.send),
        page(door, APPLY_STATE, get=apply_state.ask, post=apply_state.look),
        *(page(door, path, get=_admitting(get), post=_admitting(post)) for path, get, post in TABLE),
    ]


def _admitting(way: Way | None) -> Handler | None:
    if way is None:
        return None
    permission, handler = way
    return lambda visit: confirm.CONFIRMING.confirmed(visit.admitted(permission), handler)
