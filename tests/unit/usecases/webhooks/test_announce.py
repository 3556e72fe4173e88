"""What is told is written down with what happened, for those who chose it, and holds ids and states only."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.partner import PartnerState, Scope
from eztong.domain.webhooks.event import WebhookEventType
from eztong.domain.webhooks.news import KEY_ENDS_WITHIN
from eztong.ports.act import OPERATOR, SYSTEM
from eztong.usecases.deregistration.answer_erasure import AnswerErasure, answer_erasure
from eztong.usecases.partners.authenticate_partner import IssueApiKey, issue_api_key, revoke_api_key
from eztong.usecases.requests.set_request_aside import set_aside
from tests.simulators.due_work import decline_due_refusals
from tests.unit.usecases.codes.asking import answered, asking, qr_of, show
from tests.unit.usecases.deregistration.leaving import leave
from tests.unit.usecases.deregistration.test_partner_events import ERASED, all_of, be_known
from tests.unit.usecases.requests.acts import answer, approving, ask, declining, now_of, suspend
from tests.unit.usecases.stage import FILE, LI, Stage
from tests.unit.usecases.webhooks.hearing import HOTEL, CollectingSender, deliver, deliveries, listen, waiting

T = WebhookEventType
KEY = IssueApiKey(partner_id=HOTEL, label="till", scopes=frozenset({Scope.READ}), live=False)


@pytest.fixture
def sender() -> CollectingSender:
    return CollectingSender()


def test_an_answered_request_is_told_with_its_verification(stage: Stage, sender: CollectingSender) -> None:
    listen(stage)
    request = ask(stage)
    verification = answer(stage, approving(request)).verification
    deliver(stage, sender)
    ids = {"request_id": request.request_id, "verification_id": verification.verification_id}
    assert sender.bodies == [
        {"type": "request.finished", "timestamp": "2026-03-02T01:00:00.000Z"}
        | {"data": ids | {"state": "finished", "outcome": "passed"}},
        {"type": "verification.completed", "timestamp": "2026-03-02T01:00:00.000Z"}
        | {"data": ids | {"outcome": "passed"}},
    ]


def test_a_refusal_is_told_alike_whoever_made_it(stage: Stage, sender: CollectingSender) -> None:
    listen(stage, T.REQUEST_DECLINED, T.REQUEST_FINISHED)
    for decline in (declining, lambda request: replace(approving(request), match_number=request.match_number + 1)):
        answer(stage, decline(ask(stage)))
    aside = ask(stage)
    stage.act(set_aside, aside, LI.session)
    deliver(stage, sender, rounds=3)
    assert len(sender.sent) == 2
    stage.clock.pass_by(minutes=9)
    decline_due_refusals(services=stage.services)
    deliver(stage, sender, rounds=3)
    told = [{**body, "timestamp": "", "data": sorted(body["data"])} for body in sender.bodies]
    assert len(told) == 3
    assert told[0] == told[1] == told[2]
    assert {body["data"]["outcome"] for body in sender.bodies} == {"declined"}


def test_a_request_that_nobody_answers_is_told_when_its_time_is_over_and_no_other(
    stage: Stage, sender: CollectingSender
) -> None:
    added = listen(stage, T.REQUEST_EXPIRED)
    lost, kept = ask(stage), ask(stage)
    answer(stage, approving(kept))
    deliver(stage, sender, rounds=3)
    assert (sender.sent, deliveries(stage, added)) == ([], [])
    stage.clock.pass_by(minutes=10)
    assert now_of(stage, lost).state.value == "timeout"
    deliver(stage, sender, rounds=4)
    assert [body["data"] for body in sender.bodies] == [{"request_id": lost.request_id, "state": "timeout"}]
    assert [one.subject for one in deliveries(stage, added)] == [lost.request_id]
    assert waiting(stage) == []


def test_what_a_code_showed_is_told_by_no_event(stage: Stage) -> None:
    added = listen(stage)
    answered(stage, asking(stage, qr_of(show(stage))))
    assert deliveries(stage, added) == []


def test_only_who_chose_it_hears_and_only_the_partner_it_is_about(stage: Stage, sender: CollectingSender) -> None:
    deaf = listen(stage, T.KEY_CREATED)
    other = listen(stage, partner_id=PartnerId("library"))
    first, second = listen(stage, T.REQUEST_FINISHED), listen(stage, T.REQUEST_FINISHED)
    answer(stage, approving(ask(stage)))
    deliver(stage, sender)
    assert [len(deliveries(stage, one)) for one in (deaf, other, first, second)] == [0, 0, 1, 1]
    assert len(set(sender.ids)) == 1


def test_what_is_undone_is_told_to_nobody(stage: Stage) -> None:
    added = listen(stage)
    with pytest.raises(ZeroDivisionError):
        stage.write(lambda uow: (stage.services.job(OPERATOR, issue_api_key, KEY)(uow), 1 / 0))
    assert deliveries(stage, added) == []


def test_keys_are_told_when_they_are_made_when_they_end_and_before_that(stage: Stage, sender: CollectingSender) -> None:
    listen(stage)
    key, _text = stage.act(issue_api_key, replace(KEY, life=timedelta(days=100)), by=SYSTEM)
    short, _text = stage.act(issue_api_key, replace(KEY, life=timedelta(days=2)), by=SYSTEM)
    lasting, _text = stage.act(issue_api_key, KEY, by=SYSTEM)
    deliver(stage, sender)
    assert sender.types == ["api_key.created"] * 3
    stage.act(revoke_api_key, HOTEL, lasting.key_id, by=SYSTEM)
    stage.clock.pass_by(days=1)
    deliver(stage, sender, rounds=2)
    assert [(body["type"], body["data"]["api_key_id"]) for body in sender.bodies[3:]] == [
        ("api_key.revoked", lasting.key_id),
        ("api_key.ending", short.key_id),
    ]
    stage.clock.pass_by(days=99 - KEY_ENDS_WITHIN.days)
    deliver(stage, sender, rounds=2)
    assert sender.bodies[5:][0]["data"] == {"api_key_id": key.key_id, "state": "ending"}


def test_an_end_that_a_revocation_came_before_is_not_told_and_one_of_before_the_endpoint_is(
    stage: Stage, sender: CollectingSender
) -> None:
    kept, _text = stage.act(issue_api_key, replace(KEY, life=timedelta(days=30)), by=SYSTEM)
    revoked, _text = stage.act(issue_api_key, replace(KEY, life=timedelta(days=30)), by=SYSTEM)
    listen(stage, T.KEY_ENDING)
    stage.act(revoke_api_key, HOTEL, revoked.key_id, by=SYSTEM)
    stage.clock.pass_by(days=16)
    deliver(stage, sender, rounds=4)
    assert [body["data"]["api_key_id"] for body in sender.bodies] == [kept.key_id]


# --- codes that ended ---------------------------------------------------------------------------------------------


def left(stage: Stage) -> None:
    be_known(stage)
    leave(stage)


def test_a_code_that_ended_is_told_at_the_moment_that_was_drawn_and_not_seen_before(
    stage: Stage, sender: CollectingSender
) -> None:
    added = listen(stage)
    left(stage)
    (event,) = all_of(stage)
    deliver(stage, sender, rounds=3)
    assert (sender.sent, deliveries(stage, added)) == ([], [])
    stage.clock.moment = event.tell_at - timedelta(milliseconds=1)
    deliver(stage, sender)
    assert sender.sent == []
    stage.clock.moment = event.tell_at
    deliver(stage, sender, rounds=2)
    data = {"event_id": event.event_id, "erasure_request_id": event.erasure_id, "partner_code": event.partner_code}
    assert [(body["type"], body["data"]) for body in sender.bodies] == [
        ("partner_code.ended", data),
        ("erasure_request.asked", data),
    ]
    assert {one.due_at for one in deliveries(stage, added)} == {event.tell_at}


@pytest.mark.parametrize("answers", [True, False])
def test_a_partner_that_owes_an_answer_is_reminded(stage: Stage, sender: CollectingSender, *, answers: bool) -> None:
    listen(stage, T.ERASURE_DUE)
    left(stage)
    (event,) = all_of(stage)
    stage.clock.moment = event.tell_at
    if answers:
        stage.act(answer_erasure, AnswerErasure(caller=stage.caller(), erasure_id=event.erasure_id, answer=ERASED))
    stage.clock.pass_by(days=30)
    deliver(stage, sender, rounds=2)
    assert sender.types == ([] if answers else ["erasure_request.due"])


def test_a_suspended_partner_hears_nothing_that_the_api_would_not_answer(
    stage: Stage, sender: CollectingSender
) -> None:
    added = listen(stage)
    answer(stage, approving(ask(stage)))
    suspend(stage)
    deliver(stage, sender, rounds=4)
    assert sender.sent == []
    assert {one.failure and one.failure.value for one in deliveries(stage, added)} == {"partner_not_approved"}
    stage.write(lambda uow: uow.partners.set_state(HOTEL, PartnerState.APPROVED))
    stage.clock.pass_by(minutes=15)
    deliver(stage, sender, rounds=2)
    assert sorted(sender.types) == ["request.finished", "verification.completed"]


def test_an_endpoint_that_cannot_be_read_keeps_nobody_from_an_answer(stage: Stage, sender: CollectingSender) -> None:
    good = listen(stage, T.REQUEST_FINISHED)
    bad = listen(stage, T.REQUEST_FINISHED)
    with closing(sqlite3.connect(stage.folder / FILE)) as connection, connection:
        changed = "UPDATE webhook_endpoints SET event_types = 'no.such.event' WHERE endpoint_id = ?"
        assert connection.execute(changed, (bad.endpoint.endpoint_id,)).rowcount == 1
    answer(stage, approving(ask(stage)))
    assert stage.take_left_out() == {("webhooks", "RowDamaged")}
    deliver(stage, sender)
    assert len(deliveries(stage, good)) == len(sender.sent) == 1
