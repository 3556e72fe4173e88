"""The session that a browser is given, and what goes with it."""

from __future__ import annotations

from starlette.responses import Response

from eztong.citizen.browser.agent import device_label
from eztong.citizen.browser.asker import keep_known
from eztong.citizen.visit import Visit
from eztong.domain.identifiers import HolderId
from eztong.usecases.access.find_session import hash_session
from eztong.usecases.access.open_session import Opening


def opening_of(visit: Visit, token: str) -> Opening:
    """Return this browser with the fresh token that it will get."""
    return Opening(
        session_hash=visit.session_hash,
        fresh_hash=hash_session(token, keys=visit.services.keys),
        device_label=device_label(visit),
    )


def signed_in(visit: Visit, token: str, response: Response) -> Response:
    """Give the browser the fresh token with the answer, and have it remember the account."""
    visit.door.cookies.keep_session(response, token)
    return keep_known(visit, response, token=token)


def signed_out_of(visit: Visit, holder_id: HolderId, path: str) -> Response:
    """Lead to a page after an act on an account from outside; the browser keeps a session of any other account."""
    with visit.services.store.read() as stored:
        session = stored.sessions.get(visit.session_hash)
    if session is None or session.holder_id != holder_id:
        return visit.redirect(path)
    return signed_out(visit, path)


def signed_out(visit: Visit, path: str) -> Response:
    """Lead to a page, and take from the browser the session that is over."""
    response = visit.redirect(path)
    visit.door.cookies.drop_session(response)
    return response
