"""A visit to the console: a browser's request, which operator is behind its cookie, and what they may do."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Concatenate, Final, ParamSpec, TypeVar
from urllib.parse import urlencode

from starlette.responses import Response
from typing_extensions import override

from eztong.domain.addresses.network import network_of
from eztong.domain.errors import EztongError, SessionMissing
from eztong.domain.events import Actor
from eztong.domain.operators.audit import AuditDoor, AuditStep
from eztong.domain.operators.operator import RoleMissing
from eztong.domain.operators.permission import Permission, check_may, may
from eztong.domain.operators.session import SET_UP_PATH
from eztong.http.cookies import CONSOLE_COOKIE
from eztong.http.correlation import request_id
from eztong.i18n.moments import clock_words, date_words, moment_words
from eztong.pages import visit as shared
from eztong.pages.error_pages import sentence_of
from eztong.pages.visit import DoorPlan
from eztong.ports.act import OPERATOR, Act, Acting
from eztong.usecases.operators.note_audit import note_intent, note_not_done
from eztong.usecases.operators.sign_in_operator import Duty, find_duty, note_session_used

P = ParamSpec("P")
T = TypeVar("T")

STATIC: Final = Path(__file__).parent / "static"
HOME: Final = "/console"
SIGN_IN: Final = "/console/sign-in"
SET_UP: Final = SET_UP_PATH
FORM_ONLY: Final = re.compile(
    r"/(?:keys(?:/revoke)?|reveal|roles|disable|end-sessions|sign-out|freeze|restrict|export|notes|measure|appeal|sessions/[^/]+/end)$"
)
"""What the address of a form adds to that of the page it stands on."""

_OWN_PAGE: Final = re.compile(r"/console(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*(?:\?[A-Za-z0-9._~=&%+:-]*)?")
_DONE: Final = "done=yes"
PLAN: Final = DoorPlan(
    by=OPERATOR,
    templates=Path(__file__).parent / "templates",
    cookie=CONSOLE_COOKIE,
    home=HOME,
    sign_in=SIGN_IN,
    advice="incident.advice_desk",
    own_errors="console.",
    uploads=frozenset({"/console/branding"}),
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
    ("/console/branding", "console.menu.branding", Permission.BRANDING_READ),
    ("/console/operations", "console.menu.operations", Permission.SERVICE_READ),
    ("/console/service", "console.menu.service", Permission.SERVICE_READ),
    ("/console/audit", "console.menu.audit", Permission.AUDIT_READ),
    ("/console/me", "console.menu.me", Permission.CONSOLE),
)
"""Every page that stands in the navigation, and who sees it there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit(shared.Visit):
    """A request of an operator's browser. ``duty`` is known on every page but those for whoever is not signed in."""

    duty: Duty | None = None
    permission: Permission | None = None

    @property
    @override
    def is_open_to_all(self) -> bool:
        return self.request.url.path in {SIGN_IN, SET_UP}

    @property
    @override
    def page_of_form(self) -> str:
        path = self.request.url.path
        return path if self.has_page else FORM_ONLY.sub("", path)

    @property
    @override
    def sign_in_page(self) -> str:
        """The sign-in page, which then leads back to this one."""
        url = self.request.url
        back = f"{url.path}?{url.query}" if self.request.method == "GET" and url.query else self.page_of_form
        return SIGN_IN if back == HOME else f"{SIGN_IN}?{urlencode({'next': back})}"

    @property
    def way_back(self) -> str:
        """Where whoever signs in goes on: the page of the console that led here, or what waits."""
        back = self.form.get("next", "") or self.request.query_params.get("next", "")
        return back if _OWN_PAGE.fullmatch(back) else HOME

    @property
    def network(self) -> str:
        """The network that the browser comes from, as limits name it."""
        return network_of(self.address).narrow

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
    def acting(self) -> Acting:
        """Who acts.

        Raises:
            SessionMissing: nobody.
        """
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
                visit._note(AuditStep.REFUSED, permission.value, self.request.url.path, error.code)  # noqa: SLF001 - this very class
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

    def perform(
        self,
        use_case: Callable[Concatenate[Act, P], T],
        /,
        *args: P.args,
        **more: P.kwargs,
    ) -> T:
        """Run a use case as the operator, between an intent and an outcome in the audit; the first argument names it.

        Raises:
            Exception: whatever the use case raised, after nothing of it but the refusal was kept.
        """
        subject = args[0] if args and isinstance(args[0], str) else ""
        return self.audited(lambda: self.services.perform(self.acting, use_case, *args, **more), subject=subject)

    def audited(self, do: Callable[[], T], *, subject: str = "") -> T:
        """Do something as the operator: what is meant stands in the audit before, and a refusal after.

        Raises:
            Exception: what ``do`` raised.
        """
        what = (self.permission or Permission.CONSOLE).value
        self.services.perform(self.acting, note_intent, what, subject)
        try:
            return do()
        except EztongError as error:
            self._note(AuditStep.REFUSED, what, subject, error.code)
            raise
        except Exception as error:
            self._note(AuditStep.FAILED, what, subject, type(error).__name__)
            raise

    def _note(self, step: AuditStep, what: str, subject: str, error: str) -> None:
        self.services.perform(self.acting, note_not_done, step, what, subject=subject, error=error)

    def redirect_done(self, path: str) -> Response:
        """Lead to a page that says that what was asked was done."""
        return self.redirect(f"{path}?{_DONE}")

    def when(self, moment: Any) -> str:  # noqa: ANN401 - a moment, or None where there is none
        """Return a moment in words, or a dash."""
        return "—" if moment is None else moment_words(moment, now=self.now, words=self.words)

    def stamp(self, moment: datetime) -> str:
        """Return a moment to the second, as a log has it."""
        return f"{date_words(moment, words=self.words)} {clock_words(moment)}"

    @override
    def page(self, template: str, *, because: EztongError | None = None, **context: Any) -> Response:
        """Render a page inside the console's frame, with the navigation of whoever is signed in.

        ``because`` of a refusal it says so in that one's sentence, the ``problem``.
        """
        own: dict[str, Any] = {"operator": None, "menu": [], "tab": None}
        own["problem"] = "" if because is None else sentence_of(because, self)
        own |= {"when": self.when, "stamp": self.stamp, "is_done": self.request.url.query == _DONE}
        if self.duty is not None:
            own["operator"] = self.duty.operator
            own["menu"] = [(path, key) for path, key, permission in MENU if self.may(permission)]
        # Not shared.Visit.page(self): with slots the class of a zero-argument super() is another one.
        return shared.Visit.page(self, template, because=because, **(own | context))
