"""A visit to the desk door: a browser's request, and who is on duty behind its cookie."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from typing_extensions import override

from eztong.domain.errors import SessionMissing
from eztong.domain.partners.reach import check_stage
from eztong.pages import visit as shared
from eztong.pages.visit import DoorPlan
from eztong.ports.act import PARTNER
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.desks.sign_in_staff import OnDuty, find_on_duty

STATIC: Final = Path(__file__).parent / "static"
HOME: Final = "/desk"
SIGN_IN: Final = "/desk/sign-in"
SET_UP: Final = "/desk/set-up"
PLACE: Final = "/desk/place"
PLAN: Final = DoorPlan(
    by=PARTNER,
    templates=Path(__file__).parent / "templates",
    cookie="ezt_desk",
    home=HOME,
    sign_in=SIGN_IN,
    advice="incident.advice_desk",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit(shared.Visit):
    """A request of a desk's browser."""

    @property
    @override
    def is_open_to_all(self) -> bool:
        return self.request.url.path in {SIGN_IN, SET_UP}

    def on_duty(self, stored: Repositories) -> OnDuty:
        """Return who is signed in.

        Raises:
            SessionMissing: nobody.
            PartnerNotLive: the partner was approved for the sandbox only.
        """
        if self.cookie is None:
            raise SessionMissing
        on_duty = find_on_duty(self.cookie, stored=stored, keys=self.services.keys, now=self.now)
        check_stage(on_duty.partner, is_sandbox=self.services.deployment.is_sandbox)
        return on_duty

    def read_on_duty(self) -> OnDuty:
        """Return who is signed in, by a read of its own."""
        with self.services.store.read() as stored:
            return self.on_duty(stored)

    @property
    def staff_session(self) -> bytes:
        """The look-up hash of the session that an act is done by; whether it may is found out inside.

        Raises:
            SessionMissing: nobody is signed in.
        """
        return self.read_on_duty().session.session_hash

    @property
    def in_english(self) -> bool:
        """Say whether the page speaks English."""
        return self.words.language == "en"
