"""The table of the console: which page answers which address, and which permission each of its two ways takes.

A route without a stated permission cannot be written: :func:`_page` takes none. Two pages are for whoever is not signed
in, and say so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
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
    me,
    operators,
    proposals,
    retention,
    service,
    set_up,
    sign_in,
    tickets,
)
from eztong.console.access import backup_codes, break_glass, confirm, passkeys
from eztong.console.agreement_sets import drafting, one_set, sets
from eztong.console.branding import page as branding
from eztong.console.bulk import queues as bulk
from eztong.console.incidents import page as incidents
from eztong.console.incidents import reports as incident_reports
from eztong.console.keys import change, inventory
from eztong.console.message_texts import page as texts
from eztong.console.operations import page as operations
from eztong.console.partners import applications as partner_applications
from eztong.console.partners import desks as partner_desks
from eztong.console.partners import keys as partner_keys
from eztong.console.partners import page as partners
from eztong.console.partners import people as partner_people
from eztong.console.partners import webhooks
from eztong.console.people import account, find
from eztong.console.policy import drafting as policy_drafting
from eztong.console.policy import versions as policy_versions
from eztong.console.sent_once import once
from eztong.console.visit import CONFIRM, EMERGENCY, FORM_ONLY, HOME, ME, PASSKEY_ENTRY, PLAN, SET_UP, SIGN_IN, Visit
from eztong.domain.errors import InputInvalid
from eztong.domain.operators.permission import Permission
from eztong.pages.assets import Assets
from eztong.pages.routing import page
from eztong.pages.visit import Door
from eztong.ports.drills.machinery import Machinery
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
    (f"{ME}/passkeys", None, (_P.CONSOLE, passkeys.add)),
    (f"{ME}/passkeys/options", None, (_P.CONSOLE, passkeys.offer_new)),
    (f"{ME}/passkeys/{{passkey_id}}/remove", None, (_P.CONSOLE, passkeys.remove)),
    (f"{ME}/backup-codes", None, (_P.CONSOLE, backup_codes.make)),
    (CONFIRM, (_P.CONSOLE, confirm.CONFIRMING.show), (_P.CONSOLE, confirm.CONFIRMING.by_code)),
    (f"{CONFIRM}/passkey", None, (_P.CONSOLE, passkeys.confirm)),
    (f"{CONFIRM}/passkey/options", None, (_P.CONSOLE, passkeys.offer_confirmation)),
    (EMERGENCY, (_P.BREAK_GLASS_READ, break_glass.show), (_P.BREAK_GLASS, break_glass.begin)),
    (f"{EMERGENCY}/{{glass_id}}/end", None, (_P.BREAK_GLASS, break_glass.end)),
    (f"{EMERGENCY}/{{glass_id}}/review", None, (_P.BREAK_GLASS_REVIEW, break_glass.review)),
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
    ("/console/applications/bulk", None, (_P.APPLICATIONS_DECIDE, bulk.look_at_applications)),
    ("/console/applications/bulk/apply", None, (_P.APPLICATIONS_DECIDE, bulk.apply_to_applications)),
    ("/console/applications/bulk/{correlation}", (_P.APPLICATIONS_READ, bulk.show_applications), None),
    (
        "/console/applications/{application_id}",
        (_P.APPLICATIONS_READ, applications.show_one),
        (_P.APPLICATIONS_DECIDE, applications.decide),
    ),
    ("/console/applications/{application_id}/reveal", None, (_P.ACCOUNTS_REVEAL, applications.reveal)),
    (
        "/console/applications/{application_id}/reveal/propose",
        None,
        (_P.REVEALS_PROPOSE, applications.propose_shown),
    ),
    (
        "/console/guardianships",
        (_P.GUARDIANSHIPS_READ, guardianships.show),
        (_P.GUARDIANSHIPS_DECIDE, guardianships.decide),
    ),
    ("/console/find", (_P.TICKETS_READ, find.show), (_P.TICKETS_READ, find.find)),
    ("/console/people/{holder_id}", (_P.ACCOUNTS_READ, account.show), None),
    ("/console/people/{holder_id}/reveal", None, (_P.ACCOUNTS_REVEAL, account.reveal)),
    ("/console/people/{holder_id}/reveal/propose", None, (_P.REVEALS_PROPOSE, account.propose_shown)),
    ("/console/accounts", (_P.ACCOUNTS_READ, accounts.show), None),
    ("/console/accounts/freeze", None, (_P.ACCOUNTS_FREEZE, accounts.freeze)),
    ("/console/accounts/restrict", None, (_P.ACCOUNTS_RESTRICT, accounts.restrict)),
    ("/console/incidents", (_P.INCIDENTS_READ, incidents.show), (_P.INCIDENTS_TELL, incidents.tell)),
    (
        incident_reports.HOME,
        (_P.INCIDENT_REPORTS_READ, incident_reports.show),
        (_P.INCIDENT_REPORTS_KEEP, incident_reports.open_one),
    ),
    (
        f"{incident_reports.HOME}/{{report_id}}",
        (_P.INCIDENT_REPORTS_READ, incident_reports.show_one),
        (_P.INCIDENT_REPORTS_KEEP, incident_reports.go_on),
    ),
    (f"{incident_reports.HOME}/{{report_id}}/export", None, (_P.INCIDENT_REPORTS_READ, incident_reports.export)),
    ("/console/incidents/{incident_id}", (_P.INCIDENTS_READ, incidents.show_one), (_P.INCIDENTS_TELL, incidents.go_on)),
    ("/console/tickets", (_P.TICKETS_READ, tickets.show), (_P.TICKETS_READ, tickets.find)),
    ("/console/tickets/bulk", None, (_P.TICKETS_ANSWER, bulk.look_at_tickets)),
    ("/console/tickets/bulk/apply", None, (_P.TICKETS_ANSWER, bulk.apply_to_tickets)),
    ("/console/tickets/bulk/{correlation}", (_P.TICKETS_READ, bulk.show_tickets), None),
    ("/console/tickets/{number}", (_P.TICKETS_READ, tickets.show_one), (_P.TICKETS_ANSWER, tickets.answer)),
    (sets.HOME, (_P.AGREEMENTS_READ, sets.show), None),
    (f"{sets.HOME}/accepted", (_P.AGREEMENTS_READ, sets.show_accepted), None),
    (drafting.DRAFT, (_P.AGREEMENTS_READ, drafting.show), (_P.AGREEMENTS_DRAFT, drafting.draft)),
    (f"{sets.HOME}/{{number}}", (_P.AGREEMENTS_READ, one_set.show), (_P.AGREEMENTS_PROPOSE, one_set.go_on)),
    (policy_versions.HOME, (_P.POLICY_READ, policy_versions.show), None),
    (policy_drafting.DRAFT, (_P.POLICY_READ, policy_drafting.show), (_P.POLICY_DRAFT, policy_drafting.propose)),
    (
        f"{policy_versions.HOME}/versions/{{version}}",
        (_P.POLICY_READ, policy_versions.show_one),
        (_P.POLICY_CALL_OFF, policy_versions.call_off),
    ),
    (retention.HOME, (_P.POLICY_READ, retention.show), (_P.RETENTION_PROPOSE, retention.do)),
    ("/console/partners", (_P.PARTNERS_READ, partners.show), None),
    (
        "/console/partners/applications/{application_id}",
        (_P.PARTNERS_READ, partner_applications.show),
        (_P.PARTNERS_KEEP, partner_applications.review),
    ),
    ("/console/partners/{partner_id}", (_P.PARTNERS_READ, partners.show_one), (_P.PARTNERS_READ, partners.move)),
    (
        "/console/partners/{partner_id}/desks",
        (_P.PARTNERS_READ, partner_desks.show),
        (_P.PARTNERS_KEEP, partner_desks.do),
    ),
    ("/console/partners/{partner_id}/keys", None, (_P.PARTNERS_KEEP, partner_keys.make)),
    (
        "/console/partners/{partner_id}/keys/{key_id}",
        (_P.PARTNERS_READ, partner_keys.show),
        (_P.PARTNERS_KEEP, partner_keys.revoke),
    ),
    ("/console/partners/{partner_id}/people", None, (_P.PARTNERS_KEEP, partner_people.add)),
    (
        "/console/partners/{partner_id}/people/{name}",
        (_P.PARTNERS_READ, partner_people.show),
        (_P.PARTNERS_KEEP, partner_people.invite),
    ),
    ("/console/partners/{partner_id}/people/{name}/disable", None, (_P.PARTNERS_KEEP, partner_people.disable)),
    (
        "/console/partners/{partner_id}/people/{name}/end-sessions",
        None,
        (_P.PARTNERS_KEEP, partner_people.end_sessions),
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
    (change.HOME, (_P.KEYS_READ, inventory.show), None),
    (change.CHANGE, (_P.KEYS_READ, change.show), (_P.KEYS_KEEP, change.propose)),
    ("/console/branding", (_P.BRANDING_READ, branding.show), (_P.BRANDING_PROPOSE, branding.do)),
    (
        "/console/branding/{version_id}",
        (_P.BRANDING_READ, branding.show_one),
        (_P.BRANDING_PROPOSE, branding.again),
    ),
    (texts.HOME, (_P.TEXTS_READ, texts.show), None),
    (f"{texts.HOME}/{{text_id}}", (_P.TEXTS_READ, texts.show_one), (_P.TEXTS_PROPOSE, texts.do)),
    ("/console/audit", (_P.AUDIT_READ, audit.show), None),
    ("/console/audit/export", None, (_P.AUDIT_EXPORT, audit.export)),
)
"""Every page for operators who are signed in but one: its address, reading it, and sending its form."""


PACK: Final = "/console/audit/pack"


def table(examine: service.Examine, machinery: Machinery, *, pack: Callable[[], bytes] = bytes) -> tuple[Page, ...]:
    """Return every page, with those that run the checks, look at the machine, and make the pack for an audit."""
    show, drill = operations.pages_with(machinery)
    return (
        *TABLE,
        (SERVICE, (_P.SERVICE_READ, service.page_with(examine)), None),
        (operations.HOME, (_P.SERVICE_READ, show), (_P.SERVICE_DRILL, drill)),
        (PACK, None, (_P.AUDIT_EXPORT, audit.pack_with(pack))),
    )


def routes(
    services: Services,
    assets: Assets,
    *,
    machinery: Machinery,
    examine: service.Examine = tuple,
    pack: Callable[[], bytes] = bytes,
) -> list[Route]:
    """Return the routes of the door; ``examine`` runs the checks of the deployment, which stands on ``machinery``.

    ``pack`` makes what auditors are given.
    """
    door = Door(services, PLAN, assets=assets, visit_type=Visit)
    return [
        page(door, SIGN_IN, get=sign_in.ask, post=sign_in.sign_in),
        page(door, PASSKEY_ENTRY, post=passkeys.enter),
        page(door, f"{PASSKEY_ENTRY}/options", post=passkeys.offer_entry),
        page(door, SET_UP, get=set_up.ask, post=set_up.go_on),
        *(
            page(door, path, get=_admitting(get), post=_sending(path, post))
            for path, get, post in table(examine, machinery, pack=pack)
        ),
    ]


def _sending(path: str, way: Way | None) -> Handler | None:
    if way is None:
        return None
    reading = {address: get for address, get, _ in TABLE}
    stands_on = reading.get(path) or reading.get(FORM_ONLY.sub("", path))
    return _admitting((way[0], once(_said_there(way[1], stands_on))))


def _said_there(handler: Handler, stands_on: Way | None) -> Handler:
    """Return the handler of a form that says what was filled in wrongly on the form's own page."""

    def handle(visit: Visit) -> Response:
        try:
            return handler(visit)
        except InputInvalid as error:
            if stands_on is None or not visit.may(stands_on[0]):
                raise
            return stands_on[1](replace(visit, refused=error))

    return handle


def _admitting(way: Way | None) -> Handler | None:
    if way is None:
        return None
    permission, handler = way
    return lambda visit: confirm.CONFIRMING.confirmed(visit.admitted(permission), handler)
