"""Requests: how each state follows, and the moment at which time is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from eztong.domain.claims import Claim
from eztong.domain.errors import RequestFinished
from eztong.domain.identifiers import HolderId, PartnerId, RequestId, VerificationId
from eztong.domain.requests.request import REQUEST_LIFE, Request, RequestState
from tests.simulators.batches import NOW

REQUEST = Request(
    request_id=RequestId("req_1"),
    partner_id=PartnerId("hotel"),
    scene="hotel_check_in",
    desk=None,
    claims=frozenset({Claim.IS_PERSON}),
    grant_days=0,
    match_number=42,
    state=RequestState.INIT,
    created_at=NOW,
    expires_at=NOW + REQUEST_LIFE,
)
LAST = REQUEST.expires_at - timedelta(microseconds=1)
VERIFICATION = VerificationId("ver_1")


def test_a_request_waits_ten_minutes() -> None:
    assert timedelta(minutes=10) == REQUEST_LIFE
    assert REQUEST.as_of(LAST).state is RequestState.INIT
    assert REQUEST.as_of(REQUEST.expires_at).state is RequestState.TIMEOUT


def test_opening_twice_is_the_same_as_once() -> None:
    once = REQUEST.opened(now=NOW)
    assert once.state is RequestState.DOING
    assert once.opened(now=LAST) == once


@pytest.mark.parametrize("state", [RequestState.INIT, RequestState.DOING])
def test_an_answer_finishes_it_for_good(state: RequestState) -> None:
    done = replace(REQUEST, state=state).finished(now=LAST, holder_id=HolderId("hld_1"), verification_id=VERIFICATION)
    assert (done.state, done.holder_id, done.verification_id) == (RequestState.FINISHED, "hld_1", "ver_1")
    assert done.as_of(NOW + timedelta(days=99)) == done
    for act in (
        lambda: done.opened(now=NOW),
        lambda: done.finished(now=NOW, holder_id=None, verification_id=VERIFICATION),
        lambda: done.check_open(now=NOW),
    ):
        with pytest.raises(RequestFinished):
            act()


@pytest.mark.parametrize("state", [RequestState.INIT, RequestState.DOING, RequestState.TIMEOUT])
def test_nothing_follows_the_end_of_its_time(state: RequestState) -> None:
    late = replace(REQUEST, state=state)
    with pytest.raises(RequestFinished):
        late.opened(now=REQUEST.expires_at)
    with pytest.raises(RequestFinished):
        late.finished(now=REQUEST.expires_at, holder_id=None, verification_id=VERIFICATION)
