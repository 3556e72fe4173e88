"""Portal people: who acts for a partner at its portal, each with a name, a role and a secret of their own.

A person belongs to one partner and signs in as ``name@partner``. Names are unique within the partner alone, so that
none can find out by a refused name who works for another. A name is given once: whoever left keeps theirs.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from eztong.domain.errors import InputInvalid, NotFound, NotPermitted, StateConflict
from eztong.domain.identifiers import PartnerId
from eztong.domain.signed_in import INVITATION_LIFE, SignedInBrowser

LONGEST_NAME: Final = 40
LONGEST_LOGIN: Final = 81
PORTAL_SET_UP_PATH: Final = "/partner/set-up"
"""The page on which the word of an invitation is typed: printed beside it wherever it is given."""

MOST_PEOPLE: Final = 100
"""How many people of a partner may act at a time."""

AT: Final = "@"
_NAME: Final = re.compile(rf"[a-z0-9][a-z0-9._-]{{0,{LONGEST_NAME - 1}}}")
_PARTNER: Final = re.compile(r"[a-z][a-z0-9-]{1,39}")


class PortalRole(StrEnum):
    """What a person may do for their partner. The values stand in databases and in the audit; none is renamed."""

    ADMINISTRATOR = "administrator"
    """Everything, with who else may."""

    DEVELOPER = "developer"
    """API keys and webhooks."""

    AUDITOR = "auditor"
    """Reads everything and takes evidence; changes nothing."""


class PortalState(StrEnum):
    """Whether a person may act."""

    ACTIVE = "active"
    DISABLED = "disabled"


class PortalNameInvalid(InputInvalid):
    """The text cannot be the name of a person at the portal."""

    code = "portal_name_invalid"
    advice = "A name has 1 to 40 small letters, digits, dots, dashes or underscores; at sign-in with @ and the partner."


class PortalNameTaken(StateConflict):
    """The partner has, or had, a person of this name."""

    code = "portal_name_taken"
    advice = "Choose another name; whoever was disabled keeps theirs."


class PortalFull(StateConflict):
    """The partner has as many people at the portal as it may have."""

    code = "portal_full"
    advice = f"Disable whoever does not need it any more; a partner has at most {MOST_PEOPLE} people."


class PortalRefused(NotPermitted):
    """Name, secret and code do not belong together, or the person is disabled: which of them, is not told."""

    code = "portal_refused"
    advice = "Check name, secret and code. An administrator of your organisation can invite you anew."


class NotOneself(StateConflict):
    """Whoever acts would change their own role, or disable or invite themselves."""

    code = "portal_not_oneself"
    advice = "Another administrator of your organisation does that."


class PersonUnknown(NotFound):
    """The partner has no such person."""

    code = "portal_person_unknown"
    advice = "List the people and take the name from there."


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalPerson:
    """A person of a partner at the portal.

    ``secret_hash`` is empty until the person set themselves up. ``added_by`` is the operator, or the person by their
    whole sign-in name.
    """

    partner_id: PartnerId
    name: str
    person_id: str
    role: PortalRole
    state: PortalState
    created_at: datetime
    added_by: str
    secret_hash: str = field(default="", repr=False)
    second_factor: bytes | None = field(default=None, repr=False)
    """The key of the person's authenticator app, sealed; None until it was set up."""

    used_step: int | None = None
    """The half minute whose one-time code was taken last: no code of it, or of one before, is taken again."""

    invite_hash: bytes | None = field(default=None, repr=False)
    """Keyed hash of the word by which the person sets up secret and second factor, once."""

    invite_until: datetime | None = None

    @property
    def login(self) -> str:
        """The name by which the person signs in and stands in the audit."""
        return login_of(self.name, self.partner_id)

    @property
    def is_active(self) -> bool:
        """Say whether the person may act."""
        return self.state is PortalState.ACTIVE

    @property
    def is_set_up(self) -> bool:
        """Say whether the person has a secret and a second factor."""
        return self.second_factor is not None

    @property
    def counts_as_administrator(self) -> bool:
        """Say whether the person can invite others: also one who has not set themselves up yet."""
        return self.is_active and self.role is PortalRole.ADMINISTRATOR

    def is_invited(self, *, now: datetime) -> bool:
        """Say whether a word works for the person."""
        return self.invite_until is not None and now < self.invite_until

    def invited(self, invite_hash: bytes, *, now: datetime) -> PortalPerson:
        """Return the person with a new word of invitation."""
        return replace(self, invite_hash=invite_hash, invite_until=now + INVITATION_LIFE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalSession(SignedInBrowser):
    """A signed-in browser of a person at the portal."""

    partner_id: PartnerId
    name: str


def login_of(name: str, partner_id: PartnerId) -> str:
    """Return the whole sign-in name."""
    return f"{name}{AT}{partner_id}"


def parse_person_name(text: str) -> str:
    """Return a name within a partner; capitals, full width and outer spaces are mended.

    Raises:
        PortalNameInvalid: it cannot be one.
    """
    name = _plain(text)
    if _NAME.fullmatch(name) is None:
        raise PortalNameInvalid
    return name


def parse_login(text: str) -> tuple[str, PartnerId]:
    """Return name and partner of a whole sign-in name.

    Raises:
        PortalNameInvalid: it cannot be one.
    """
    name, _, partner = _plain(text).partition(AT)
    if _NAME.fullmatch(name) is None or _PARTNER.fullmatch(partner) is None:
        raise PortalNameInvalid
    return name, PartnerId(partner)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().lower()
