"""A visit to the citizen door: a browser that may carry a holder's session."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from typing_extensions import override

from eztong.citizen.ways_back import own_path, sign_in_path, unlock_path
from eztong.http.cookies import HOLDER_COOKIE
from eztong.pages import visit as shared
from eztong.ports.repositories import Repositories
from eztong.usecases.find_session import SignedIn, find_session, hash_session

_OPEN_TO_ALL: Final = frozenset({"register", "sign-in", "lost", "recover"})
STATIC: Final = Path(__file__).parent / "static"
DOOR: Final = shared.Door(
    templates=Path(__file__).parent / "templates",
    cookie=HOLDER_COOKIE,
    home="/",
    sign_in="/",
    ways_on={
        "agreement_not_accepted": ("/register", "way.documents"),
        "agreement_changed": ("/register", "way.documents"),
        "already_registered": ("/recover", "way.recover"),
        "device_not_bound": ("/sign-in", "way.sign_in"),
        "holder_frozen": ("/recover", "way.recover"),
        "holder_not_active": ("/register/result", "way.result"),
        "phone_full": ("/register/phone", "way.other_phone"),
        "otp_expired": ("/register/otp", "way.otp"),
        "otp_locked": ("/register/otp", "way.otp"),
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit(shared.Visit):
    """A request of a citizen's browser."""

    @property
    def session_hash(self) -> bytes:
        """The look-up hash of the browser's session."""
        return hash_session(self.token, keys=self.services.keys)

    @property
    @override
    def sign_in_page(self) -> str:
        """The start page for whoever is registering, else the sign-in page, which then leads back to this one."""
        path = self.request.url.path
        return self.house.door.sign_in if path.startswith("/register") else sign_in_path(path)

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

    def signed_in(self, stored: Repositories) -> SignedIn:
        """Return the live session.

        Raises:
            SessionMissing: there is none.
        """
        return find_session(self.session_hash, stored=stored, now=self.now)
