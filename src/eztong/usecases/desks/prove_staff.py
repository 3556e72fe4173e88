"""Compare what staff typed with their account: slow, so it comes before the act, which asks again whether it holds."""

from __future__ import annotations

from dataclasses import dataclass, field

from eztong.domain.desks.staff import Staff
from eztong.ports.act import Acting
from eztong.ports.services import Services
from eztong.usecases.desks.sign_in_staff import check_unknown_name, refuse_unknown_name


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedAtDesk:
    """What staff typed."""

    login: str
    password: str = field(repr=False)
    code: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenStaff:
    """An account, and what of the typed fits it; ``step`` is the half minute of its app's code, if it is one."""

    staff: Staff
    password_fits: bool
    step: int | None = None


def factor_place(staff: Staff) -> tuple[str, str, str]:
    """Return the place that the key of an account's authenticator app is sealed for."""
    return ("staff", staff.staff_id, "second_factor")


def prove_staff(typed: TypedAtDesk, *, by: Acting, services: Services) -> ProvenStaff:
    """Return the account with what fits of the typed. A name that nobody has costs as much, and is counted.

    Raises:
        SignInWrong: nobody has this name.
        StaffLocked: too many wrong tries with it.
        Busy: no turn to hash; nothing was counted.
    """
    with services.store.read() as stored:
        staff = stored.staff.by_login(typed.login)
        if staff is None:
            check_unknown_name(typed.login, stored=stored, keys=services.keys, now=services.clock.now())
        else:
            staff.check_may_try(now=services.clock.now())
    fits = services.staff_hasher.is_right(typed.password, None if staff is None else staff.password_hash)
    if staff is None:
        raise services.perform(by, refuse_unknown_name, typed.login).error
    step = None
    if staff.second_factor is not None:
        key = services.keys.open(staff.second_factor, place=factor_place(staff))
        step = services.one_time_codes.step_of(key, typed.code)
    return ProvenStaff(staff=staff, password_fits=fits, step=step)
