"""What its holder refused before is set aside, and declined by itself unless the holder takes it up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.claims import Claim
from eztong.domain.codes.verification import Outcome
from eztong.domain.identifiers import RequestId
from eztong.domain.requests.cool_down import RefusedBefore
from eztong.domain.requests.request import (
    Request,
    RequestState,
)
from eztong.usecases.requests.set_request_aside import (
    check_not_refused_before,
    decline_set_aside,
    set_aside,
    take_up,
)
from tests.unit.usecases.fakes import START
from tests.unit.usecases.requests.acts import (
    REST,
    answer,
    approving,
    ask,
    declining,
    now_of,
    suspend,
)
from tests.unit.usecases.stage import LI, WANG, Stage

# --- set aside ----------------------------------------------------------------------------------------------------


def test_the_same_question_rests_for_a_week_after_a_refusal(stage: Stage) -> None:
    answer(stage, declining(ask(stage)))
    again, holder_id = ask(stage), stage.holder_id()
    with pytest.raises(RefusedBefore) as refusal:
        stage.act(check_not_refused_before, again, holder_id, rest=REST)
    assert (refusal.value.at, refusal.value.until) == (START, START + REST)
    stage.act(check_not_refused_before, again, stage.holder_id(WANG), rest=REST)
    stage.act(check_not_refused_before, replace(again, claims=frozenset({Claim.IS_PERSON})), holder_id, rest=REST)
    stage.clock.pass_by(days=7)
    stage.act(check_not_refused_before, again, holder_id, rest=REST)


def aside(stage: Stage) -> Request:
    answer(stage, declining(ask(stage)))
    again = ask(stage)
    stage.act(set_aside, again, LI.session)
    return again


def test_a_request_that_was_set_aside_is_declined_by_itself_within_a_minute(stage: Stage) -> None:
    request = aside(stage)
    assert now_of(stage, request).state is RequestState.DOING
    stage.clock.pass_by(seconds=19)
    assert decline_set_aside(services=stage.services) == 0
    stage.clock.pass_by(seconds=42)
    assert decline_set_aside(services=stage.services) == 1
    finished = now_of(stage, request)
    assert (finished.state, finished.holder_id) == (RequestState.FINISHED, stage.holder_id())
    made = stage.read(lambda stored: stored.verifications.list(request.partner_id, before=None, limit=1))[0]
    assert (made.outcome, made.reason, made.request_id) == (Outcome.DECLINED, "refused_before", request.request_id)
    assert decline_set_aside(services=stage.services) == 0


def test_setting_it_aside_again_moves_no_moment(stage: Stage) -> None:
    request = aside(stage)
    first = stage.read(lambda stored: stored.requests.set_aside_of(request.request_id))
    stage.clock.pass_by(seconds=5)
    stage.act(set_aside, now_of(stage, request), LI.session)
    assert stage.read(lambda stored: stored.requests.set_aside_of(request.request_id)) == first


def test_a_request_that_was_taken_up_is_asked_after_all(stage: Stage) -> None:
    request, holder_id = aside(stage), stage.holder_id()
    assert not stage.act(take_up, request, WANG.session)
    assert stage.act(take_up, request, LI.session)
    assert not stage.act(take_up, request, LI.session)
    stage.act(check_not_refused_before, request, holder_id, rest=REST)
    stage.clock.pass_by(seconds=61)
    assert decline_set_aside(services=stage.services) == 0
    stage.unlock()
    assert answer(stage, approving(request)).verification.outcome is Outcome.PASSED


def test_a_partner_that_was_suspended_meanwhile_gets_no_answer_of_any_kind(stage: Stage) -> None:
    request = aside(stage)
    suspend(stage)
    stage.clock.pass_by(seconds=61)
    assert decline_set_aside(services=stage.services) == 0
    assert stage.rows()["verifications"] == 1
    kept = stage.read(lambda stored: stored.requests.find(RequestId(request.request_id)))
    assert kept is not None
    assert kept.verification_id is None


def test_an_answer_that_failed_is_tried_again_and_keeps_no_other_waiting(stage: Stage) -> None:
    request = aside(stage)
    stage.clock.moment = request.expires_at
    assert decline_set_aside(services=stage.services) == 0
    assert stage.rows()["verifications"] == 1
