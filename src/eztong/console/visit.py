"""A visit to the console: a browser's request, which operator is behind its cookie, and what they may do."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from starlette.responses import Response
from typing_extensions import override

from eztong.domain.errors import EztongError, SessionMissing
from eztong.domain.events import Actor
from eztong.domain.operators.audit import AuditDoor, AuditStep
from eztong.domain.operators.break_glass import BreakGlass
from eztong.domain.operators.operator import RoleMissing
from eztong.domain.operators.permission import GRAVE, Permission, check_may, may
from eztong.domain.operators.session import SET_UP_PATH
from eztong.http.cookies import CONSOLE_COOKIE
from eztong.http.correlation import request_id
from eztong.http.csrf import CSRF_FIELD
from eztong.pages import visit as shared
from eztong.pages.error_pages import sentence_of
from eztong.pages.staff_visit import StaffVisit
from eztong.pages.visit import DoorPlan
from eztong.ports.act import OPERATOR, Acting
from eztong.usecases.operators.sign_in_operator import Duty, find_duty, note_session_used

HOME: Final = "/console"
SIGN_IN: Final = "/console/sign-in"
SET_UP: Final = SET_UP_PATH
ME: Final = "/console/me"
CONFIRM: Final = "/console/confirm"
EMERGENCY: Final = "/console/emergency"
PASSKEY_ENTRY: Final = f"{SIGN_IN}/passkey"
FORM_ONLY: Final = re.compile(
    r"(?:/(?:keys(?:/revoke)?|people|reveal(?:/propose)?|roles|disable|end-sessions|sign-out|freeze|restrict|export|pack|notes|measure"
    r"|appeal|bulk(?:/apply)?|sessions/[^/]+/end|passkeys(?:/options|/[^/]+/remove)?|backup-codes|passkey(?:/options)?)"
    r"|(?<=/emergency)/[^/]+/(?:end|review))$"
)
"""What the address of a form adds to that of the page it stands on."""

_MOST_GLASSES: Final = 3
TWICE: Final = "sent=twice"
"""What the address of a page says to which a form led that had been sent before."""

_LONGEST_PLACE: Final = 15
_MILLI: Final = 1_000
_WORD_BYTES: Final = 12
_BETWEEN: Final = "."
PLAN: Final = DoorPlan(
    by=OPERATOR,
    templates=Path(__file__).parent / "templates",
    cookie=CONSOLE_COOKIE,
    home=HOME,
    sign_in=SIGN_IN,
    advice="incident.advice_desk",
    own_errors="console.",
    error_template="visit_error.html",
    uploads=frozenset({"/console/branding"}),
    long_forms=dict.fromkeys(
        [f"/console/{queue}/{form}" for queue in ("tickets", "applications") for form in ("bulk", "bulk/apply")], 80
    ),
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
    ("/console/agreements", "console.menu.agreements", Permission.AGREEMENTS_READ),
    ("/console/policy", "console.menu.policy", Permission.POLICY_READ),
    ("/console/partners", "console.menu.partners", Permission.PARTNERS_READ),
    ("/console/operators", "console.menu.operators", Permission.OPERATORS_READ),
    ("/console/branding", "console.menu.branding", Permission.BRANDING_READ),
    ("/console/texts", "console.menu.texts", Permission.TEXTS_READ),
    ("/console/operations", "console.menu.operations", Permission.SERVICE_READ),
    (EMERGENCY, "console.menu.emergency", Permission.BREAK_GLASS_READ),
    ("/console/service", "console.menu.service", Permission.SERVICE_READ),
    ("/console/keys", "console.menu.keys", Permission.KEYS_READ),
    ("/console/audit", "console.menu.audit", Permission.AUDIT_READ),
    ("/console/me", "console.menu.me", Permission.CONSOLE),
)
"""Every page that stands in the navigation, and who sees it there."""


def cursor(at: datetime | int, last: str) -> str:
    """Return what the address of the next page says: where the last row of this one stands, and its id."""
    return f"{at if isinstance(at, int) else int(at.timestamp() * 1000)}-{last}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit(StaffVisit):
    """A request of an operator's browser. ``duty`` is known on every page but those for whoever is not signed in."""

    duty: Duty | None = None
    permission: Permission | None = None
    refused: EztongError | None = None
    """What a form of this page was refused for; the page says it, and shows what was filled in."""

    @property
    @override
    def is_open_to_all(self) -> bool:
        return self.request.url.path in {SIGN_IN, SET_UP, PASSKEY_ENTRY, f"{PASSKEY_ENTRY}/options"}

    @property
    @override
    def forms(self) -> re.Pattern[str]:
        return FORM_ONLY

    @property
    @override
    def doing(self) -> str:
        return (self.permission or Permission.CONSOLE).value

    @property
    @override
    def is_grave(self) -> bool:
        return self.permission in GRAVE

    @property
    @override
    def is_proven(self) -> bool:
        return self.on_duty.session.is_proven(now=self.now)

    @property
    def form_word(self) -> str:
        """The word that a form's page was shown with: by it a second press is known from another form."""
        return self.form.get(CSRF_FIELD, "").partition(_BETWEEN)[2]

    @override
    def form_token(self) -> str:
        word = self.services.entropy.token(_WORD_BYTES).hex()
        return f"{shared.Visit.form_token(self)}{_BETWEEN}{word}"

    @override
    def check_form(self) -> None:
        token = self.form.get(CSRF_FIELD, "").partition(_BETWEEN)[0]
        shared.Visit.check_form(replace(self, form={**self.form, CSRF_FIELD: token}))

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
        duty = self.on_duty
        return replace(self.at, name=duty.operator.name, session=duty.session.session_hash)

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

    def after(self) -> tuple[int, str] | None:
        """Return behind which row of a queue the page begins, as the page before says; None: at the first."""
        at, _, last = self.request.query_params.get("after", "").partition("-")
        return (int(at), last) if at.isascii() and at.isdigit() and len(at) <= _LONGEST_PLACE else None

    def seen_at(self) -> datetime | None:
        """Return when the page was shown that this form stands on, as it says; None if it says nothing of the kind.

        Whoever writes something else there deceives nobody but themselves.
        """
        typed = self.form.get("seen", "")
        if not (typed.isascii() and typed.isdigit() and len(typed) < _LONGEST_PLACE):
            return None
        return datetime.fromtimestamp(int(typed) / _MILLI, UTC)

    def _duty_of_error(self, because: EztongError | None) -> Duty | None:
        """Return who is signed in on the page of an error, so that it keeps the navigation; None if that is unsure."""
        if because is None or self.is_open_to_all or isinstance(because, SessionMissing):
            return None
        try:
            return self.read_duty()
        except EztongError:
            return None

    def _glasses(self) -> list[tuple[BreakGlass, bool]]:
        """Return the emergencies that nobody has reviewed: everybody who is signed in hears of them."""
        with self.services.store.read() as stored:
            waiting = stored.break_glasses.unreviewed(limit=_MOST_GLASSES).those
        return [(one, one.is_open(now=self.now)) for one in waiting]

    @override
    def page(self, template: str, *, because: EztongError | None = None, **context: Any) -> Response:
        """Render a page inside the console's frame, with the navigation of whoever is signed in.

        ``because`` of a refusal it says so in that one's sentence, the ``problem``.
        """
        because = because or self.refused
        own: dict[str, Any] = {
            "operator": None,
            "menu": [],
            "tab": None,
            "glasses": [],
            "is_form": self.request.method == "POST",
        }
        own["problem"] = "" if because is None else sentence_of(because, self)
        own |= {
            "seen": str(round(self.now.timestamp() * _MILLI)),
            "now": self.now,
            "when": self.when,
            "stamp": self.stamp,
            "is_done": self.is_done,
        }
        duty = self.duty or self._duty_of_error(because)
        if duty is not None:
            own["operator"] = duty.operator
            own["menu"] = [(path, key) for path, key, permission in MENU if may(duty.operator, permission)]
            own["glasses"] = self._glasses()
            # Every page of whoever is signed in has forms: to find, and to sign out.
            own["csrf"] = self.form_token()
        own["may_find"] = duty is not None and may(duty.operator, Permission.TICKETS_READ)
        own["is_twice"] = self.request.url.query == TWICE
        # Not shared.Visit.page(self): with slots the class of a zero-argument super() is another one.
        return shared.Visit.page(self, template, because=because, **(own | context))
