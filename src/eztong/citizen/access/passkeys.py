"""Passkeys, as the module passkey.js asks for them: forms in (with the CSRF token), JSON out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from starlette.responses import JSONResponse, Response

from eztong.citizen.browser.agent import device_label
from eztong.citizen.browser.asker import keep_known
from eztong.citizen.credentials.passkey_answer import answer_of, answered, problem
from eztong.citizen.limits import PASSKEY_TRIES, count
from eztong.citizen.visit import Visit
from eztong.citizen.ways_back import own_path
from eztong.domain.access.passkey import PasskeyPurpose
from eztong.domain.errors import EztongError
from eztong.ports.limiter import Limit
from eztong.usecases.access.add_passkey import add_passkey
from eztong.usecases.access.challenge_passkey import (
    offer_freeze,
    offer_new_passkey,
    offer_recovery,
    offer_sign_in,
    offer_unlock,
)
from eztong.usecases.access.unlock_by_passkey import unlock_by_passkey


def offer_new(visit: Visit) -> Response:
    """Give the challenge for a new passkey."""
    return _offered(visit, offer_new_passkey, limit=PASSKEY_TRIES)


def add(visit: Visit) -> Response:
    """Keep the passkey that was made."""
    answer = answer_of(visit, PasskeyPurpose.REGISTER)
    return answered(
        visit,
        lambda: add_passkey(answer, label=device_label(visit), services=visit.services),
        _way_back,
        limit=PASSKEY_TRIES,
    )


def offer_to_unlock(visit: Visit) -> Response:
    """Give the challenge that unlocks."""
    return _offered(visit, offer_unlock, limit=PASSKEY_TRIES)


def unlock(visit: Visit) -> Response:
    """Unlock."""
    answer = answer_of(visit, PasskeyPurpose.UNLOCK)
    return answered(visit, lambda: unlock_by_passkey(answer, services=visit.services), _way_back, limit=PASSKEY_TRIES)


def offer_to_sign_in(visit: Visit) -> Response:
    """Give the challenge that signs in: whoever it is, nothing was typed."""
    return _offered(visit, offer_sign_in)


def offer_to_recover(visit: Visit) -> Response:
    """Give the challenge that recovers, besides the message code."""
    return _offered(visit, offer_recovery)


def offer_to_freeze(visit: Visit) -> Response:
    """Give the challenge that freezes: whoever it is, nothing was typed."""
    return _offered(visit, offer_freeze)


def _way_back(visit: Visit) -> Response:
    return keep_known(visit, JSONResponse({"next": own_path(visit.form.get("next", ""))}), token=visit.token)


def _offered(visit: Visit, offer: Callable[..., str], *, limit: Limit | None = None) -> Response:
    try:
        if limit is not None:
            count(limit, visit)
        options: Any = json.loads(offer(visit.session_hash, services=visit.services))
    except EztongError as error:
        return problem(visit, error)
    return JSONResponse({"options": options})
