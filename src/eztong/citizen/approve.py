"""A partner's request: who asks what for what; switches that start off; a number to compare; refuse or agree."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from starlette.responses import Response

from eztong.citizen.eid_return import eid_receipt, refresh_header
from eztong.citizen.intention import eid_parts, record_answer
from eztong.citizen.limits import WRONG_MATCHES
from eztong.citizen.visit import Visit
from eztong.domain.claims import Claim
from eztong.domain.errors import (
    DeviceNotBound,
    InputInvalid,
    MatchNumberWrong,
    NotFound,
    RequestFinished,
    SessionMissing,
)
from eztong.domain.intention import IntentionNotConfirmed
from eztong.domain.partner import Partner, Scene
from eztong.domain.request import Request, RequestState
from eztong.domain.unlock import check_unlocked
from eztong.domain.verification import Verification
from eztong.http.problems import status_of
from eztong.http.qr_svg import render_qr
from eztong.i18n.moments import clock_words, date_words, moment_words
from eztong.pages.error_pages import sentence_of
from eztong.ports.keys import Keys, MacPurpose
from eztong.ports.repositories import Repositories
from eztong.usecases.answer_request import AnswerRequest
from eztong.usecases.find_session import SignedIn, require_device
from eztong.usecases.open_request import find_by_token, start_request

_FIRST_NUMBER: Final = 10
_NUMBERS: Final = 90
_CHOICES: Final = 3
_MAX_NUMBER_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class _Asked:
    """The request with the names that stand on the page."""

    request: Request
    partner: Partner
    scene: Scene


def show(visit: Visit) -> Response:
    """Show the request, or its receipt to the holder who answered it.

    Raises:
        NotFound: no such link.
        RequestFinished: answered by somebody else, or out of time.
        Locked: unlock first, so that nothing that was filled in is lost.
    """
    with visit.services.store.read() as stored:
        asked = _find(visit, stored)
        signed_in = _signed_in(visit, stored)
        if asked.request.state is RequestState.FINISHED and signed_in is not None:
            return _receipt(visit, asked, signed_in, stored)
    asked.request.check_open(now=visit.now)
    if signed_in is None:
        return visit.page("request_elsewhere.html", qr=_own_qr(visit), **_names(visit, asked))
    check_unlocked(signed_in.session.unlocked_until, now=visit.now)
    visit.write(lambda uow: start_request(asked.request, uow=uow, now=visit.services.clock.now()))
    return _request_page(visit, asked)


def answer(visit: Visit) -> Response:
    """Record refusal or approval; the receipt is the same address, by GET."""
    services = visit.services
    with services.store.read() as stored:
        asked = _find(visit, stored)
        signed_in = _signed_in(visit, stored)
    if signed_in is None or signed_in.session.device_id is None:
        raise SessionMissing
    if asked.request.state is RequestState.FINISHED:
        return visit.redirect(visit.request.url.path)
    act = visit.form.get("act")
    if act not in {"agree", "refuse"}:
        raise InputInvalid
    services.limiter.check(WRONG_MATCHES, asked.request.request_id)
    command = AnswerRequest(
        request=asked.request,
        holder_id=signed_in.holder.holder_id,
        device_id=signed_in.session.device_id,
        unlocked_until=signed_in.session.unlocked_until,
        approve=act == "agree",
        allowed=frozenset(c for c in asked.request.claims if visit.form.get(f"claim_{c}") == "yes") | {Claim.IS_PERSON},
        match_number=_picked(visit),
        environment=services.deployment.mode.value,
    )
    try:
        visit.write(
            lambda uow: record_answer(command, form=visit.form, services=services, uow=uow, now=services.clock.now())
        )
    except IntentionNotConfirmed as error:
        return _request_page(visit, asked, error)
    except MatchNumberWrong as error:
        services.limiter.hit(WRONG_MATCHES, asked.request.request_id)
        return _request_page(visit, asked, error)
    return visit.redirect(visit.request.url.path)


def _own_qr(visit: Visit) -> str:
    """Return the page's own address as a QR, so that a phone can go on where a desktop cannot."""
    address = f"{visit.services.deployment.public_url}{visit.request.url.path}"
    return render_qr(address, label=visit.words.text("request.elsewhere_qr"))


def match_choices(request: Request, *, keys: Keys) -> list[int]:
    """Return the true number and two others, in order; the same three at every look."""
    seed = keys.mac(MacPurpose.SESSION, b"match\x00" + request.request_id.encode())
    choices = {request.match_number}
    for byte in seed:
        if len(choices) < _CHOICES:
            choices.add(_FIRST_NUMBER + byte % _NUMBERS)
    return sorted(choices)


def _find(visit: Visit, stored: Repositories) -> _Asked:
    token = visit.request.path_params["token"]
    request = find_by_token(token, stored=stored, keys=visit.services.keys, now=visit.now)
    partner = stored.partners.get(request.partner_id)
    scene = stored.partners.scene(request.partner_id, request.scene)
    if partner is None or scene is None:
        raise NotFound
    return _Asked(request, partner, scene)


def _signed_in(visit: Visit, stored: Repositories) -> SignedIn | None:
    try:
        signed_in = visit.signed_in(stored)
        require_device(signed_in, stored=stored)
    except (SessionMissing, DeviceNotBound):
        return None
    return signed_in


def _request_page(
    visit: Visit, asked: _Asked, error: MatchNumberWrong | IntentionNotConfirmed | None = None
) -> Response:
    request = asked.request
    return visit.form_page(
        "request.html",
        status=HTTPStatus.OK.value if error is None else status_of(type(error)),
        problem="" if error is None else sentence_of(error, visit),
        claims=[claim.value for claim in sorted(request.claims - {Claim.IS_PERSON})],
        choices=match_choices(request, keys=visit.services.keys),
        eid=eid_parts(visit, request),
        grant_days=request.grant_days,
        expires_words=clock_words(request.expires_at),
        **_names(visit, asked),
    )


def _receipt(visit: Visit, asked: _Asked, signed_in: SignedIn, stored: Repositories) -> Response:
    request = asked.request
    if request.holder_id != signed_in.holder.holder_id or request.verification_id is None:
        raise RequestFinished
    verification = stored.verifications.get(request.partner_id, request.verification_id)
    if verification is None:
        raise NotFound
    eid = eid_receipt(visit, request)
    response = visit.page(
        "request_receipt.html",
        back=eid.back,
        released=eid.released,
        verification=verification,
        told=[claim.value for claim in verification.claims],
        reason=_reason(visit, verification),
        at=moment_words(verification.created_at, now=visit.now, words=visit.words),
        on=date_words(verification.created_at, words=visit.words),
        **_names(visit, asked),
    )
    if eid.back is not None:
        response.headers["Refresh"] = refresh_header(eid.back)
    return response


def _reason(visit: Visit, verification: Verification) -> str:
    key = f"error.{verification.reason}"
    contact = visit.services.deployment.operator_contact
    return visit.words.text(key, contact=contact) if visit.words.has(key) else ""


def _names(visit: Visit, asked: _Asked) -> dict[str, Any]:
    english = visit.words.language == "en"
    return {
        "partner": asked.partner.name_en if english else asked.partner.name,
        "scene": asked.scene.title_en if english else asked.scene.title,
        "purpose": asked.scene.purpose_en if english else asked.scene.purpose,
    }


def _picked(visit: Visit) -> int | None:
    text = visit.form.get("match", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MAX_NUMBER_DIGITS else None
