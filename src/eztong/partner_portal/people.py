"""Who acts for the partner at its portal: adding, inviting anew, giving roles, disabling, ending sessions."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from eztong.domain.errors import EztongError, InputInvalid
from eztong.domain.operators.audit import AuditFilter
from eztong.domain.portal.permission import PortalPermission
from eztong.domain.portal.person import LONGEST_NAME, PortalRole
from eztong.http.cookies import new_token
from eztong.partner_portal.visit import SET_UP, Visit
from eztong.usecases.draw_password import make_password, password_of_form
from eztong.usecases.portal import manage_people
from eztong.usecases.portal.manage_people import AddPerson, add_person, find_person, invite_person, was_invited_by

HOME: Final = "/partner/people"
SHOWN: Final = 30


def show(visit: Visit) -> Response:
    """List the people, with the form for a new one."""
    return _list(visit)


def add(visit: Visit) -> Response:
    """Add a person and show the word that invites them, once; the same form sent again shows the same word."""
    services, name = visit.services, visit.form.get("name", "").strip().lower()[: LONGEST_NAME + 1]
    of = ("portal-person", visit.acting.name, name)
    word = password_of_form(visit.form.get("once", ""), of=of, keys=services.keys, entropy=services.entropy)
    try:
        command = AddPerson(partner_id=visit.partner_id, name=name, role=_role(visit), word=word)
        visit.audited(lambda: services.perform(visit.acting, add_person, command), subject=name)
    except EztongError as error:
        with services.store.read() as stored:
            person = stored.portal.get(visit.partner_id, name)
        if person is None or not was_invited_by(person, word, keys=services.keys):
            return _list(visit, error=error, name=name)
    return _one(visit, name, word=word)


def show_one(visit: Visit) -> Response:
    """Show one person, and what they did lately.

    Raises:
        NotFound: the partner has no such person.
    """
    return _one(visit, _name(visit))


def invite(visit: Visit) -> Response:
    """Invite a person anew, and show the word once.

    Raises:
        NotFound: the partner has no such person.
    """
    services, name, partner_id = visit.services, _name(visit), visit.partner_id
    word = make_password(entropy=services.entropy)
    try:
        visit.audited(lambda: services.perform(visit.acting, invite_person, partner_id, name, word=word), subject=name)
    except EztongError as error:
        return _one(visit, name, error=error)
    return _one(visit, name, word=word)


def change_role(visit: Visit) -> Response:
    """Give a person another role.

    Raises:
        NotFound: the partner has no such person.
    """
    services, name, partner_id = visit.services, _name(visit), visit.partner_id
    try:
        role = _role(visit)
        visit.audited(
            lambda: services.perform(visit.acting, manage_people.give_role, partner_id, name, role), subject=name
        )
    except EztongError as error:
        return _one(visit, name, error=error)
    return visit.redirect_done(f"{HOME}/{name}")


def disable(visit: Visit) -> Response:
    """Disable a person for good, once their name was typed.

    Raises:
        NotFound: the partner has no such person.
    """
    services, name, partner_id = visit.services, _name(visit), visit.partner_id
    try:
        if visit.form.get("typed", "").strip().lower() != name:
            raise InputInvalid("The name that was typed is not this person's: nothing was done.")
        visit.audited(
            lambda: services.perform(visit.acting, manage_people.disable_person, partner_id, name), subject=name
        )
    except EztongError as error:
        return _one(visit, name, error=error)
    return visit.redirect_done(f"{HOME}/{name}")


def end_sessions(visit: Visit) -> Response:
    """Sign a person out everywhere.

    Raises:
        NotFound: the partner has no such person.
    """
    services, name, partner_id = visit.services, _name(visit), visit.partner_id
    visit.audited(lambda: services.perform(visit.acting, manage_people.end_sessions_of, partner_id, name), subject=name)
    return visit.redirect_done(f"{HOME}/{name}")


def _role(visit: Visit) -> PortalRole:
    role = visit.form.get("role", "")
    if role not in set(PortalRole):
        raise InputInvalid("Choose a role.")
    return PortalRole(role)


def _name(visit: Visit) -> str:
    return str(visit.request.path_params["name"])


def _list(visit: Visit, *, error: EztongError | None = None, name: str = "") -> Response:
    with visit.services.store.read() as stored:
        people = stored.portal.list(visit.partner_id)
    return visit.form_page(
        "people.html",
        because=error,
        people=people.those,
        unreadable=people.unreadable,
        roles=list(PortalRole),
        chosen=visit.form.get("role", ""),
        name=name,
        is_open=error is not None,
        once=new_token(entropy=visit.services.entropy),
        may_keep=visit.may(PortalPermission.PEOPLE_KEEP),
    )


def _one(visit: Visit, name: str, *, error: EztongError | None = None, word: str = "") -> Response:
    with visit.services.store.read() as stored:
        shown = find_person(visit.partner_id, name, stored=stored)
        sessions = [one for one in stored.portal.sessions(visit.partner_id, name) if one.is_live(now=visit.now)]
        done = stored.audit.older(AuditFilter(operator=shown.login), limit=SHOWN)
    is_oneself = shown.name == visit.signed_in.person.name
    return visit.form_page(
        "people_one.html",
        because=error,
        shown=shown,
        word=word,
        link=f"{visit.services.deployment.public_url}{SET_UP}",
        sessions=sessions,
        done=done.those,
        unreadable=done.unreadable,
        permissions=set(PortalPermission),
        roles=list(PortalRole),
        is_oneself=is_oneself,
        may_keep=visit.may(PortalPermission.PEOPLE_KEEP) and not is_oneself and shown.is_active,
        may_end=visit.may(PortalPermission.PEOPLE_END) and not is_oneself and shown.is_active,
    )
