"""A request is opened once, answered once, and declined by itself where its holder refused the same before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from eztong.domain.canonical_json import parse_document
from eztong.domain.claims import Claim
from eztong.domain.codes.presentation_code import Method
from eztong.domain.codes.verification import Outcome
from eztong.domain.errors import (
    AgreementNotAccepted,
    ClaimNotAllowed,
    DeskUnknown,
    EztongError,
    HolderFrozen,
    HolderRestricted,
    IdempotencyConflict,
    Locked,
    MatchNumberMissing,
    NotFound,
    RequestFinished,
    SceneNotAllowed,
    SessionMissing,
)
from eztong.domain.grants import GrantState
from eztong.domain.holder import Assurance, FreezeCause, HolderState
from eztong.domain.requests.request import (
    MATCH_NUMBER_WRONG,
    AskerNotApproved,
    PartnerSwitchedOff,
    RequestExpired,
    RequestState,
)
from eztong.domain.restrictions.mark import Ceiling
from eztong.domain.working_days import WorkCalendar
from eztong.ports.act import SYSTEM
from eztong.usecases.eid.answer_eid_flow import AnswerEidFlow
from eztong.usecases.idempotency import idempotency_key
from eztong.usecases.partners.register_partner import approve_scene
from eztong.usecases.records.refuse_and_report import refuse_and_report
from eztong.usecases.requests.check_answerable import check_answerable, check_still_asked
from eztong.usecases.requests.open_request import (
    begin_answering,
    find_by_token,
    open_request,
    read_request,
    request_token,
    start_request,
)
from tests.unit.usecases.consent import withdraw
from tests.unit.usecases.fakes import START
from tests.unit.usecases.requests.acts import (
    WANTS,
    answer,
    approving,
    ask,
    asked,
    declining,
    grants,
    now_of,
    suspend,
)
from tests.unit.usecases.stage import LI, Stage

# --- opened -------------------------------------------------------------------------------------------------------


def test_a_request_is_stored_as_it_was_asked_and_lives_as_long_as_it_says(stage: Stage) -> None:
    request = ask(stage)
    assert request == now_of(stage, request)
    assert (request.scene, request.desk, request.claims) == ("hotel_check_in", "front-1", WANTS)
    assert (request.grant_days, request.reference, request.state) == (30, "order 7", RequestState.INIT)
    assert 10 <= request.match_number <= 99
    assert request.created_at == START
    stage.clock.moment = request.expires_at
    assert now_of(stage, request).state is RequestState.TIMEOUT


def test_the_links_token_can_be_made_again_and_finds_the_request(stage: Stage) -> None:
    request = ask(stage)
    token = request_token(request.request_id, keys=stage.keys)
    assert token == request_token(request.request_id, keys=stage.keys)
    assert stage.act(find_by_token, token) == request
    with pytest.raises(NotFound):
        stage.act(find_by_token, "another")


def test_the_same_key_and_body_opens_one_request(stage: Stage) -> None:
    key = idempotency_key("k", body=b"body", operation="requests", keys=stage.keys)
    first = stage.act(open_request, asked(stage, key=key))
    before = stage.rows()
    assert stage.act(open_request, asked(stage, key=key)) == first
    assert stage.rows() == before
    other = idempotency_key("k", body=b"other", operation="requests", keys=stage.keys)
    with pytest.raises(IdempotencyConflict):
        stage.act(open_request, asked(stage, key=other))


def test_a_partner_asks_only_what_it_may_and_reads_only_its_own(stage: Stage) -> None:
    before, command = stage.rows(), asked(stage)
    for wrong, error in (
        (replace(command, scene="library_entry"), SceneNotAllowed),
        (replace(command, desk="gate-1"), DeskUnknown),
        (replace(command, caller=stage.caller("library"), scene="library_entry", desk=None), ClaimNotAllowed),
    ):
        with pytest.raises(error):
            stage.act(open_request, wrong)
    assert stage.rows() == before
    request = ask(stage)
    with pytest.raises(NotFound):
        stage.act(read_request, request.request_id, caller=stage.caller("library"))


def test_a_holder_opens_it_once_or_more_often_but_not_when_it_is_over(stage: Stage) -> None:
    request = ask(stage)
    opened = stage.act(start_request, request)
    assert opened.state is now_of(stage, request).state is RequestState.DOING
    assert stage.act(start_request, opened) == opened
    with pytest.raises(RequestFinished):
        stage.act(start_request, request)
    stage.clock.moment = request.expires_at
    with pytest.raises(RequestFinished):
        stage.act(start_request, opened)


def test_what_is_asked_is_shown_to_an_unlocked_session_only(stage: Stage) -> None:
    request = ask(stage)
    stage.lock()
    with pytest.raises(Locked):
        stage.act(begin_answering, request, LI.session)
    assert now_of(stage, request).state is RequestState.INIT
    stage.unlock()
    assert stage.act(begin_answering, request, LI.session) == now_of(stage, request)
    assert now_of(stage, request).state is RequestState.DOING


# --- answerable ---------------------------------------------------------------------------------------------------


def test_a_request_that_nobody_can_answer_says_why(stage: Stage) -> None:
    request = ask(stage)
    stage.act(check_still_asked, request, stage.partner())
    suspend(stage)
    with pytest.raises(AskerNotApproved):
        stage.act(check_still_asked, request, stage.partner())
    with pytest.raises(RequestFinished):
        stage.act(check_still_asked, replace(request, state=RequestState.FINISHED), stage.partner())
    stage.clock.moment = request.expires_at
    with pytest.raises(RequestExpired):
        stage.act(check_still_asked, request, stage.partner())


def test_a_holder_whose_approval_could_not_pass_is_told_why(stage: Stage) -> None:
    request = ask(stage)
    scene = stage.read(lambda stored: stored.partners.scene(request.partner_id, request.scene))
    assert scene is not None
    holder_id = stage.holder_id()
    stage.act(check_answerable, request, scene, stage.holder())
    high = replace(scene, floor=Assurance.SUBSTANTIAL)
    with pytest.raises(HolderRestricted):
        stage.act(check_answerable, request, high, replace(stage.holder(), ceiling=Ceiling.LOW))
    stage.write(lambda uow: uow.grants.set_switch(holder_id, request.partner_id, on=False, now=START))
    with pytest.raises(PartnerSwitchedOff):
        stage.act(check_answerable, request, scene, stage.holder())
    withdraw(stage)
    with pytest.raises(AgreementNotAccepted):
        stage.act(check_answerable, request, scene, stage.holder())


# --- answered -----------------------------------------------------------------------------------------------------


def test_an_approval_is_a_verification_and_a_grant(stage: Stage) -> None:
    request = ask(stage)
    answered = answer(stage, approving(request))
    made = answered.verification
    assert (made.outcome, made.method, made.request_id) == (Outcome.PASSED, Method.REQUEST, request.request_id)
    assert (made.partner_id, made.scene, made.desk, made.code_id) == ("hotel", "hotel_check_in", "front-1", None)
    assert parse_document(answered.result)["claims"] == {"is_person": True, "age_over_18": True}
    finished = now_of(stage, request)
    assert (finished.state, finished.holder_id) == (RequestState.FINISHED, stage.holder_id())
    assert finished.verification_id == made.verification_id
    (grant,) = grants(stage)
    assert (grant.claims, grant.state, grant.request_id) == (WANTS, GrantState.GRANTED, request.request_id)
    assert grant.expires_at == START + timedelta(days=30)
    assert grant.purpose == "办理入住登记时确认是您本人"


def test_for_this_time_only_the_grant_is_on_record_and_covers_nothing_after(stage: Stage) -> None:
    answer(stage, approving(ask(stage, days=0)))
    (grant,) = grants(stage)
    assert (grant.state, grant.expires_at) == (GrantState.LAPSED, START)


def test_what_was_switched_off_is_withheld_and_grants_nothing(stage: Stage) -> None:
    answered = answer(stage, approving(ask(stage), allowed=frozenset({Claim.IS_PERSON})))
    assert parse_document(answered.result)["withheld"] == {"age_over_18": "not_granted"}
    assert grants(stage) == []


def test_no_more_leaves_than_was_asked(stage: Stage) -> None:
    answered = answer(stage, approving(ask(stage), allowed=frozenset(Claim)))
    assert set(parse_document(answered.result)["claims"]) == {"is_person", "age_over_18"}
    assert grants(stage)[0].claims == WANTS


def test_declining_takes_no_unlock_and_no_number(stage: Stage) -> None:
    request = ask(stage)
    stage.lock()
    made = answer(stage, declining(request)).verification
    assert (made.outcome, made.reason) == (Outcome.DECLINED, None)
    assert grants(stage) == []
    assert now_of(stage, request).state is RequestState.FINISHED


def test_a_wrong_number_declines_and_there_is_no_second_guess(stage: Stage) -> None:
    request = ask(stage)
    made = answer(stage, approving(request, match_number=request.match_number + 1)).verification
    assert (made.outcome, made.reason) == (Outcome.DECLINED, MATCH_NUMBER_WRONG)
    with pytest.raises(RequestFinished):
        answer(stage, approving(request))
    assert grants(stage) == []


def test_a_reason_that_was_found_before_ends_an_approval_as_not_passed(stage: Stage) -> None:
    made = answer(stage, approving(ask(stage), refused_because="name_differs")).verification
    assert (made.outcome, made.reason) == (Outcome.NOT_PASSED, "name_differs")
    assert grants(stage) == []


def test_a_restricted_account_is_not_enough_for_a_scene_that_needs_more(stage: Stage) -> None:
    request = ask(stage)
    scene = stage.read(lambda stored: stored.partners.scene(request.partner_id, request.scene))
    assert scene is not None
    stage.act(approve_scene, request.partner_id, replace(scene, scene="vault", floor=Assurance.SUBSTANTIAL), by=SYSTEM)
    stage.mark()
    high = stage.act(open_request, replace(asked(stage), scene="vault"))
    made = answer(stage, approving(high)).verification
    assert (made.outcome, made.reason) == (Outcome.NOT_PASSED, "document_expired")
    assert answer(stage, approving(request)).verification.outcome is Outcome.PASSED


def test_the_switch_is_asked_at_the_moment_of_answering(stage: Stage) -> None:
    request, holder_id = ask(stage), stage.holder_id()
    stage.write(lambda uow: uow.grants.set_switch(holder_id, request.partner_id, on=False, now=START))
    made = answer(stage, approving(request)).verification
    assert (made.outcome, made.reason) == (Outcome.NOT_PASSED, "partner_switched_off")


def locked(stage: Stage) -> None:
    stage.lock()


def frozen(stage: Stage) -> None:
    stage.change(state=HolderState.FROZEN, freeze_cause=FreezeCause.SELF)


def signed_out(stage: Stage) -> None:
    session = replace(stage.session(), revoked_at=START)
    stage.write(lambda uow: uow.sessions.update(session))


def over(stage: Stage) -> None:
    stage.clock.pass_by(days=1)


@pytest.mark.parametrize(
    ("happened", "error"),
    [
        (locked, Locked),
        (frozen, HolderFrozen),
        (withdraw, AgreementNotAccepted),
        (signed_out, SessionMissing),
        (suspend, RequestFinished),
        (over, RequestFinished),
    ],
)
def test_who_may_not_approve_answers_nothing(
    stage: Stage, happened: Callable[[Stage], None], error: type[EztongError]
) -> None:
    request = ask(stage)
    happened(stage)
    with pytest.raises(error):
        answer(stage, approving(request))
    assert (stage.rows()["verifications"], stage.rows()["grants"]) == (0, 0)


def test_an_approval_without_a_number_answers_nothing(stage: Stage) -> None:
    request = ask(stage)
    with pytest.raises(MatchNumberMissing):
        answer(stage, approving(request, match_number=None))
    assert now_of(stage, request) == request


def test_a_request_whose_scene_is_gone_is_not_found(stage: Stage) -> None:
    with pytest.raises(NotFound):
        answer(stage, declining(replace(ask(stage), scene="gone")))


def test_refusing_and_reporting_are_stored_together(stage: Stage) -> None:
    request = ask(stage)

    def refuse() -> object:
        return stage.act(
            refuse_and_report, AnswerEidFlow(answer=declining(request), findings=()), calendar=WorkCalendar()
        )

    refuse()
    (report,) = stage.read(lambda stored: stored.reports.list(stage.holder_id()))
    assert (report.record_id, report.froze, report.sealed_note) == (
        now_of(stage, request).verification_id,
        False,
        None,
    )
    with pytest.raises(RequestFinished):
        refuse()
    assert stage.holder().state is HolderState.ACTIVE
