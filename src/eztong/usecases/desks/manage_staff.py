"""Make, reset and disable staff accounts. Passwords come hashed: hashing is slow and stays out of the unit of work."""

from __future__ import annotations

from dataclasses import replace

from eztong.domain.desks.staff import LoginTaken, Staff, StaffState, parse_login
from eztong.domain.errors import NotFound
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.free_text import parse_line
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.life_cycle import check_not_closed
from eztong.domain.portal.permission import PortalPermission
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.naming import new_id
from eztong.usecases.partners.attest_partner import attest_partner
from eztong.usecases.partners.find_partner import find_partner
from eztong.usecases.portal.check_person import check_keeps


def create_staff(act: Act, partner_id: PartnerId, *, login: str, label: str, password_hash: str) -> Staff:
    """Make an account.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, PortalRoleMissing, PortalNotOpen: whoever acts may not.
        NotFound: no such partner.
        PartnerStateConflict: the partner is closed.
        LoginInvalid, LoginTaken: the sign-in name.
    """
    check_keeps(act, partner_id, PortalPermission.DESKS_KEEP, login)
    check_not_closed(find_partner(partner_id, stored=act.uow))
    name = parse_login(login)
    if act.uow.staff.by_login(name) is not None:
        raise LoginTaken
    staff = Staff(
        partner_id=partner_id,
        staff_id=new_id(act, "stf"),
        login=name,
        label=parse_line(label),
        password_hash=password_hash,
        state=StaffState.ACTIVE,
        created_at=act.now,
    )
    act.uow.staff.add(staff)
    _attest(act, staff, what="added")
    return staff


def find_staff(partner_id: PartnerId, *, login: str, stored: Repositories) -> Staff:
    """Return the partner's account.

    Raises:
        NotFound: the partner has no account of this name.
    """
    staff = stored.staff.by_login(login.strip().lower())
    if staff is None or staff.partner_id != partner_id:
        raise NotFound("This partner has no such staff account.")
    return staff


def reset_password(
    act: Act, partner_id: PartnerId, *, login: str, password_hash: str, factor_too: bool = False
) -> Staff:
    """Give the account a new password; it may sign in again, and whoever is signed in with the old one is not.

    With ``factor_too`` its authenticator app is taken away as well: the way back for who lost it. Never the app alone,
    since whoever knew the password could then set up one of their own.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, PortalRoleMissing, PortalNotOpen: whoever acts may not.
        NotFound: the partner has no account of this name.
        PartnerStateConflict: the partner is closed.
    """
    check_keeps(act, partner_id, PortalPermission.DESKS_KEEP, login)
    check_not_closed(find_partner(partner_id, stored=act.uow))
    staff = find_staff(partner_id, login=login, stored=act.uow)
    act.uow.staff.set_password(staff, password_hash)
    act.uow.staff.set_state(staff, StaffState.ACTIVE)
    if factor_too:
        act.uow.staff.drop_factor(staff)
        staff = replace(staff, second_factor=None, used_step=None)
    act.uow.staff.end_sessions(partner_id, staff.staff_id, now=act.now)
    _attest(act, staff, what="password_and_factor" if factor_too else "password")
    return replace(staff, state=StaffState.ACTIVE)


def disable_staff(act: Act, partner_id: PartnerId, *, login: str) -> Staff:
    """Disable the account: its sessions end at once.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, PortalRoleMissing, PortalNotOpen: whoever acts may not.
        NotFound: the partner has no account of this name.
    """
    check_keeps(act, partner_id, PortalPermission.STAFF_END, login)
    staff = find_staff(partner_id, login=login, stored=act.uow)
    act.uow.staff.set_state(staff, StaffState.DISABLED)
    act.uow.staff.end_sessions(partner_id, staff.staff_id, now=act.now)
    _attest(act, staff, what="disabled")
    return staff


def _attest(act: Act, staff: Staff, *, what: str) -> None:
    facts = {"staff": staff.staff_id, "what": what}
    attest_partner(act, staff.partner_id, ActKind.PARTNER_CHANGED, facts=facts)
