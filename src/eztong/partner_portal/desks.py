"""The partner's desks and the accounts of the staff who stand there: which there are, adding and ending them."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from eztong.domain.desks.staff import Staff, StaffState
from eztong.domain.errors import EztongError, InputInvalid, NotFound
from eztong.domain.portal.permission import PortalPermission
from eztong.http.cookies import new_token
from eztong.partner_portal.visit import Visit
from eztong.ports.secret_hasher import SALT_BYTES
from eztong.usecases.desks.factor_rules import rule_of, want_factor
from eztong.usecases.desks.manage_staff import create_staff, disable_staff, find_staff, reset_password
from eztong.usecases.draw_password import password_of_form
from eztong.usecases.partners.register_desk import register_desk

HOME: Final = "/partner/desks"
_LONGEST: Final = 80


def show(visit: Visit) -> Response:
    """List desks and accounts, with the forms for new ones."""
    return _list(visit)


def add_desk(visit: Visit) -> Response:
    """Add a desk."""
    desk, name = _typed(visit, "desk"), _typed(visit, "desk_name")
    try:
        if not name:
            raise InputInvalid("A desk has a name.")
        services, by, partner_id = visit.services, visit.acting, visit.partner_id
        visit.audited(lambda: services.perform(by, register_desk, partner_id, desk, name), subject=desk)
    except EztongError as error:
        return _list(visit, error=error, opened="desk")
    return visit.redirect_done(HOME)


def choose_factor(visit: Visit) -> Response:
    """Want an authenticator app of all staff, or leave it to each account."""
    services, partner_id, is_wanted = visit.services, visit.partner_id, visit.form.get("factor") == "yes"
    try:
        visit.audited(
            lambda: services.perform(visit.acting, want_factor, partner_id, is_wanted=is_wanted), subject=partner_id
        )
    except EztongError as error:
        return _list(visit, error=error)
    return visit.redirect_done(HOME)


def add_staff(visit: Visit) -> Response:
    """Make an account and show its password, once; the same form sent again shows the same one."""
    services, partner_id = visit.services, visit.partner_id
    login, label = _typed(visit, "login"), _typed(visit, "label")
    password = _password(visit, login)
    hashed = services.staff_hasher.make_hash(password, salt=services.entropy.token(SALT_BYTES))
    try:
        made = visit.audited(
            lambda: services.perform(
                visit.acting, create_staff, partner_id, login=login, label=label, password_hash=hashed
            ),
            subject=login,
        )
    except EztongError as error:
        made_before = _made_before(visit, login, password)
        if made_before is None:
            return _list(visit, error=error, opened="staff")
        made = made_before
    return _staff(visit, made, password=password)


def show_staff(visit: Visit) -> Response:
    """Show one account.

    Raises:
        NotFound: the partner has no such account.
    """
    return _staff(visit, _find(visit))


def reset(visit: Visit) -> Response:
    """Give an account a new password and show it, once; it may sign in again.

    Raises:
        NotFound: the partner has no such account.
    """
    services, staff, partner_id = visit.services, _find(visit), visit.partner_id
    password = _password(visit, staff.login)
    hashed = services.staff_hasher.make_hash(password, salt=services.entropy.token(SALT_BYTES))
    try:
        after = visit.audited(
            lambda: services.perform(
                visit.acting,
                reset_password,
                partner_id,
                login=staff.login,
                password_hash=hashed,
                factor_too=visit.form.get("factor") == "yes",
            ),
            subject=staff.login,
        )
    except EztongError as error:
        return _staff(visit, staff, error=error)
    return _staff(visit, after, password=password)


def disable(visit: Visit) -> Response:
    """Disable an account: it is signed out at once.

    Raises:
        NotFound: the partner has no such account.
    """
    services, staff, partner_id = visit.services, _find(visit), visit.partner_id
    visit.audited(
        lambda: services.perform(visit.acting, disable_staff, partner_id, login=staff.login), subject=staff.login
    )
    return visit.redirect_done(f"{HOME}/staff/{staff.login}")


def _find(visit: Visit) -> Staff:
    login = str(visit.request.path_params["login"])
    with visit.services.store.read() as stored:
        return find_staff(visit.partner_id, login=login, stored=stored)


def _made_before(visit: Visit, login: str, password: str) -> Staff | None:
    """Return the account that this very form made when it was sent before."""
    if not visit.form.get("once"):
        return None
    with visit.services.store.read() as stored:
        try:
            staff = find_staff(visit.partner_id, login=login, stored=stored)
        except NotFound:
            return None
    is_own = visit.services.staff_hasher.is_right(password, staff.password_hash)
    return staff if is_own and staff.state is StaffState.ACTIVE else None


def _password(visit: Visit, login: str) -> str:
    once = visit.form.get("once", "")
    of = ("desk-staff", visit.acting.name, login.lower(), visit.request.url.path)
    return password_of_form(once, of=of, keys=visit.services.keys, entropy=visit.services.entropy)


def _typed(visit: Visit, name: str) -> str:
    return visit.form.get(name, "").strip()[:_LONGEST]


def _list(visit: Visit, *, error: EztongError | None = None, opened: str = "") -> Response:
    with visit.services.store.read() as stored:
        desks = stored.partners.all_desks(visit.partner_id)
        staff = stored.staff.list(visit.partner_id)
        rule = rule_of(visit.signed_in.partner, stored=stored)
    return visit.form_page(
        "desks.html",
        because=error,
        desks=desks,
        staff=staff,
        rule=rule,
        opened=opened,
        typed={name: _typed(visit, name) for name in ("desk", "desk_name", "login", "label")},
        once=new_token(entropy=visit.services.entropy),
        desk_link=f"{visit.services.deployment.public_url}/desk",
        may_keep=visit.may(PortalPermission.DESKS_KEEP),
    )


def _staff(visit: Visit, staff: Staff, *, error: EztongError | None = None, password: str = "") -> Response:
    return visit.form_page(
        "desks_staff.html",
        because=error,
        staff=staff,
        password=password,
        once=new_token(entropy=visit.services.entropy),
        desk_link=f"{visit.services.deployment.public_url}/desk",
        may_keep=visit.may(PortalPermission.DESKS_KEEP),
        may_end=visit.may(PortalPermission.STAFF_END),
    )
