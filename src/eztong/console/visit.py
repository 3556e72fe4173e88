"""A visit to the console: a browser's request, which operator is behind its cookie, and what they may do."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from starlette.responses import Response
from typing_extensions import override

from eztong.domain.errors import EztongError, SessionMissing
from eztong.domain.events import Actor
from eztong.domain.operators.audit import AuditDoor, AuditStep
from eztong.domain.operators.operator import RoleMissing
from eztong.domain.operators.permission import Permission, check_may, may
from eztong.domain.operators.session import SET_UP_PATH
from eztong.http.cookies import CONSOLE_COOKIE
from eztong.http.correlation import request_id
from eztong.pages import visit as shared
from eztong.pages.error_pages import sentence_of
from eztong.pages.staff_visit import StaffVisit
from eztong.pages.visit import DoorPlan
from eztong.ports.act import OPERATOR, Acting
from eztong.usecases.operators.sign_in_operator import Duty, find_duty, note_session_used

HOME: Final = "/console"
SIGN_IN: Final = "/console/sign-in"
SET_UP: Final = SET_UP_PATH
FORM_ONLY: Final = re.compile(
    r"/(?:keys|people|reveal|roles|disable|end-sessions|sign-out|freeze|restrict|export|notes|measure|appeal|sessions/[^/]+/end)$"
)
"""What the address of a form adds to that of the page it stands on."""

PLAN: Final = DoorPlan(
    by=OPERATOR,
    templates=Path(__file__).parent / "templates",
    cookie=CONSOLE_COOKIE,
    home=HOME,
    sign_in=SIGN_IN,
    advice="incident.advice_desk",
    own_errors="console.",
)
MENU: Final = (
    (HOME, "console.menu.home", Permission.CONSOLE),
    ("/console/applications", "console.menu.applications", Permission.APPLICATIONS_READ),
    ("/console/guardianships", "console.menu.guardianships", Permission.GUARDIANSHIPS_READ),
    ("/console/tickets", "console.menu.tickets", Permission.TICKETS_READ),
    ("/console/accounts", "console.menu.accounts", Permission.ACCOUNTS_READ),
    ("/console/incidents", "console.menu.incidents", Permission.INCIDENTS_READ),
    ("/console/cases", "console.menu.cases", Permission.CASES_READ),
    ("/console/proposals", "console.menu.proposals", Permission.PROPOSALS_READ),
    ("/console/partners", "console.menu.partners", Permission.PARTNERS_READ),
    ("/console/operators", "console.menu.operators", Permission.OPERATORS_READ),
    ("/console/service", "console.menu.service", Permission.SERVICE_READ),
    ("/console/audit", "console.menu.audit", Permission.AUDIT_READ),
    ("/console/me", "console.menu.me", Permission.CONSOLE),
)
"""Every page that stands in the navigation, and who sees it there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit(StaffVisit):
    """A request of an operator's browser. ``duty`` is known on every page but those for whoever is not signed in."""

    duty: Duty | None = None
    permission: Permission | None = None

    @property
    @override
    def is_open_to_all(self) -> bool:
        return self.request.url.path in {SIGN_IN, SET_UP}

    @property
    @override
    def forms(self) -> re.Pattern[str]:
        return FORM_ONLY

    @property
    @override
    def doing(self) -> str:
        return (self.permission or Permission.CONSOLE).value

    @property
    def at(self) -> Acting:
        """This door and request, with nobody in particular."""
        return Acting(Actor.OPERATOR, door=AuditDoor.CONSOLE, correlation=request_id(self.request.scope))

    @property
    def on_duty(self) -> Duty:
        """Who is signed in.

        Raises:
            SessionMissing: nobody.
        """
        if self.duty is None:
            raise SessionMissing
        return self.duty

    @property
    @override
    def acting(self) -> Acting:
        return replace(self.at, name=self.on_duty.operator.name)

    def may(self, permission: Permission) -> bool:
        """Say whether whoever is signed in may do this."""
        return may(self.on_duty.operator, permission)

    def admitted(self, permission: Permission) -> Visit:
        """Return the visit of an operator who may do this.

        Raises:
            SessionMissing: nobody is signed in, or not any more.
            RoleMissing: the operator may not; that somebody tried to do it stands in the audit.
        """
        duty = self.read_duty()
        visit = replace(self, duty=duty, permission=permission)
        try:
            check_may(duty.operator, permission)
        except RoleMissing as error:
            if self.request.method == "POST":
                visit.note_not_done(AuditStep.REFUSED, self.request.url.path, error.code)
            raise
        if duty.session.is_worth_noting(now=self.now):
            visit.services.perform(visit.acting, note_session_used, duty.session.session_hash)
        return visit

    def read_duty(self) -> Duty:
        """Return who is signed in.

        Raises:
            SessionMissing: nobody; the session ended or is over, or the operator may not act any more.
        """
        if self.cookie is None:
            raise SessionMissing
        with self.services.store.read() as stored:
            session = find_duty(self.cookie, stored=stored, keys=self.services.keys)
            operator = stored.operators.get(session.operator)
        if operator is None or not operator.is_active or not session.is_live(now=self.now):
            raise SessionMissing
        return Duty(session, operator)

    @override
    def page(self, template: str, *, because: EztongError | None = None, **context: Any) -> Response:
        """Render a page inside the console's frame, with the navigation of whoever is signed in.

        ``because`` of a refusal it says so in that one's sentence, the ``problem``.
        """
        own: dict[str, Any] = {"operator": None, "menu": [], "tab": None}
        own["problem"] = "" if because is None else sentence_of(because, self)
        own |= {"when": self.when, "stamp": self.stamp, "is_done": self.is_done}
        if self.duty is not None:
            own["operator"] = self.duty.operator
            own["menu"] = [(path, key) for path, key, permission in MENU if self.may(permission)]
        # Not shared.Visit.page(self): with slots the class of a zero-argument super() is another one.
        return shared.Visit.page(self, template, because=because, **(own | context))
