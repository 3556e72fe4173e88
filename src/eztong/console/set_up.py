"""The page on which an operator sets up secret and second factor: by an invitation, or with a secret from a command."""

from __future__ import annotations

from starlette.responses import Response

from eztong.console.sign_in import TRIES_BY_ADDRESS
from eztong.console.visit import HOME, Visit
from eztong.domain.errors import EztongError, InputInvalid, NotPermitted, TooMany
from eztong.domain.operators.operator import LONGEST_NAME
from eztong.domain.operators.session import OneTimeCodeWrong
from eztong.http.cookies import new_token
from eztong.http.limits import hit_network
from eztong.pages.set_up_offers import LONGEST_SECRET, offered, typed_code, typed_offer
from eztong.usecases.operators.set_up_operator import (
    SetUpOperator,
    may_have_first,
    offer_set_up,
    set_up_operator,
)
from eztong.usecases.sandbox.demo_operators import keep_demo_access
from eztong.usecases.set_up_offer import SetUpOffer


def ask(visit: Visit) -> Response:
    """Ask for the name and the word of the invitation."""
    return _form(visit)


def go_on(visit: Visit) -> Response:
    """Show the offered secret and app key, or take the app's first code and begin a session."""
    try:
        hit_network(visit.services.limiter, TRIES_BY_ADDRESS, visit.address)
        if "tag" in visit.form:
            return _finish(visit)
        name, word = _typed(visit, "name", LONGEST_NAME), _typed(visit, "word", LONGEST_SECRET)
        return _offered(
            visit, offer_set_up(name, word, network=visit.network, by=visit.at, services=visit.services), word
        )
    except (NotPermitted, TooMany, InputInvalid) as error:
        return _form(visit, error=error)


def _finish(visit: Visit) -> Response:
    services, form = visit.services, visit.form
    offer = typed_offer(form)
    word, token = _typed(visit, "word", LONGEST_SECRET), new_token(entropy=services.entropy)
    code = typed_code(form)
    command = SetUpOperator(word=word, offer=offer, code=code, token=token, network=visit.network)
    try:
        session = set_up_operator(command, by=visit.at, services=services)
    except OneTimeCodeWrong as error:
        return _offered(visit, offer, word, error=error)
    keep_demo_access(session.operator, secret=offer.secret, app=offer.key, services=services)
    response = visit.redirect(HOME)
    visit.door.cookies.keep_session(response, token)
    return response


def _typed(visit: Visit, name: str, longest: int) -> str:
    return visit.form.get(name, "").strip()[: longest + 1]


def _form(visit: Visit, *, error: EztongError | None = None) -> Response:
    with visit.services.store.read() as stored:
        is_new = may_have_first(stored)
    return visit.form_page(
        "set_up.html",
        because=error,
        name=_typed(visit, "name", LONGEST_NAME),
        is_new=is_new,
    )


def _offered(visit: Visit, offer: SetUpOffer, word: str, *, error: EztongError | None = None) -> Response:
    return visit.form_page("set_up_offer.html", because=error, word=word, **offered(offer, visit))
