"""The page on which an operator sets up secret and second factor: by an invitation, or with a secret from a command."""

from __future__ import annotations

import base64
from typing import Final

from starlette.responses import Response

from eztong.console.sign_in import LONGEST_SECRET, TRIES_BY_ADDRESS
from eztong.console.visit import HOME, Visit
from eztong.domain.errors import EztongError, InputInvalid, NotPermitted, TooMany
from eztong.domain.operators.operator import LONGEST_NAME
from eztong.domain.operators.session import OneTimeCodeWrong
from eztong.http.cookies import new_token
from eztong.http.limits import hit_network
from eztong.http.qr_svg import render_qr
from eztong.usecases.operators.set_up_operator import (
    SetUpOffer,
    SetUpOperator,
    may_have_first,
    offer_set_up,
    set_up_operator,
)
from eztong.usecases.sandbox.demo_operators import keep_demo_access

_LONGEST: Final = 200
_MOST_DIGITS: Final = 11


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
    until = form.get("until", "")
    offer = SetUpOffer(
        name=_typed(visit, "name", LONGEST_NAME),
        secret=_typed(visit, "secret", _LONGEST),
        key=_typed(visit, "key", _LONGEST),
        until=int(until) if until.isascii() and until.isdigit() and len(until) <= _MOST_DIGITS else 0,
        tag=_typed(visit, "tag", _LONGEST),
    )
    word, token = _typed(visit, "word", LONGEST_SECRET), new_token(entropy=services.entropy)
    code = "".join(form.get("code", "").split())[:10]
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
    key = bytes.fromhex(offer.key)
    address = visit.services.one_time_codes.address(
        key, operator=offer.name, issuer=visit.services.deployment.operator_name
    )
    spelt = base64.b32encode(key).decode()
    return visit.form_page(
        "set_up_offer.html",
        because=error,
        offer=offer,
        word=word,
        spelt=" ".join(spelt[place : place + 4] for place in range(0, len(spelt), 4)),
        qr=render_qr(address, label=visit.words.text("console.set_up_qr")),
    )
