"""Passkeys of operators, as the module passkey.js asks for them: forms in (with the CSRF token), JSON out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode

from starlette.responses import JSONResponse, Response

from eztong.console.sign_in import TRIES_BY_ADDRESS
from eztong.console.visit import CONFIRM, ME, SIGN_IN, Visit
from eztong.domain.access.passkey import PasskeyPurpose
from eztong.domain.errors import EztongError, SessionMissing
from eztong.domain.operators.session import ProofNeeded
from eztong.http.cookies import new_token
from eztong.http.limits import hit_network
from eztong.http.problems import status_and_headers
from eztong.pages.error_pages import sentence_of
from eztong.pages.staff_visit import ConfirmFirst
from eztong.usecases.operators.keep_passkeys import add_passkey, offer_passkey, remove_passkey
from eztong.usecases.operators.passkey_challenge import PasskeyGiven
from eztong.usecases.operators.prove_again import offer_proof, prove_by_passkey
from eztong.usecases.operators.sign_in_by_passkey import offer_sign_in, sign_in_by_passkey
from eztong.usecases.operators.sign_in_operator import hash_console_session

LONGEST_LABEL: Final = 60


def offer_entry(visit: Visit) -> Response:
    """Give the challenge that signs in: whoever it is, nothing was typed."""

    def offer() -> str:
        hit_network(visit.services.limiter, TRIES_BY_ADDRESS, visit.address)
        return offer_sign_in(_browser(visit), by=visit.at, services=visit.services)

    return _offered(visit, offer)


def enter(visit: Visit) -> Response:
    """Begin a session of whoever's passkey answered, under a fresh token."""
    token = new_token(entropy=visit.services.entropy)
    given = _given(visit, PasskeyPurpose.OPERATOR_SIGN_IN, _browser(visit))

    def sign_in() -> Response:
        hit_network(visit.services.limiter, TRIES_BY_ADDRESS, visit.address)
        sign_in_by_passkey(given, token, by=visit.at, services=visit.services)
        response = JSONResponse({"next": visit.way_back})
        visit.door.cookies.keep_session(response, token)
        return response

    return _answered(visit, sign_in)


def offer_new(visit: Visit) -> Response:
    """Give the challenge for a new passkey."""
    return _offered(visit, lambda: offer_passkey(by=visit.acting, services=visit.services))


def add(visit: Visit) -> Response:
    """Keep the passkey that was made, under the name that was typed."""
    given = _given(visit, PasskeyPurpose.OPERATOR_REGISTER, visit.acting.session)
    label = visit.form.get("label", "")[: LONGEST_LABEL + 1]

    def keep() -> Response:
        visit.audited(lambda: add_passkey(given, label, by=visit.acting, services=visit.services))
        return JSONResponse({"next": f"{ME}?done=yes"})

    return _answered(visit, keep)


def remove(visit: Visit) -> Response:
    """Remove a passkey of one's own."""
    visit.perform(remove_passkey, str(visit.request.path_params["passkey_id"]))
    return visit.redirect_done(ME)


def offer_confirmation(visit: Visit) -> Response:
    """Give the challenge that proves once more who is there."""
    return _offered(visit, lambda: offer_proof(by=visit.acting, services=visit.services))


def confirm(visit: Visit) -> Response:
    """Take the proof; the form that waited for it is sent by the page then."""
    given = _given(visit, PasskeyPurpose.OPERATOR_PROOF, visit.acting.session)

    def proven() -> Response:
        prove_by_passkey(given, by=visit.acting, services=visit.services)
        return JSONResponse({"next": visit.way_back})

    return _answered(visit, proven)


def _browser(visit: Visit) -> bytes:
    return hash_console_session(visit.token, keys=visit.services.keys)


def _given(visit: Visit, purpose: PasskeyPurpose, session: bytes) -> PasskeyGiven:
    return PasskeyGiven(session=session, purpose=purpose, response=visit.form.get("credential", ""))


def _offered(visit: Visit, offer: Callable[[], str]) -> Response:
    return _answered(visit, lambda: JSONResponse({"options": json.loads(offer())}))


def _answered(visit: Visit, do: Callable[[], Response]) -> Response:
    """Say where the way leads on, or in words why it does not."""
    try:
        return do()
    except (ConfirmFirst, ProofNeeded):
        return JSONResponse({"next": f"{CONFIRM}?{urlencode({'next': ME})}"})
    except SessionMissing:
        return JSONResponse({"next": SIGN_IN})
    except EztongError as error:
        status, headers = status_and_headers(error)
        return JSONResponse({"problem": sentence_of(error, visit)}, status, headers)
