"""The table of the console: which page answers which address, and which permission each of its two ways takes.

A route without a stated permission cannot be written: :func:`_page` takes none. Two pages are for whoever is not signed
in, and say so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from eztong.console import applications, audit, cases, home, me, operators, proposals, set_up, sign_in, tickets
from eztong.console.visit import HOME, PLAN, SET_UP, SIGN_IN, Visit
from eztong.domain.operators.permission import Permission
from eztong.pages.assets import Assets
from eztong.pages.routing import page
from eztong.pages.visit import Door
from eztong.ports.services import Services

Handler = Callable[[Visit], Response]
Way = tuple[Permission, Handler]
"""What a way of a page takes, and what it does."""

_P: Final = Permission
TABLE: Final[tuple[tuple[str, Way | None, Way | None], ...]] = (
    (HOME, (_P.CONSOLE, home.show), None),
    ("/console/sign-out", None, (_P.CONSOLE, sign_in.sign_out)),
    ("/console/me", (_P.CONSOLE, me.show), (_P.CONSOLE, me.renew)),
    ("/console/me/sessions/{session_id}/end", None, (_P.CONSOLE, me.end_session)),
    ("/console/operators", (_P.OPERATORS_READ, operators.show), (_P.OPERATORS_ADD, operators.add)),
    (
        "/console/operators/{name}",
        (_P.OPERATORS_READ, operators.show_one),
        (_P.OPERATORS_INVITE, operators.invite),
    ),
    ("/console/operators/{name}/roles", None, (_P.OPERATORS_ROLES, operators.change_roles)),
    ("/console/operators/{name}/disable", None, (_P.OPERATORS_DISABLE, operators.disable)),
    ("/console/operators/{name}/end-sessions", None, (_P.OPERATORS_END_SESSIONS, operators.end_sessions)),
    ("/console/proposals", (_P.PROPOSALS_READ, proposals.show), None),
    ("/console/proposals/{proposal_id}", (_P.PROPOSALS_READ, proposals.show_one), (_P.PROPOSALS_DECIDE, proposals.end)),
    ("/console/applications", (_P.APPLICATIONS_READ, applications.show), None),
    (
        "/console/applications/{application_id}",
        (_P.APPLICATIONS_READ, applications.show_one),
        (_P.APPLICATIONS_DECIDE, applications.decide),
    ),
    ("/console/tickets", (_P.TICKETS_READ, tickets.show), (_P.TICKETS_READ, tickets.find)),
    ("/console/tickets/{number}", (_P.TICKETS_READ, tickets.show_one), (_P.TICKETS_ANSWER, tickets.answer)),
    ("/console/cases", (_P.CASES_READ, cases.show), (_P.CASES_OPEN, cases.open_one)),
    ("/console/cases/{case_id}", (_P.CASES_READ, cases.show_one), None),
    ("/console/cases/{case_id}/notes", None, (_P.CASES_OPEN, cases.note)),
    ("/console/cases/{case_id}/measure", None, (_P.CASES_MEASURE, cases.take_measure)),
    ("/console/cases/{case_id}/appeal", None, (_P.CASES_APPEALS, cases.decide)),
    ("/console/audit", (_P.AUDIT_READ, audit.show), None),
    ("/console/audit/export", None, (_P.AUDIT_EXPORT, audit.export)),
)
"""Every page for operators who are signed in: its address, reading it, and sending its form."""


def routes(services: Services, assets: Assets) -> list[Route]:
    """Return the routes of the door."""
    door = Door(services, PLAN, assets=assets, visit_type=Visit)
    return [
        page(door, SIGN_IN, get=sign_in.ask, post=sign_in.sign_in),
        page(door, SET_UP, get=set_up.ask, post=set_up.go_on),
        *(page(door, path, get=_admitting(get), post=_admitting(post)) for path, get, post in TABLE),
    ]


def _admitting(way: Way | None) -> Handler | None:
    if way is None:
        return None
    permission, handler = way
    return lambda visit: handler(visit.admitted(permission))
