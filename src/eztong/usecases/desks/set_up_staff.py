"""Set an account of desk staff up with an authenticator app, and a password that nobody else knows.

The password that the account was given with takes the place of an invitation's word: with it the app is set up once.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from eztong.domain.desks.staff import SignInWrong, Staff, StaffSession
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.operators.session import InvitationRefused
from eztong.ports.act import Act, Acting
from eztong.ports.services import Services
from eztong.usecases.desks.prove_staff import ProvenStaff, TypedAtDesk, factor_place, prove_staff
from eztong.usecases.desks.sign_in_staff import begin_staff_session, find_to_prove, is_usable, refuse_staff
from eztong.usecases.draw_password import make_password
from eztong.usecases.partners.attest_partner import attest_partner
from eztong.usecases.refusal import Refused, accepted
from eztong.usecases.set_up_offer import SetUpOffer, check_offer, draw_offer, take_offer


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUpStaff:
    """What was typed: the password of now, the app's first code; and the offer as it came back."""

    password: str = field(repr=False)
    offer: SetUpOffer
    code: str = field(repr=False)
    token: str = field(repr=False)


def offer_to_staff(typed: TypedAtDesk, *, by: Acting, services: Services) -> SetUpOffer:
    """Draw a new password and an app's key for whoever knows the account's password. Nothing is stored yet.

    Raises:
        SignInWrong: name and password do not belong together, or the account has an app; counted as at sign-in.
        StaffLocked, Busy: as :func:`~eztong.usecases.desks.prove_staff.prove_staff` says.
    """
    proven = prove_staff(typed, by=by, services=services)
    accepted(services.perform(by, _judge, proven))
    return draw_offer(proven.staff.login, make_password(entropy=services.entropy), services=services)


def set_up_staff(command: SetUpStaff, *, by: Acting, services: Services) -> StaffSession:
    """Give the account the offered password and app, end the sessions of before, and begin one.

    Raises:
        SignInWrong, StaffLocked, Busy: as :func:`offer_to_staff` says; also of an offer that is over or not ours.
        OneTimeCodeWrong: the app shows other digits; the offer stands.
    """
    login = command.offer.name
    proven = prove_staff(TypedAtDesk(login=login, password=command.password), by=by, services=services)
    accepted(services.perform(by, _judge, proven))
    try:
        check_offer(command.offer, proven.staff.login, services=services)
    except InvitationRefused:
        raise SignInWrong from None
    taken = take_offer(command.offer, command.code, place=factor_place(proven.staff), services=services)
    made = replace(
        proven.staff, password_hash=taken.secret_hash, second_factor=taken.second_factor, used_step=taken.step
    )
    return accepted(services.perform(by, _set_up, proven, made, token=command.token))


def _judge(act: Act, proven: ProvenStaff) -> Staff | Refused:
    staff = find_to_prove(act, proven.staff)
    may = proven.password_fits and staff.password_hash == proven.staff.password_hash and not staff.is_set_up
    if not may or not is_usable(staff, stored=act.uow):
        return refuse_staff(act, staff)
    return staff


def _set_up(act: Act, proven: ProvenStaff, made: Staff, *, token: str) -> StaffSession | Refused:
    staff = _judge(act, proven)
    if isinstance(staff, Refused):
        return staff
    act.uow.staff.set_up(made, seen=staff.password_hash)
    act.uow.staff.end_sessions(staff.partner_id, staff.staff_id, now=act.now)
    facts = {"staff": staff.staff_id, "what": "staff_factor_set_up"}
    attest_partner(act, staff.partner_id, ActKind.PARTNER_CHANGED, facts=facts)
    return begin_staff_session(act, staff, token)
