"""Where a request stands when it cannot be agreed to: what is true now, and the next step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from eztong.citizen.browser.kept_way import keep_way
from eztong.citizen.journey import IDENTITY_CHECK
from eztong.citizen.requests.page import ShownRequest, names
from eztong.citizen.visit import Visit
from eztong.domain.errors import (
    AgreementNotAccepted,
    EztongError,
    HolderFrozen,
    HolderNotActive,
    HolderRestricted,
    HolderTerminated,
    RequestFinished,
)
from eztong.domain.holder import FreezeNotOwn
from eztong.domain.requests.cool_down import RefusedBefore
from eztong.domain.requests.request import AskerNotApproved, PartnerSwitchedOff, RequestExpired
from eztong.domain.standing import NothingPasses
from eztong.i18n.moments import moment_words
from eztong.usecases.eid.tell_expired import may_tell_expired


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """How the state looks, and the page that comes next; ``is_open`` says that the request still waits."""

    tone: str
    icon: str
    path: str = ""
    words: str = ""
    is_open: bool = False
    comes_back: bool = False


WAYS: Final[Mapping[type[EztongError], _Way]] = {
    RequestExpired: _Way(tone="info", icon="wait"),
    RequestFinished: _Way(tone="info", icon="info"),
    AskerNotApproved: _Way(tone="warning", icon="stop"),
    HolderFrozen: _Way(tone="warning", icon="lock", path="/recover", words="way.recover", is_open=True),
    FreezeNotOwn: _Way(tone="warning", icon="lock", is_open=True),
    HolderRestricted: _Way(tone="warning", icon="warn", path=IDENTITY_CHECK, words="way.identity", is_open=True),
    NothingPasses: _Way(tone="warning", icon="stop", path=IDENTITY_CHECK, words="way.identity", is_open=True),
    HolderTerminated: _Way(tone="danger", icon="stop", path="/register/result", words="way.result", is_open=True),
    HolderNotActive: _Way(
        tone="info", icon="person", path="/register/result", words="standing.finish", is_open=True, comes_back=True
    ),
    AgreementNotAccepted: _Way(
        tone="info", icon="paper", path="/register", words="way.documents", is_open=True, comes_back=True
    ),
    RefusedBefore: _Way(tone="info", icon="stop", is_open=True),
    PartnerSwitchedOff: _Way(tone="info", icon="sliders", path="/grants", words="standing.to_grants", is_open=True),
}


def standing_page(visit: Visit, asked: ShownRequest, error: EztongError, *, signed_in: bool) -> Response:
    """Return the page of a state; a request that is still open can be refused on it.

    Raises:
        EztongError: ``error`` itself, if it is no state that this page knows.
    """
    way = WAYS.get(type(error))
    if way is None:
        raise error
    response = visit.form_page(
        "requests/standing.html",
        because=error,
        code=error.code,
        way=way,
        may_refuse=way.is_open and signed_in,
        may_tell=signed_in and isinstance(error, HolderRestricted) and _may_tell(visit, asked),
        rest=_rest(visit, error),
        may_sign_in=type(error) is RequestFinished and not signed_in,
        **names(visit, asked),
    )
    return keep_way(visit, response) if way.comes_back else response


def _may_tell(visit: Visit, asked: ShownRequest) -> bool:
    with visit.services.store.read() as stored:
        return may_tell_expired(asked.request, visit.bound(stored).holder.holder_id, stored=stored)


def _rest(visit: Visit, error: EztongError) -> str:
    """Return when the holder refused, and until when the question rests, for the holder alone."""
    if not isinstance(error, RefusedBefore):
        return ""
    at, until = (moment_words(moment, now=visit.now, words=visit.words) for moment in (error.at, error.until))
    return visit.words.text("request.rest", at=at, until=until)
