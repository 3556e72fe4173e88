"""A visit to the citizen door: a browser that may carry a holder's session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, TypeVar

import structlog
from starlette.responses import Response
from typing_extensions import override

from eztong.citizen.ways_back import own_path, sign_in_path, unlock_path
from eztong.domain.damage import StoredDamaged
from eztong.domain.errors import EztongError
from eztong.http.cookies import HOLDER_COOKIE
from eztong.http.csrf import csrf_token
from eztong.http.problems import status_and_headers
from eztong.i18n.moments import moment_words
from eztong.pages import visit as shared
from eztong.ports.act import HOLDER
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.find_session import SignedIn, find_bound, find_session, known_hash
from eztong.usecases.contact.cooling import change_for_account
from eztong.usecases.recovery.waiting_recovery import waiting_for_account

T = TypeVar("T")
NOT_BEGUN: Final = "/?not-begun=1"
"""The start page, saying that the step which was asked for has no journey here."""
_OPEN_TO_ALL: Final = frozenset(
    {"deregistration", "feedback", "lost", "notices", "phone", "recover", "register", "sign-in", "take-over"}
)
_log = structlog.get_logger(__name__)
STATIC: Final = Path(__file__).parent / "static"
PLAN: Final = shared.DoorPlan(
    by=HOLDER,
    templates=Path(__file__).parent / "templates",
    cookie=HOLDER_COOKIE,
    home="/",
    sign_in="/",
    ways_on={
        "agreement_not_accepted": ("/register", "way.documents"),
        "agreement_changed": ("/register", "way.documents"),
        "deregistration_over": ("/deregistration/status", "deregister.by_number"),
        "device_not_bound": ("/sign-in", "way.sign_in"),
        "holder_frozen": ("/recover", "way.recover"),
        "leave_waits": ("/me/family", "way.family"),
        "holder_restricted": ("/me/identity", "way.identity"),
        "nothing_passes": ("/me/identity", "way.identity"),
        "holder_not_active": ("/register/result", "way.result"),
        "phone_full": ("/register/phone", "way.other_phone"),
        "otp_expired": ("/register/otp", "way.otp"),
        "otp_locked": ("/register/otp", "way.otp"),
        "recovery_not_due": ("/recover/waiting", "recovering.see"),
        "recovery_over": ("/lost", "way.lost"),
        "freeze_link_over": ("/lost", "way.lost"),
        "account_claimed": ("/me/family", "family.back"),
        "frozen_by_guardian": ("/me/family", "way.family"),
        "contact_cooling": ("/me/phone", "way.phone"),
        "recovery_in_the_way": ("/me/phone", "way.phone"),
        "phone_change_over": ("/me/phone", "way.phone"),
        "field_locked": ("/me/correct", "way.correct"),
    },
)


@dataclass(frozen=True, slots=True)
class RecoveryNotice:
    """What stands on every page while a recovery waits: for the account signed in here, or begun by this browser."""

    is_own: bool
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit(shared.Visit):
    """A request of a citizen's browser."""

    @property
    def session_hash(self) -> bytes:
        """The look-up hash of the browser's session."""
        return known_hash(self.token, store=self.services.store, keys=self.services.keys)

    @property
    @override
    def sign_in_page(self) -> str:
        """The start page for whoever is registering, else the sign-in page, which then leads back to this one."""
        path = self.request.url.path
        return NOT_BEGUN if path.startswith("/register") else sign_in_path(path)

    @property
    @override
    def unlock_page(self) -> str:
        """The page that unlocks, and then leads back to this one."""
        return unlock_path(self.request.url.path)

    @property
    @override
    def page_of_form(self) -> str:
        """The address of the page that a form of this request stands on."""
        path = self.request.url.path
        return path if self.has_page else own_path(path)

    @property
    @override
    def is_open_to_all(self) -> bool:
        """Say whether the page asks for no session: registering, signing in, freezing and recovering begin without."""
        return self.request.url.path.split("/")[1] in _OPEN_TO_ALL

    @override
    def page(self, template: str, *, status: int = 200, because: EztongError | None = None, **context: Any) -> Response:
        """Render a page without a form of its own; what waits for the account stands on it with its button."""
        notice, phone = None, None
        # A page about the service's own trouble asks the store for nothing.
        said = status if because is None else status_and_headers(because)[0]
        if self.cookie is not None and said < HTTPStatus.INTERNAL_SERVER_ERROR:
            notice, phone = self._recovery_notice(), self._phone_notice()
        shown: dict[str, Any] = {"recovery_notice": notice, "recovery_told": False}
        shown |= {"phone_notice": phone, "phone_told": False}
        if notice is not None or phone is not None:
            shown["csrf"] = csrf_token(self.token, keys=self.services.keys)
        # Named, because a dataclass with slots is another class than the one that super() would look for.
        return shared.Visit.page(self, template, status=status, because=because, **(shown | context))

    def _recovery_notice(self) -> RecoveryNotice | None:
        of_account = self.beside(lambda stored: waiting_for_account(self.session_hash, stored=stored, now=self.now))
        waiting = of_account or self.beside(lambda stored: stored.recoveries.of_session(self.session_hash))
        if waiting is None or not waiting.is_waiting(now=self.now):
            return None
        until = moment_words(waiting.due_at, now=self.now, words=self.words)
        return RecoveryNotice(is_own=of_account is None, until=until)

    def _phone_notice(self) -> str | None:
        """Return when a change of the phone that waits takes effect, in words."""
        keys = self.services.keys
        waiting = self.beside(lambda at: change_for_account(self.session_hash, stored=at, keys=keys, now=self.now))
        if waiting is None or waiting.until is None:
            return None
        return moment_words(waiting.until, now=self.now, words=self.words)

    def beside(self, look: Callable[[Repositories], T]) -> T | None:
        """Return what stands on a page beside what it is for; nothing, which is logged, where it cannot be read."""
        try:
            with self.services.store.read() as stored:
                return look(stored)
        except StoredDamaged as error:
            _log.warning("left_out_of_page", problem=error.code)
            return None

    def bound(self, stored: Repositories) -> SignedIn:
        """Return the live session of an account on its bound device: what an own page is shown to.

        Raises:
            SessionMissing, HolderNotActive, DeviceNotBound: this browser is shown nothing.
        """
        return find_bound(self.session_hash, stored=stored, now=self.now)

    def signed_in(self, stored: Repositories) -> SignedIn:
        """Return the live session, of an account or an application, on whatever device.

        Raises:
            SessionMissing: there is none.
        """
        return find_session(self.session_hash, stored=stored, now=self.now)
