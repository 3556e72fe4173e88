"""The table of the console: which page answers which address, and which permission each of its two ways takes.

A route without a stated permission cannot be written: :func:`_page` takes none. Two pages are for whoever is not signed
in, and say so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from eztong.console import (
    accounts,
    applications,
    audit,
    cases,
    guardianships,
    home,
    incidents,
    me,
    operators,
    partner_applications,
    partner_keys,
    partners,
    proposals,
    service,
    set_up,
    sign_in,
    tickets,
    webhooks,
)
from eztong.console.portal import people
from eztong.console.visit import HOME, PLAN, SET_UP, SIGN_IN, Visit
from eztong.domain.operators.permission import Permission
from eztong.pages.assets import Assets
from eztong.pages.routing import page
from eztong.pages.visit import Door
from eztong.ports.services import Services

Handler = Callable[[Visit], Response]
Way = tuple[Permission, Handler]
"""What a way of a page takes, and what it does."""

Page = tuple[str, Way | None, Way | None]
_P: Final = Permission
SERVICE: Final = "/console/service"
TABLE: Final[tuple[Page, ...]] = (
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
    ("/console/applications/{application_id}/reveal", None, (_P.ACCOUNTS_REVEAL, applications.reveal)),
    (
        "/console/guardianships",
        (_P.GUARDIANSHIPS_READ, guardianships.show),
        (_P.GUARDIANSHIPS_DECIDE, guardianships.decide),
    ),
    ("/console/accounts", (_P.ACCOUNTS_READ, accounts.show), None),
    ("/console/accounts/freeze", None, (_P.ACCOUNTS_FREEZE, accounts.freeze)),
    ("/console/accounts/restrict", None, (_P.ACCOUNTS_RESTRICT, accounts.restrict)),
    ("/console/incidents", (_P.INCIDENTS_READ, incidents.show), (_P.INCIDENTS_TELL, incidents.tell)),
    ("/console/incidents/{incident_id}", (_P.INCIDENTS_READ, incidents.show_one), (_P.INCIDENTS_TELL, incidents.go_on)),
    ("/console/tickets", (_P.TICKETS_READ, tickets.show), (_P.TICKETS_READ, tickets.find)),
    ("/console/tickets/{number}", (_P.TICKETS_READ, tickets.show_one), (_P.TICKETS_ANSWER, tickets.answer)),
    ("/console/partners", (_P.PARTNERS_READ, partners.show), None),
    (
        "/console/partners/applications/{application_id}",
        (_P.PARTNERS_READ, partner_applications.show),
        (_P.PARTNERS_KEEP, partner_applications.review),
    ),
    ("/console/partners/{partner_id}", (_P.PARTNERS_READ, partners.show_one), (_P.PARTNERS_READ, partners.move)),
    ("/console/partners/{partner_id}/keys", None, (_P.PARTNERS_KEEP, partner_keys.make)),
    (
        "/console/partners/{partner_id}/keys/{key_id}",
        (_P.PARTNERS_READ, partner_keys.show),
        (_P.PARTNERS_KEEP, partner_keys.revoke),
    ),
    ("/console/partners/{partner_id}/people", None, (_P.PARTNERS_KEEP, people.add)),
    (
        "/console/partners/{partner_id}/people/{name}",
        (_P.PARTNERS_READ, people.show),
        (_P.PARTNERS_KEEP, people.invite),
    ),
    ("/console/partners/{partner_id}/people/{name}/disable", None, (_P.PARTNERS_KEEP, people.disable)),
    (
        "/console/partners/{partner_id}/people/{name}/end-sessions",
        None,
        (_P.PARTNERS_KEEP, people.end_sessions),
    ),
    (
        "/console/partners/{partner_id}/webhooks/{endpoint_id}",
        (_P.PARTNERS_READ, webhooks.show),
        (_P.WEBHOOKS_MANAGE, webhooks.do),
    ),
    ("/console/cases", (_P.CASES_READ, cases.show), (_P.CASES_OPEN, cases.open_one)),
    ("/console/cases/{case_id}", (_P.CASES_READ, cases.show_one), None),
    ("/console/cases/{case_id}/notes", None, (_P.CASES_OPEN, cases.note)),
    ("/console/cases/{case_id}/measure", None, (_P.CASES_MEASURE, cases.take_measure)),
    ("/console/cases/{case_id}/appeal", None, (_P.CASES_APPEALS, cases.decide)),
    ("/console/audit", (_P.AUDIT_READ, audit.show), None),
    ("/console/audit/export", None, (_P.AUDIT_EXPORT, audit.export)),
)
"""Every page for operators who are signed in but one: its address, reading it, and sending its form."""


def table(examine: service.Examine) -> tuple[Page, ...]:
    """Return every page, with the one that runs the checks."""
    return (*TABLE, (SERVICE, (_P.SERVICE_READ, service.page_with(examine)), None))


def routes(services: Services, assets: Assets, *, examine: service.Examine = tuple) -> list[Route]:
    """Return the routes of the door; ``examine`` runs the checks of the deployment."""
    door = Door(services, PLAN, assets=assets, visit_type=Visit)
    return [
        page(door, SIGN_IN, get=sign_in.ask, post=sign_in.sign_in),
        page(door, SET_UP, get=set_up.ask, post=set_up.go_on),
        *(page(door, path, get=_admitting(get), post=_admitting(post)) for path, get, post in table(examine)),
    ]


def _admitting(way: Way | None) -> Handler | None:
    if way is None:
        return None
    permission, handler = way
    return lambda visit: handler(visit.admitted(permission))
