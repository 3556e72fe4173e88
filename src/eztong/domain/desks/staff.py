"""Staff of a partner: who stands at a desk, how they sign in, how long a shift may idle, and the desk's own records.

A staff account belongs to one partner. It never has a say beyond its partner's scenes and desks: what it asks is asked
in the partner's name, by :func:`caller_for`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from eztong.domain.budget import Budget
from eztong.domain.errors import EztongError, InputInvalid, NotPermitted, StateConflict, TooMany
from eztong.domain.identifiers import PartnerId, RequestId, VerificationId
from eztong.domain.partners.partner import ApiKey, Caller, Partner, Scope, check_caller

IDLE_LIFE = timedelta(hours=8)
LONGEST_SHIFT = timedelta(hours=24)
WRONG_TRIES = 5
LOCK_TIME = timedelta(minutes=15)
UNKNOWN_NAMES = Budget("desk_unknown_names", WRONG_TRIES, LOCK_TIME)
"""Tries with a sign-in name that does not exist, for each name."""
SCANS_OF_HOLDER = Budget("desk_requests_of_holder", 20, timedelta(days=1))
"""Requests that one holder opens by the QRs of one partner's counters, each of which that partner's quota counts."""
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 128
LONGEST_LOGIN = 40
_LOGIN = re.compile(rf"[a-z0-9][a-z0-9._-]{{1,{LONGEST_LOGIN - 1}}}")


class SignInWrong(EztongError):
    """Name and password do not belong together. It is not told which of them is wrong, nor whether the name exists."""

    code = "staff_sign_in_wrong"
    advice = "Check name and password. Whoever runs the partner's accounts can set a new password."


class StaffSetUpNeeded(NotPermitted):
    """The password is right, and an authenticator app is demanded that the account does not have yet."""

    code = "staff_set_up_needed"
    advice = "Set up an authenticator app with name and password; then sign in with its code as well."


class StaffLocked(TooMany):
    """Five wrong passwords for one name; the name need not exist."""

    code = "staff_locked"
    advice = "Too many wrong passwords for this name. Wait 15 minutes."


class LoginInvalid(InputInvalid):
    """The text cannot be a sign-in name."""

    code = "staff_login_invalid"
    advice = "A sign-in name has 2 to 40 characters: small letters, digits, dot, dash, underscore."


class LoginTaken(StateConflict):
    """The sign-in name is in use; names are unique in the whole deployment."""

    code = "staff_login_taken"
    advice = "Choose another sign-in name."


class PasswordTooShort(InputInvalid):
    """The password is shorter or longer than allowed."""

    code = "staff_password_length"
    advice = f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters."


class SignUnknown(InputInvalid):
    """The counter's QR code was never printed here, or was replaced."""

    code = "staff_sign_unknown"
    advice = "Ask the staff at the counter: this QR code is no longer in use."


class StaffState(StrEnum):
    """Whether the account may sign in."""

    ACTIVE = "active"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """A staff account. ``label`` says what the partner calls it (a counter or a shift), never who the person is."""

    partner_id: PartnerId
    staff_id: str
    login: str
    label: str
    password_hash: str = field(repr=False)
    state: StaffState
    created_at: datetime
    wrong_tries: int = 0
    locked_until: datetime | None = None
    second_factor: bytes | None = field(default=None, repr=False)
    """The key of the account's authenticator app, sealed; None: the password alone opens it."""

    used_step: int | None = None
    """The half minute whose one-time code was taken last: no code of it, or of one before, is taken again."""

    @property
    def is_set_up(self) -> bool:
        """Say whether the account has an authenticator app."""
        return self.second_factor is not None

    def check_may_try(self, *, now: datetime) -> None:
        """Refuse a try while the account is locked.

        Raises:
            StaffLocked: five wrong passwords, less than fifteen minutes ago.
        """
        if self.locked_until is not None and now < self.locked_until:
            raise StaffLocked(retry_after=int(LOCK_TIME.total_seconds()))

    def after_wrong_password(self, *, now: datetime) -> Staff:
        """Return the account with one more wrong try; the fifth locks it and starts the count again."""
        tries = self.wrong_tries + 1
        if tries < WRONG_TRIES:
            return replace(self, wrong_tries=tries)
        return replace(self, wrong_tries=0, locked_until=now + LOCK_TIME)

    def after_right_password(self) -> Staff:
        """Return the account as a sign-in leaves it."""
        return replace(self, wrong_tries=0, locked_until=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffSession:
    """A signed-in browser at a desk. ``desk`` and ``scene`` are chosen after the password, together."""

    session_hash: bytes = field(repr=False)
    partner_id: PartnerId
    staff_id: str
    desk: str | None
    scene: str | None
    created_at: datetime
    active_at: datetime
    ended_at: datetime | None = None

    @property
    def has_lost_place(self) -> bool:
        """Say whether the desk was ended at which the session worked: the scene stays, as a mark of it."""
        return self.desk is None and self.scene is not None

    def is_live(self, *, now: datetime) -> bool:
        """Say whether the session neither ended, nor idled too long, nor outlasted a shift."""
        return self.ended_at is None and now < self.active_at + IDLE_LIFE and now < self.created_at + LONGEST_SHIFT


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskEntry:
    """One line of a desk's own record: a check by code, or a request that a citizen opened at the counter.

    ``refusal`` is the error's code where a known code was refused, which makes no verification. ``checklist`` names the
    steps that staff ticked off; it holds no personal data.
    """

    partner_id: PartnerId
    desk: str
    entry_id: str
    staff_id: str | None
    scene: str
    verification_id: VerificationId | None
    request_id: RequestId | None
    created_at: datetime
    checklist: str = ""
    refusal: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSign:
    """A printed counter QR. ``token`` stands on the wall for everybody, so it is no secret; it can be revoked."""

    partner_id: PartnerId
    desk: str
    scene: str
    sign_id: str
    token: str
    created_at: datetime
    revoked_at: datetime | None = None


def parse_login(text: str) -> str:
    """Return a sign-in name; capitals and spaces around it are forgiven.

    Raises:
        LoginInvalid: it cannot be one.
    """
    login = text.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise LoginInvalid
    return login


def check_password(text: str) -> str:
    """Return a new password that is long enough.

    Raises:
        PasswordTooShort: it is not, or it is too long to be one.
    """
    if not SHORTEST_PASSWORD <= len(text) <= LONGEST_PASSWORD:
        raise PasswordTooShort
    return text


def caller_for(partner: Partner, staff: Staff, *, now: datetime) -> Caller:
    """Return the partner as it is when this staff member asks; the verification then names the staff account.

    Raises:
        PartnerSuspended: the partner is not ``approved``.
    """
    key = ApiKey(
        key_id=staff.staff_id,
        partner_id=partner.partner_id,
        label=staff.login,
        scopes=frozenset({Scope.VERIFY, Scope.READ, Scope.REQUEST}),
        created_at=staff.created_at,
    )
    return check_caller(partner, key, now=now)
