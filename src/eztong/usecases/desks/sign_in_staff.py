"""Sign staff in and out, know them again by their cookie, and note where they stand."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from eztong.domain.desks.staff import (
    LOCK_TIME,
    UNKNOWN_NAMES,
    SignInWrong,
    Staff,
    StaffLocked,
    StaffSession,
    StaffSetUpNeeded,
    StaffState,
    caller_for,
)
from eztong.domain.errors import DeskUnknown, SceneNotAllowed, SessionMissing
from eztong.domain.partners.partner import Caller, Partner, PartnerState
from eztong.ports.act import Act
from eztong.ports.keys import Keys, MacPurpose
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.desks.factor_rules import rule_of
from eztong.usecases.refusal import Refused
from eztong.usecases.spend_budget import count, spent

_CONTEXT = b"desk-session\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInStaff:
    """A try to sign in. Whether the password fits was found out before: hashing is slow.

    ``step`` is the half minute whose code of the account's app was typed; None: no code of it, or it has no app.
    """

    staff: Staff
    password_fits: bool
    token: str = field(repr=False)
    step: int | None = None


@dataclass(frozen=True, slots=True)
class OnDuty:
    """A live session with its account and partner."""

    session: StaffSession
    staff: Staff
    partner: Partner

    def caller(self, *, now: datetime) -> Caller:
        """Return the partner as this staff member asks in its name."""
        return caller_for(self.partner, self.staff, now=now)


def hash_desk_session(token: str, *, keys: Keys) -> bytes:
    """Return the look-up hash of a cookie's token under the active key."""
    return keys.mac(MacPurpose.SESSION, _CONTEXT + token.encode())


def sign_in_staff(act: Act, command: SignInStaff) -> StaffSession | Refused:
    """Begin a session under a fresh token, or count a wrong try.

    1. A locked account takes no password, not even the right one.
    2. Password and code of the app, where the account has one, are judged together: no answer tells which is wrong.
    3. A wrong try is counted; the fifth locks the account for fifteen minutes.
    4. A disabled account answers and counts like a wrong password. A code is taken once, and none from before it.
    5. An account without an app, where one is demanded, is sent to set it up; nothing is changed.
    6. What is right forgets the wrong tries and begins a session.

    Raises:
        StaffLocked, StaffSetUpNeeded: nothing was changed.
    """
    staff = find_to_prove(act, command.staff)
    # What was compared must still be the account's: a reset in between wins.
    fits = command.password_fits and _is_as_seen(staff, command.staff) and is_usable(staff, stored=act.uow)
    if not (fits and _takes_code(act, staff, command.step)):
        return refuse_staff(act, staff)
    partner = act.uow.partners.get(staff.partner_id)
    if not staff.is_set_up and partner is not None and rule_of(partner, stored=act.uow).is_demanded:
        raise StaffSetUpNeeded
    return begin_staff_session(act, staff, command.token)


def find_to_prove(act: Act, seen: Staff) -> Staff:
    """Return the account as it is now, if it may be tried.

    Raises:
        SignInWrong: it is gone.
        StaffLocked: it is locked.
    """
    staff = act.uow.staff.get(seen.partner_id, seen.staff_id)
    if staff is None:
        raise SignInWrong
    staff.check_may_try(now=act.now)
    return staff


def is_usable(staff: Staff, *, stored: Repositories) -> bool:
    """Say whether account and partner may act."""
    partner = stored.partners.get(staff.partner_id)
    return staff.state is StaffState.ACTIVE and partner is not None and partner.state is PartnerState.APPROVED


def refuse_staff(act: Act, staff: Staff) -> Refused:
    """Count a wrong try with the account, and refuse it."""
    act.uow.staff.set_tries(staff.after_wrong_password(now=act.now), expected=staff.wrong_tries)
    return Refused(SignInWrong())


def begin_staff_session(act: Act, staff: Staff, token: str) -> StaffSession:
    """Forget wrong tries and store a session, without a place, of an account that was proven in this act."""
    act.uow.staff.set_tries(staff.after_right_password(), expected=staff.wrong_tries)
    session = StaffSession(
        session_hash=hash_desk_session(token, keys=act.keys),
        partner_id=staff.partner_id,
        staff_id=staff.staff_id,
        desk=None,
        scene=None,
        created_at=act.now,
        active_at=act.now,
    )
    act.uow.staff.add_session(session)
    return session


def _is_as_seen(staff: Staff, seen: Staff) -> bool:
    return (staff.password_hash, staff.second_factor) == (seen.password_hash, seen.second_factor)


def _takes_code(act: Act, staff: Staff, step: int | None) -> bool:
    return not staff.is_set_up or (step is not None and act.uow.staff.use_step(staff, step))


def check_unknown_name(login: str, *, stored: Repositories, keys: Keys, now: datetime) -> None:
    """Refuse a name that does not exist as one that does: after as many tries.

    Raises:
        StaffLocked: too many tries with this name.
    """
    if spent(UNKNOWN_NAMES, login.encode(), stored=stored, keys=keys, now=now) >= UNKNOWN_NAMES.amount:
        raise StaffLocked(retry_after=int(LOCK_TIME.total_seconds()))


def refuse_unknown_name(act: Act, login: str) -> Refused:
    """Count a try with a name that does not exist: as much work as a wrong password takes."""
    count(act, UNKNOWN_NAMES, login.encode())
    return Refused(SignInWrong())


def find_on_duty(token: str, *, stored: Repositories, keys: Keys, now: datetime) -> OnDuty:
    """Return who is signed in behind a cookie.

    Raises:
        SessionMissing: as :func:`find_duty` says.
    """
    for session_hash in keys.macs(MacPurpose.SESSION, _CONTEXT + token.encode()):
        if stored.staff.session(session_hash) is not None:
            return find_duty(session_hash, stored=stored, now=now)
    raise SessionMissing


def find_duty(staff_session: bytes, *, stored: Repositories, now: datetime) -> OnDuty:
    """Return who is signed in by this session, named by its look-up hash.

    Raises:
        SessionMissing: none, ended, idle too long; or account or partner may no longer act.
    """
    session = stored.staff.session(staff_session)
    if session is None:
        raise SessionMissing
    staff = stored.staff.get(session.partner_id, session.staff_id)
    partner = stored.partners.get(session.partner_id)
    if not session.is_live(now=now) or staff is None or staff.state is not StaffState.ACTIVE:
        raise SessionMissing
    if partner is None or partner.state is not PartnerState.APPROVED:
        raise SessionMissing
    return OnDuty(session, staff, partner)


def take_place(act: Act, staff_session: bytes, *, desk: str, scene: str) -> OnDuty:
    """Note the desk and scene that the session works at.

    Raises:
        SessionMissing: the session was ended.
        DeskUnknown, SceneNotAllowed: not this partner's.
    """
    on_duty = find_duty(staff_session, stored=act.uow, now=act.now)
    partner_id = on_duty.partner.partner_id
    if not act.uow.partners.has_desk(partner_id, desk):
        raise DeskUnknown
    if act.uow.partners.scene(partner_id, scene) is None:
        raise SceneNotAllowed
    session = replace(on_duty.session, desk=desk, scene=scene, active_at=act.now)
    if not act.uow.staff.update_session(session):
        raise SessionMissing
    return replace(on_duty, session=session)


def sign_out_staff(act: Act, staff_session: bytes) -> None:
    """End the session.

    Raises:
        SessionMissing: it was ended before.
    """
    on_duty = find_duty(staff_session, stored=act.uow, now=act.now)
    if not act.uow.staff.update_session(replace(on_duty.session, ended_at=act.now)):
        raise SessionMissing
