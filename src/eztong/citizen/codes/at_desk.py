"""A counter's QR, scanned by the citizen: who is asking, where and for what; a press opens the request."""

from __future__ import annotations

from starlette.responses import Response

from eztong.citizen.browser.kept_way import keep_way, way_is_over
from eztong.citizen.journey import CODE, next_path
from eztong.citizen.visit import Visit
from eztong.domain.access.unlock import is_unlocked
from eztong.domain.errors import DeviceNotBound, SessionMissing
from eztong.ports.limiter import Limit
from eztong.ports.storage.access.sessions import Session
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.find_session import require_device
from eztong.usecases.desks.open_desk_request import desk_name, find_sign, open_desk_request
from eztong.usecases.requests.open_request import request_token

OPENED = Limit("citizen_desk_requests", 20, 600)


def show(visit: Visit) -> Response:
    """Show the counter; who is not signed in or unlocked on this phone goes on to that, and comes back here.

    Raises:
        SignUnknown: the QR is not in use.
    """
    english = visit.words.language == "en"
    with visit.services.store.read() as stored:
        sign, partner, scene = find_sign(visit.request.path_params["token"], stored=stored)
        desk = desk_name(sign, stored=stored)
        session = _session(visit, stored)
    response = visit.form_page(
        "codes/at_desk.html",
        partner=partner.name_en if english else partner.name,
        scene=scene.title_en if english else scene.title,
        purpose=scene.purpose_en if english else scene.purpose,
        desk=desk,
        signed_in=session is not None,
        unlocked=session is not None and is_unlocked(session.unlocked_until, now=visit.now),
    )
    return keep_way(visit, response) if session is None else way_is_over(visit, response)


def go_on(visit: Visit) -> Response:
    """Open the request, which the desk's screen shows at once, and go on to it.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: not on an account's phone that is bound.
        Locked: whoever holds the phone has not shown to be its owner.
        HolderNotUsable: the account could not answer.
        SignUnknown: the QR is not in use.
    """
    services = visit.services
    with services.store.read() as stored:
        holder_id = visit.bound(stored).holder.holder_id
    services.limiter.hit(OPENED, holder_id)
    request = visit.act(open_desk_request, visit.request.path_params["token"], visit.session_hash)
    return visit.redirect(f"/r/{request_token(request.request_id, keys=services.keys)}")


def _session(visit: Visit, stored: Repositories) -> Session | None:
    try:
        signed_in = visit.signed_in(stored)
        require_device(signed_in, stored=stored)
    except (SessionMissing, DeviceNotBound):
        return None
    return signed_in.session if next_path(signed_in, stored=stored) == CODE else None
