"""A visit to the partner portal: a browser's request, which person of which partner is behind its cookie."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from starlette.responses import Response
from typing_extensions import override

from eztong.domain.errors import EztongError, SessionMissing
from eztong.domain.events import Actor
from eztong.domain.identifiers import PartnerId
from eztong.domain.operators.audit import AuditDoor, AuditStep
from eztong.domain.portal.permission import GRAVE, PortalNotOpen, PortalPermission, PortalRoleMissing, check_may, may
from eztong.domain.portal.person import PORTAL_SET_UP_PATH
from eztong.http.cookies import PORTAL_COOKIE
from eztong.http.correlation import request_id
from eztong.pages import visit as shared
from eztong.pages.error_pages import sentence_of
from eztong.pages.staff_visit import StaffVisit
from eztong.pages.visit import DoorPlan
from eztong.ports.act import PARTNER, Acting
from eztong.ports.limiter import Limit
from eztong.usecases.portal.sign_in_person import AtPortal, find_at_portal, note_portal_use

_P: Final = PortalPermission
MOST_FIELDS: Final = 90
"""Fields of an application with four scenes, and some more."""
HOME: Final = "/partner"
SIGN_IN: Final = "/partner/sign-in"
CONFIRM: Final = "/partner/confirm"
SET_UP: Final = PORTAL_SET_UP_PATH
APPLY: Final = "/partner/apply"
APPLY_STATE: Final = f"{APPLY}/state"
OPEN_TO_ALL: Final = frozenset({SIGN_IN, SET_UP, APPLY, APPLY_STATE})
"""Pages for whoever is not signed in."""

FORM_ONLY: Final = re.compile(
    r"/(?:sign-out|evidence|factor|end|open|staff|staff/[^/]+|role|disable|end-sessions|invite|change|secret|sessions/[^/]+/end)$"
)
"""What the address of a form adds to that of the page it stands on."""

FORMS: Final = Limit("portal_forms", 120, 60)
"""What one person sends in a minute."""

PLAN: Final = DoorPlan(
    by=PARTNER,
    templates=Path(__file__).parent / "templates",
    cookie=PORTAL_COOKIE,
    home=HOME,
    sign_in=SIGN_IN,
    advice="incident.advice_desk",
    own_errors="portal.",
    long_forms={APPLY: MOST_FIELDS, APPLY_STATE: MOST_FIELDS},
)
MENU: Final = (
    (HOME, "portal.menu.home", _P.HOME),
    ("/partner/verifications", "portal.menu.verifications", _P.VERIFICATIONS_READ),
    ("/partner/usage", "portal.menu.usage", _P.USAGE_READ),
    ("/partner/keys", "portal.menu.keys", _P.KEYS_READ),
    ("/partner/webhooks", "portal.menu.webhooks", _P.WEBHOOKS_READ),
    ("/partner/desks", "portal.menu.desks", _P.DESKS_READ),
    ("/partner/people", "portal.menu.people", _P.PEOPLE_READ),
    ("/partner/me", "portal.menu.me", _P.HOME),
)
"""Every page that stands in the navigation, and who sees it there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit(StaffVisit):
    """A request of a browser at the portal. ``at_portal`` is known on every page for whoever is signed in.

    No address names a partner: whose pages these are, the session says alone.
    """

    at_portal: AtPortal | None = None
    permission: PortalPermission | None = None

    @property
    @override
    def is_open_to_all(self) -> bool:
        return self.request.url.path in OPEN_TO_ALL

    @property
    @override
    def forms(self) -> re.Pattern[str]:
        return FORM_ONLY

    @property
    @override
    def doing(self) -> str:
        return (self.permission or PortalPermission.HOME).value

    @property
    @override
    def is_grave(self) -> bool:
        return self.permission in GRAVE

    @property
    @override
    def is_proven(self) -> bool:
        return self.signed_in.session.is_proven(now=self.now)

    @property
    def at(self) -> Acting:
        """This door and request, with nobody in particular."""
        return Acting(Actor.PARTNER, door=AuditDoor.PORTAL, correlation=request_id(self.request.scope))

    @property
    def signed_in(self) -> AtPortal:
        """Who is signed in.

        Raises:
            SessionMissing: nobody.
        """
        if self.at_portal is None:
            raise SessionMissing
        return self.at_portal

    @property
    def partner_id(self) -> PartnerId:
        """Whose pages these are."""
        return self.signed_in.person.partner_id

    @property
    @override
    def acting(self) -> Acting:
        found = self.signed_in
        return replace(self.at, name=found.person.login, session=found.session.session_hash)

    def may(self, permission: PortalPermission) -> bool:
        """Say whether whoever is signed in may do this now."""
        return may(self.signed_in.person, permission, state=self.signed_in.partner.state)

    def admitted(self, permission: PortalPermission) -> Visit:
        """Return the visit of somebody who may do this.

        Forms are counted: each writes into the audit, also one that is refused, and people of partners are strangers.

        Raises:
            TooMany: more forms in a minute than anybody fills in.
            SessionMissing: nobody is signed in, or not any more.
            PortalRoleMissing, PortalNotOpen: they may not; that somebody tried to do it stands in the audit.
        """
        found = self.read_session()
        visit = replace(self, at_portal=found, permission=permission)
        if self.request.method == "POST":
            self.services.limiter.hit(FORMS, found.person.login)
        try:
            check_may(found.person, permission, state=found.partner.state)
        except (PortalRoleMissing, PortalNotOpen) as error:
            if self.request.method == "POST":
                visit.note_not_done(AuditStep.REFUSED, self.request.url.path, error.code)
            raise
        if found.session.is_worth_noting(now=self.now):
            visit.services.perform(visit.acting, note_portal_use, found.session.session_hash)
        return visit

    def read_session(self) -> AtPortal:
        """Return who is signed in.

        Raises:
            SessionMissing: nobody; the session ended or is over, or the person may not act any more.
        """
        if self.cookie is None:
            raise SessionMissing
        with self.services.store.read() as stored:
            found = find_at_portal(self.cookie, stored=stored, keys=self.services.keys)
        if not found.person.is_active or not found.session.is_live(now=self.now):
            raise SessionMissing
        return found

    @override
    def page(self, template: str, *, because: EztongError | None = None, **context: Any) -> Response:
        """Render a page inside the portal's frame, with the navigation of whoever is signed in.

        ``because`` of a refusal it says so in that one's sentence, the ``problem``.
        """
        own: dict[str, Any] = {"person": None, "partner": None, "menu": [], "tab": None, "may": self.may, "can": _P}
        own["problem"] = "" if because is None else sentence_of(because, self)
        own |= {"when": self.when, "stamp": self.stamp, "is_done": self.is_done}
        if self.at_portal is not None:
            own |= {"person": self.at_portal.person, "partner": self.at_portal.partner, "csrf": self.form_token()}
            own["menu"] = [(path, key) for path, key, permission in MENU if self.may(permission)]
        # Not StaffVisit.page(self): with slots the class of a zero-argument super() is another one.
        return shared.Visit.page(self, template, because=because, **(own | context))
