"""Staff set up an authenticator app for their account, with the password that it was given, and get a new password."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from eztong.desk.visit import PLACE, SET_UP, Visit
from eztong.domain.desks.staff import LONGEST_LOGIN, LONGEST_PASSWORD, SignInWrong
from eztong.domain.errors import EztongError, TooMany
from eztong.domain.operators.session import OneTimeCodeWrong
from eztong.http.cookies import new_token
from eztong.http.limits import hit_network
from eztong.pages.error_pages import sentence_of
from eztong.pages.set_up_offers import offered, typed_code, typed_offer
from eztong.ports.limiter import Limit
from eztong.usecases.desks.prove_staff import TypedAtDesk
from eztong.usecases.desks.set_up_staff import SetUpStaff, offer_to_staff, set_up_staff
from eztong.usecases.set_up_offer import SetUpOffer

TRIES_BY_ADDRESS: Final = Limit("desk_sign_ins", 60, 900)


def ask(visit: Visit) -> Response:
    """Ask for name and password."""
    return _form(visit)


def go_on(visit: Visit) -> Response:
    """Show the offered password and app, or take the app's first code and begin a session."""
    try:
        hit_network(visit.services.limiter, TRIES_BY_ADDRESS, visit.address)
        if "tag" in visit.form:
            return _finish(visit)
        return offer_page(visit, typed_at_desk(visit))
    except (SignInWrong, TooMany) as error:
        return _form(visit, error=error)


def typed_at_desk(visit: Visit) -> TypedAtDesk:
    """Return name, password and code as they were typed."""
    return TypedAtDesk(
        login=visit.form.get("login", "").strip().lower()[: LONGEST_LOGIN + 1],
        password=visit.form.get("password", "")[: LONGEST_PASSWORD + 1],
        code=typed_code(visit.form),
    )


def offer_page(visit: Visit, typed: TypedAtDesk) -> Response:
    """Show a new offer to whoever knows the account's password.

    Raises:
        SignInWrong, StaffLocked, Busy: as at sign-in.
    """
    offer = offer_to_staff(typed, by=visit.door.plan.by, services=visit.services)
    return _offered(visit, offer, typed.password)


def _finish(visit: Visit) -> Response:
    offer, token = typed_offer(visit.form), new_token(entropy=visit.services.entropy)
    password = visit.form.get("word", "")[: LONGEST_PASSWORD + 1]
    command = SetUpStaff(password=password, offer=offer, code=typed_code(visit.form), token=token)
    try:
        set_up_staff(command, by=visit.door.plan.by, services=visit.services)
    except OneTimeCodeWrong as error:
        return _offered(visit, offer, password, error=error)
    response = visit.redirect(PLACE)
    visit.door.cookies.keep_session(response, token)
    return response


def _form(visit: Visit, *, error: EztongError | None = None) -> Response:
    problem = "" if error is None else sentence_of(error, visit)
    return visit.form_page("set_up.html", because=error, problem=problem, login=typed_at_desk(visit).login)


def _offered(visit: Visit, offer: SetUpOffer, password: str, *, error: EztongError | None = None) -> Response:
    problem = "" if error is None else sentence_of(error, visit)
    return visit.form_page(
        "set_up_offer.html", because=error, problem=problem, word=password, action=SET_UP, **offered(offer, visit)
    )
