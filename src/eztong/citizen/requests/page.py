"""A partner's request as a page: who asks what for what, switches that start off, a number to compare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.responses import Response

from eztong.citizen.browser.kept_way import keep_way
from eztong.citizen.requests.intention import eid_parts
from eztong.citizen.visit import Visit
from eztong.citizen.words.own_phrase import own_phrase
from eztong.domain.claims import Claim
from eztong.domain.eid.intention import IntentionNotConfirmed
from eztong.domain.errors import MatchNumberMissing, NotFound
from eztong.domain.partners.partner import Partner, Scene
from eztong.domain.requests.request import Request
from eztong.http.qr_svg import render_qr
from eztong.i18n.moments import clock_words
from eztong.pages.error_pages import sentence_of
from eztong.ports.keys import Keys, MacPurpose
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.requests.open_request import find_by_token

_FIRST_NUMBER: Final = 10
_NUMBERS: Final = 90
_CHOICES: Final = 3
_MINUTE: Final = 60


@dataclass(frozen=True, slots=True)
class ShownRequest:
    """The request with whoever asks and the scene."""

    request: Request
    partner: Partner
    scene: Scene


def find_asked(visit: Visit, stored: Repositories) -> ShownRequest:
    """Return what the link of this page stands for.

    Raises:
        NotFound: no such link.
    """
    token = visit.request.path_params["token"]
    request = find_by_token(token, stored=stored, keys=visit.services.keys, now=visit.now)
    partner = stored.partners.get(request.partner_id)
    scene = stored.partners.scene(request.partner_id, request.scene)
    if partner is None or scene is None:
        raise NotFound
    return ShownRequest(request, partner, scene)


def names(visit: Visit, asked: ShownRequest) -> dict[str, Any]:
    """Return the names on every page about the request, in the language of the page."""
    english = visit.words.language == "en"
    return {
        "partner": asked.partner.name_en if english else asked.partner.name,
        "partner_id": asked.partner.partner_id,
        "scene": asked.scene.title_en if english else asked.scene.title,
        "purpose": asked.scene.purpose_en if english else asked.scene.purpose,
    }


def request_page(
    visit: Visit, asked: ShownRequest, error: MatchNumberMissing | IntentionNotConfirmed | None = None
) -> Response:
    """Return the page that asks; with an error, nothing was answered yet."""
    request = asked.request
    minutes, seconds = divmod(max(0, int((request.expires_at - visit.now).total_seconds())), _MINUTE)
    return visit.form_page(
        "requests/page.html",
        because=error,
        problem="" if error is None else sentence_of(error, visit),
        claims=[claim.value for claim in sorted(request.claims - {Claim.IS_PERSON})],
        choices=match_choices(request, keys=visit.services.keys),
        eid=eid_parts(visit, request),
        grant_days=request.grant_days,
        minutes=minutes,
        seconds=seconds,
        expires_words=clock_words(request.expires_at),
        site=urlsplit(visit.services.deployment.public_url).netloc,
        phrase=own_phrase(visit),
        **names(visit, asked),
    )


def elsewhere_page(visit: Visit, asked: ShownRequest) -> Response:
    """Return the page for a browser that is not signed in; it comes back here after signing in or registering."""
    address = f"{visit.services.deployment.public_url}{visit.request.url.path}"
    qr = render_qr(address, label=visit.words.text("request.elsewhere_qr"))
    return keep_way(visit, visit.page("requests/page_elsewhere.html", qr=qr, **names(visit, asked)))


def match_choices(request: Request, *, keys: Keys) -> list[int]:
    """Return the true number and two others, in order; the same three at every look."""
    seed = keys.mac(MacPurpose.SESSION, b"match\x00" + request.request_id.encode())
    choices = {request.match_number}
    for byte in seed:
        if len(choices) < _CHOICES:
            choices.add(_FIRST_NUMBER + byte % _NUMBERS)
    return sorted(choices)
