"""A partner's request: shown in full, then refused, refused and reported, or agreed to; the receipt comes after."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from eztong.citizen.browser.kept_way import way_is_over
from eztong.citizen.requests.intention import with_eid_parts
from eztong.citizen.requests.page import ShownRequest, elsewhere_page, find_asked, request_page
from eztong.citizen.requests.receipt import receipt_page
from eztong.citizen.requests.standing import standing_page
from eztong.citizen.visit import Visit
from eztong.domain.claims import Claim
from eztong.domain.eid.intention import IntentionNotConfirmed
from eztong.domain.errors import (
    AgreementNotAccepted,
    DeviceNotBound,
    HolderNotUsable,
    InputInvalid,
    MatchNumberMissing,
    RequestFinished,
    SessionMissing,
)
from eztong.domain.identifiers import HolderId
from eztong.domain.requests.cool_down import RefusedBefore
from eztong.domain.requests.request import PartnerSwitchedOff, RequestState
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.find_session import SignedIn, require_device
from eztong.usecases.eid.answer_eid_flow import answer_any_request
from eztong.usecases.eid.tell_expired import tell_expired
from eztong.usecases.records.refuse_and_report import refuse_and_report
from eztong.usecases.requests.answer_request import AnswerRequest
from eztong.usecases.requests.check_answerable import check_answerable, check_still_asked
from eztong.usecases.requests.open_request import begin_answering
from eztong.usecases.requests.set_request_aside import check_not_refused_before, set_aside, take_up

AGREE: Final = "agree"
REFUSE: Final = "refuse"
REPORT: Final = "report"
TAKE_UP: Final = "take_up"
TELL: Final = "tell"
_MAX_NUMBER_DIGITS: Final = 4


def show(visit: Visit) -> Response:
    """Show the request, where it stands if it cannot be agreed to, or its receipt to the holder who answered it.

    Raises:
        NotFound: no such link.
        Locked: unlock first, so that nothing that was filled in is lost.
    """
    with visit.services.store.snapshot() as stored:
        asked = find_asked(visit, stored)
        signed_in = _signed_in(visit, stored)
        try:
            response = _answered_or_none(visit, asked, signed_in, stored)
            if response is None:
                check_still_asked(asked.request, asked.partner, now=visit.now)
                if signed_in is None:
                    return elsewhere_page(visit, asked)
                _check_not_refused(visit, asked, signed_in.holder.holder_id, stored)
                check_answerable(asked.request, asked.scene, signed_in.holder, stored=stored)
        except RefusedBefore as error:
            return _set_aside(visit, asked, error, signed_in)
        except (RequestFinished, HolderNotUsable, AgreementNotAccepted, PartnerSwitchedOff) as error:
            return standing_page(visit, asked, error, signed_in=signed_in is not None)
    if response is None:
        visit.act(begin_answering, asked.request, visit.session_hash)
        response = request_page(visit, asked)
    return way_is_over(visit, response)


def answer(visit: Visit) -> Response:
    """Record refusal or approval; the receipt is the same address, by GET."""
    services = visit.services
    with services.store.read() as stored:
        asked = find_asked(visit, stored)
    act = visit.form.get("act")
    if act == TAKE_UP:
        visit.act(take_up, asked.request, visit.session_hash)
        return visit.redirect(visit.request.url.path)
    if act == TELL:
        visit.act(tell_expired, asked.request, visit.session_hash, environment=services.deployment.mode.value)
        return visit.redirect(visit.request.url.path)
    if act not in {AGREE, REFUSE, REPORT}:
        raise InputInvalid
    command = AnswerRequest(
        request=asked.request,
        session_hash=visit.session_hash,
        approve=act == AGREE,
        allowed=frozenset(c for c in asked.request.claims if visit.form.get(f"claim_{c}") == "yes") | {Claim.IS_PERSON},
        match_number=_picked(visit),
        environment=services.deployment.mode.value,
    )
    try:
        _record(visit, command, report=act == REPORT)
    except (IntentionNotConfirmed, MatchNumberMissing) as error:
        return request_page(visit, asked, error)
    except (RequestFinished, HolderNotUsable, AgreementNotAccepted):
        # The page at the same address says where it stands.
        return visit.redirect(visit.request.url.path)
    return visit.redirect(visit.request.url.path)


def _record(visit: Visit, command: AnswerRequest, *, report: bool) -> None:
    answer = with_eid_parts(visit, command)
    if report:
        visit.act(refuse_and_report, answer, calendar=visit.services.deployment.calendar)
    else:
        visit.act(answer_any_request, answer)


def _answered_or_none(
    visit: Visit, asked: ShownRequest, signed_in: SignedIn | None, stored: Repositories
) -> Response | None:
    if asked.request.state is not RequestState.FINISHED or signed_in is None:
        return None
    return receipt_page(visit, asked, signed_in.holder.holder_id, stored)


def _check_not_refused(visit: Visit, asked: ShownRequest, holder_id: HolderId, stored: Repositories) -> None:
    rest = visit.services.deployment.refusals_rest
    check_not_refused_before(asked.request, holder_id, rest=rest, stored=stored, now=visit.now)


def _set_aside(visit: Visit, asked: ShownRequest, error: RefusedBefore, signed_in: SignedIn | None) -> Response:
    if signed_in is None:
        raise SessionMissing
    visit.act(set_aside, asked.request, visit.session_hash)
    return standing_page(visit, asked, error, signed_in=True)


def _signed_in(visit: Visit, stored: Repositories) -> SignedIn | None:
    try:
        signed_in = visit.signed_in(stored)
        require_device(signed_in, stored=stored)
    except (SessionMissing, DeviceNotBound):
        return None
    return signed_in


def _picked(visit: Visit) -> int | None:
    text = visit.form.get("match", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MAX_NUMBER_DIGITS else None
