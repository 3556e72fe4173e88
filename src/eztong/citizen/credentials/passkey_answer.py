"""What a passkey answers, whatever it is asked for: a form in, and JSON that says where the way leads."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import JSONResponse, Response

from eztong.citizen.limits import count
from eztong.citizen.visit import Visit
from eztong.domain.access.passkey import PasskeyPurpose
from eztong.domain.errors import EztongError, Locked, SessionMissing
from eztong.http.problems import status_and_headers
from eztong.pages.error_pages import sentence_of
from eztong.ports.limiter import Limit
from eztong.usecases.access.challenge_passkey import PasskeyAnswer


def answer_of(visit: Visit, purpose: PasskeyPurpose) -> PasskeyAnswer:
    """Return what the browser sent."""
    return PasskeyAnswer(session_hash=visit.session_hash, purpose=purpose, response=visit.form.get("credential", ""))


def answered(
    visit: Visit, act: Callable[[], None], then: Callable[[Visit], Response], *, limit: Limit | None = None
) -> Response:
    """Do it, and say where the way leads on, or in words why it does not; ``limit`` counts who is signed in."""
    try:
        if limit is not None:
            count(limit, visit)
        act()
    except EztongError as error:
        return problem(visit, error)
    return then(visit)


def problem(visit: Visit, error: EztongError) -> Response:
    """Say in words what was wrong, or where to unlock or sign in first."""
    if isinstance(error, Locked):
        return JSONResponse({"next": visit.unlock_page})
    if isinstance(error, SessionMissing):
        return JSONResponse({"next": visit.sign_in_page})
    status, headers = status_and_headers(error)
    return JSONResponse({"problem": sentence_of(error, visit)}, status, headers)
