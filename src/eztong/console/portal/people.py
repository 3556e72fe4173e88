"""Who acts for a partner at its portal, as the operator keeps it: the first one, a way back, and an end at once."""

from __future__ import annotations

from starlette.responses import Response

from eztong.console.partners import HOME, id_of, partner_page
from eztong.console.visit import Visit
from eztong.domain.errors import EztongError, InputInvalid, NotFound
from eztong.domain.operators.permission import Permission
from eztong.domain.portal.person import LONGEST_NAME, PORTAL_SET_UP_PATH, PortalRole
from eztong.usecases.draw_password import make_password, password_of_form
from eztong.usecases.partners.find_partner import find_partner
from eztong.usecases.portal.manage_people import (
    AddPerson,
    add_person,
    disable_person,
    end_sessions_of,
    find_person,
    invite_person,
    was_invited_by,
)


def add(visit: Visit) -> Response:
    """Add a person and show the word that invites them, once; the same form sent again shows the same word.

    Raises:
        NotFound: no such partner.
    """
    services, partner_id = visit.services, id_of(visit)
    name = visit.form.get("name", "").strip().lower()[: LONGEST_NAME + 1]
    of = ("portal-person", visit.acting.name, partner_id, name)
    word = password_of_form(visit.form.get("once", ""), of=of, keys=services.keys, entropy=services.entropy)
    try:
        command = AddPerson(partner_id=partner_id, name=name, role=_role(visit), word=word)
        visit.audited(lambda: services.perform(visit.acting, add_person, command), subject=partner_id)
    except NotFound:
        raise
    except EztongError as error:
        with services.store.read() as stored:
            person = stored.portal.get(partner_id, name)
        if person is None or not was_invited_by(person, word, keys=services.keys):
            return partner_page(visit, error=error)
    return _one(visit, name, word=word)


def show(visit: Visit) -> Response:
    """Show one person.

    Raises:
        NotFound: the partner has no such person.
    """
    return _one(visit, _name(visit))


def invite(visit: Visit) -> Response:
    """Invite a person anew, and show the word once.

    Raises:
        NotFound: the partner has no such person.
    """
    services, name, partner_id = visit.services, _name(visit), id_of(visit)
    word = make_password(entropy=services.entropy)
    visit.audited(
        lambda: services.perform(visit.acting, invite_person, partner_id, name, word=word), subject=partner_id
    )
    return _one(visit, name, word=word)


def disable(visit: Visit) -> Response:
    """Disable a person for good, once their name was typed.

    Raises:
        NotFound: the partner has no such person.
    """
    services, name, partner_id = visit.services, _name(visit), id_of(visit)
    try:
        if visit.form.get("typed", "").strip().lower() != name:
            raise InputInvalid("The name that was typed is not this person's: nothing was done.")
        visit.audited(lambda: services.perform(visit.acting, disable_person, partner_id, name), subject=partner_id)
    except NotFound:
        raise
    except EztongError as error:
        return _one(visit, name, error=error)
    return visit.redirect_done(f"{HOME}/{partner_id}/people/{name}")


def end_sessions(visit: Visit) -> Response:
    """Sign a person out everywhere.

    Raises:
        NotFound: the partner has no such person.
    """
    services, name, partner_id = visit.services, _name(visit), id_of(visit)
    visit.audited(lambda: services.perform(visit.acting, end_sessions_of, partner_id, name), subject=partner_id)
    return visit.redirect_done(f"{HOME}/{partner_id}/people/{name}")


def _role(visit: Visit) -> PortalRole:
    role = visit.form.get("role", "")
    if role not in set(PortalRole):
        raise InputInvalid("Choose a role.")
    return PortalRole(role)


def _name(visit: Visit) -> str:
    return str(visit.request.path_params["name"])


def _one(visit: Visit, name: str, *, error: EztongError | None = None, word: str = "") -> Response:
    partner_id = id_of(visit)
    with visit.services.store.read() as stored:
        partner = find_partner(partner_id, stored=stored)
        shown = find_person(partner_id, name, stored=stored)
        sessions = [one for one in stored.portal.sessions(partner_id, name) if one.is_live(now=visit.now)]
    return visit.form_page(
        "portal/people.html",
        because=error,
        partner=partner,
        shown=shown,
        word=word,
        link=f"{visit.services.deployment.public_url}{PORTAL_SET_UP_PATH}",
        sessions=sessions,
        may_keep=visit.may(Permission.PARTNERS_KEEP) and shown.is_active,
    )
