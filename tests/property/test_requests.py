"""Requests: answered at most once, never after their time, whatever is tried in whatever order."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from eztong.domain.claims import Claim
from eztong.domain.errors import RequestFinished
from eztong.domain.grants import Grant, GrantState, granted_claims
from eztong.domain.identifiers import GrantId, HolderId, PartnerId, RequestId, VerificationId
from eztong.domain.requests.request import REQUEST_LIFE, Request, RequestState
from tests.simulators.batches import NOW

LIFE = int(REQUEST_LIFE.total_seconds())
SECOND = timedelta(seconds=1)


def fresh() -> Request:
    """Return a request that was just opened."""
    return Request(
        request_id=RequestId("req_01KF0000000000000000000000"),
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


class Flow(RuleBasedStateMachine):
    """A request on which partner, holder and time act."""

    def __init__(self) -> None:
        super().__init__()
        self.request = fresh()
        self.now = NOW
        self.answers = 0

    def is_open(self) -> bool:
        return self.answers == 0 and self.now < self.request.expires_at

    @rule(seconds=st.integers(0, LIFE // 2))
    def wait(self, seconds: int) -> None:
        self.now += SECOND * seconds

    @rule()
    def open(self) -> None:
        if not self.is_open():
            with pytest.raises(RequestFinished):
                self.request.opened(now=self.now)
            return
        self.request = self.request.opened(now=self.now)
        assert self.request.state is RequestState.DOING

    @rule(holder=st.sampled_from([None, HolderId("hld_1")]))
    def answer(self, holder: HolderId | None) -> None:
        verification_id = VerificationId(f"ver_{self.answers}")
        if not self.is_open():
            with pytest.raises(RequestFinished):
                self.request.finished(now=self.now, holder_id=holder, verification_id=verification_id)
            return
        self.request = self.request.finished(now=self.now, holder_id=holder, verification_id=verification_id)
        self.answers += 1

    @invariant()
    def what_is_shown_is_true(self) -> None:
        shown = self.request.as_of(self.now).state
        if self.answers:
            assert shown is RequestState.FINISHED
            assert self.request.verification_id == "ver_0"
        elif self.now >= self.request.expires_at:
            assert shown is RequestState.TIMEOUT
        else:
            assert shown in {RequestState.INIT, RequestState.DOING}


TestFlow = Flow.TestCase


@given(
    st.lists(
        st.tuples(st.sampled_from(GrantState), st.integers(-5, 5), st.frozensets(st.sampled_from(Claim))), max_size=5
    )
)
def test_only_live_grants_count(found: list[tuple[GrantState, int, frozenset[Claim]]]) -> None:
    grants = [
        Grant(
            grant_id=GrantId("grt"),
            holder_id=HolderId("hld"),
            partner_id=PartnerId("hotel"),
            scene="hotel_check_in",
            claims=claims,
            purpose="to check",
            state=state,
            granted_at=NOW - timedelta(days=9),
            expires_at=NOW + SECOND * ends,
        )
        for state, ends, claims in found
    ]
    live = [claims for state, ends, claims in found if state is GrantState.GRANTED and ends > 0]
    assert granted_claims(grants, now=NOW) == frozenset().union(*live)
