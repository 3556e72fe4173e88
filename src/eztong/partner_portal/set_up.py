"""The page on which a person of a partner sets up secret and second factor, by the word of an invitation."""

from __future__ import annotations

from starlette.responses import Response

from eztong.domain.errors import EztongError, InputInvalid, NotPermitted, TooMany
from eztong.domain.operators.session import OneTimeCodeWrong
from eztong.domain.portal.person import LONGEST_LOGIN
from eztong.http.cookies import new_token
from eztong.http.limits import hit_network
from eztong.pages.set_up_offers import LONGEST_SECRET, offered, typed_code, typed_offer
from eztong.partner_portal.sign_in import TRIES_BY_ADDRESS
from eztong.partner_portal.visit import HOME, Visit
from eztong.usecases.portal.set_up_person import SetUpPerson, offer_to_person, set_up_person
from eztong.usecases.set_up_offer import SetUpOffer


def ask(visit: Visit) -> Response:
    """Ask for the name and the word of the invitation."""
    return _form(visit)


def go_on(visit: Visit) -> Response:
    """Show the offered secret and app key, or take the app's first code and begin a session."""
    try:
        hit_network(visit.services.limiter, TRIES_BY_ADDRESS, visit.address)
        word = _typed(visit, "word", LONGEST_SECRET)
        if "tag" in visit.form:
            return _finish(visit, word)
        login = _typed(visit, "name", LONGEST_LOGIN)
        offer = offer_to_person(login, word, network=visit.network, by=visit.at, services=visit.services)
    except (NotPermitted, TooMany, InputInvalid) as error:
        return _form(visit, error=error)
    return _offered(visit, offer, word)


def _finish(visit: Visit, word: str) -> Response:
    offer, token = typed_offer(visit.form), new_token(entropy=visit.services.entropy)
    command = SetUpPerson(word=word, offer=offer, code=typed_code(visit.form), token=token, network=visit.network)
    try:
        set_up_person(command, by=visit.at, services=visit.services)
    except OneTimeCodeWrong as error:
        return _offered(visit, offer, word, error=error)
    response = visit.redirect(HOME)
    visit.door.cookies.keep_session(response, token)
    return response


def _typed(visit: Visit, name: str, longest: int) -> str:
    return visit.form.get(name, "").strip()[: longest + 1]


def _form(visit: Visit, *, error: EztongError | None = None) -> Response:
    return visit.form_page("set_up.html", because=error, login=_typed(visit, "name", LONGEST_LOGIN))


def _offered(visit: Visit, offer: SetUpOffer, word: str, *, error: EztongError | None = None) -> Response:
    return visit.form_page("set_up_offer.html", because=error, word=word, **offered(offer, visit))
