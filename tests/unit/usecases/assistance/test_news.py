"""What a helper hears, and what never reaches them; what a loss, a stop and the end of an account do to the help."""

from __future__ import annotations

import json

import pytest

from eztong.domain.assistance.assistance import NEWS_OF_ELDER, AssistanceEnd, AssistanceState
from eztong.domain.assistance.copied import TELLINGS, NewsGoes
from eztong.domain.holder import FreezeCause, FreezeReason, HolderState, Stopped
from eztong.domain.notices import Message, Topic
from eztong.i18n.notices import render_notice, render_text
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.notices.keep_notice import open_notice
from eztong.usecases.vault import open_vault
from tests.unit.usecases.assistance.helping import (
    ELDER,
    HELPER,
    accept,
    again,
    end,
    happened,
    helping,
    invite,
    messages_to,
    tell,
)
from tests.unit.usecases.deregistration.leaving import ask, run
from tests.unit.usecases.stage import Stage

S = AssistanceState
COPIED = sorted(topic for topic, one in TELLINGS.items() if one.told is NewsGoes.ALWAYS)
PARAMS = {"until": "2026-02-01", "link": "https://eztong.example/stop/secret", "number": "139****0001", "cause": "risk"}


def news(stage: Stage) -> list[Message]:
    return [one for one in messages_to(stage, HELPER) if one.topic is Topic.HELPER_NEWS]


@pytest.mark.parametrize("topic", COPIED)
def test_the_helper_hears_that_it_happened_and_nothing_of_the_message(stage: Stage, topic: Topic) -> None:
    began = helping(stage)
    tell(stage, topic, PARAMS)
    (told,) = news(stage)
    assert told.params.keys() == {"what", "role", "assistance", "name"}
    assert (told.params["what"], told.params["assistance"]) == (topic.value, began.assistance_id)
    for language in ("zh-CN", "en"):
        text = render_text(Message(topic=told.topic, language=language, params=told.params))
        assert told.params["name"] in text
        for secret in (ELDER.name, ELDER.number, ELDER.phone, *PARAMS.values()):
            assert secret not in text


@pytest.mark.parametrize("topic", sorted(set(Topic) - set(COPIED) - {Topic.CODE_USED}))
def test_of_everything_else_the_helper_hears_nothing(stage: Stage, topic: Topic) -> None:
    helping(stage, with_uses=True)
    tell(stage, topic, PARAMS)
    assert messages_to(stage, HELPER) == []


def test_who_flips_a_switch_does_not_flood_the_helper(stage: Stage) -> None:
    helping(stage)
    for _ in range(3 * NEWS_OF_ELDER.amount):
        tell(stage, Topic.ACCOUNT_RESTRICTED, PARAMS)
    assert len(news(stage)) == NEWS_OF_ELDER.amount
    tell(stage, Topic.ACCOUNT_FROZEN, PARAMS)
    assert len(news(stage)) == NEWS_OF_ELDER.amount + 1, "other news is told all the same"
    stage.clock.pass_by(hours=2)
    tell(stage, Topic.ACCOUNT_RESTRICTED, PARAMS)
    assert len(news(stage)) == NEWS_OF_ELDER.amount + 2


@pytest.mark.parametrize("with_uses", [False, True])
def test_uses_are_told_only_if_the_elder_ticked_it(stage: Stage, with_uses: bool) -> None:
    helping(stage, with_uses=with_uses)
    tell(stage, Topic.CODE_USED, {"partner": "Hotel", "at": "01-15 09:00", "link": "https://secret"})
    assert len(news(stage)) == with_uses
    assert not any("Hotel" in str(one.params) or "secret" in str(one.params) for one in news(stage))


def test_the_helpers_own_notice_has_no_name_in_it(stage: Stage) -> None:
    began = helping(stage)
    tell(stage, Topic.PIN_CHANGED)
    helper = stage.holder(HELPER)
    kept = stage.read(lambda stored: stored.notices.page(helper.holder_id, before=None, limit=20))
    (notice,) = [one for one in kept if one.topic == Topic.HELPER_NEWS]
    params = open_notice(notice, open_vault(helper, keys=stage.keys))
    assert params == {"what": "pin_changed", "role": "helper", "assistance": began.assistance_id}
    assert "somebody" in render_notice(Topic.HELPER_NEWS, params, language="en")
    assert "name" not in json.dumps(dict(params))


def test_before_the_confirmation_and_after_the_end_nothing_is_told(stage: Stage) -> None:
    accept(stage, invite(stage))
    tell(stage, Topic.PIN_CHANGED)
    assert messages_to(stage, HELPER) == []
    began = helping(stage)
    end(stage, began)
    stage.empty_outbox()
    tell(stage, Topic.PIN_CHANGED)
    assert messages_to(stage, HELPER) == []


def test_after_its_time_nothing_is_told_though_no_job_came(stage: Stage) -> None:
    began = helping(stage, days=1)
    stage.clock.pass_by(days=1)
    tell(stage, Topic.PIN_CHANGED)
    assert news(stage) == []
    assert again(stage, began).is_open


def test_a_helper_whose_account_is_stopped_hears_nothing_until_it_is_not(stage: Stage) -> None:
    helping(stage)
    stage.change(HELPER, state=HolderState.FROZEN, freeze_cause=FreezeCause.SELF)
    tell(stage, Topic.PIN_CHANGED)
    assert messages_to(stage, HELPER) == []
    stage.change(HELPER, state=HolderState.ACTIVE, freeze_cause=None)
    tell(stage, Topic.PIN_CHANGED)
    assert len(news(stage)) == 1


def test_a_freeze_of_the_elder_is_told_and_what_comes_during_it_but_not_after_a_termination(stage: Stage) -> None:
    helping(stage)
    freeze = FreezeHolder(holder_id=stage.holder_id(ELDER), cause=FreezeCause.SELF, channel="test")
    stage.act(freeze_holder, freeze)
    tell(stage, Topic.RECOVERY_WAITING, PARAMS)
    assert [one.params["what"] for one in news(stage)] == ["account_frozen", "recovery_waiting"]
    stage.empty_outbox()
    stage.change(ELDER, state=HolderState.TERMINATED, freeze_cause=None, stopped=(Stopped(HolderState.ACTIVE),))
    tell(stage, Topic.DEVICE_BOUND)
    assert news(stage) == []


# --- a loss, and the end of an account ------------------------------------------------------------------------------


def lose(stage: Stage) -> None:
    command = FreezeHolder(
        holder_id=stage.holder_id(ELDER), cause=FreezeCause.SELF, channel="test", reason=FreezeReason.PHONE_LOST
    )
    stage.act(freeze_holder, command)


def test_a_told_loss_ends_a_help_that_a_thief_may_have_begun(stage: Stage) -> None:
    began = helping(stage, days=30)
    stage.clock.pass_by(days=2)
    lose(stage)
    assert (again(stage, began).state, again(stage, began).ended_by) == (S.ENDED, AssistanceEnd.STOPPED)
    assert news(stage) == [], "nor does the thief hear of the freeze"


def test_one_that_is_older_stays(stage: Stage) -> None:
    began = helping(stage, days=30)
    stage.clock.pass_by(days=3)
    lose(stage)
    assert again(stage, began).state is S.ACTIVE
    assert [one.params["what"] for one in news(stage)] == ["account_frozen"]


@pytest.mark.parametrize("is_typed", [False, True])
def test_every_freeze_ends_what_nobody_confirmed(stage: Stage, is_typed: bool) -> None:
    digits = invite(stage)
    if is_typed:
        accept(stage, digits)
    stage.act(freeze_holder, FreezeHolder(holder_id=stage.holder_id(ELDER), cause=FreezeCause.SELF, channel="test"))
    assert stage.select("SELECT state, ended_by FROM assistances") == [("ended", "stopped")]


def test_the_end_of_the_elders_account_takes_the_row_and_tells_the_helper_no_name(stage: Stage) -> None:
    helping(stage, days=30)
    name = stage.holder(ELDER)
    assert name.sealed_name
    ask(stage)
    assert [one.params["what"] for one in news(stage)] == ["deregistration_asked"]
    stage.empty_outbox()
    stage.clock.pass_by(hours=72)
    run(stage)
    assert stage.select("SELECT * FROM assistances") == []
    (told,) = messages_to(stage, HELPER)
    assert (told.topic, told.params) == (Topic.HELPING_ENDED, {"why": "account", "role": "helper"})


def test_the_end_of_the_helpers_account_takes_the_row_and_tells_the_elder(stage: Stage) -> None:
    helping(stage, days=30)
    ask(stage, session=HELPER.session)
    stage.empty_outbox()
    stage.clock.pass_by(hours=72)
    run(stage)
    assert stage.select("SELECT * FROM assistances") == []
    (told,) = messages_to(stage, ELDER)
    assert (told.topic, told.params) == (Topic.HELPER_ENDED, {"why": "account", "role": "elder"})
    events = [one for one in happened(stage, ELDER) if one.kind.value == "assistance_ended"]
    assert [(one.actor.value, one.fact("why")) for one in events] == [("system", "account")]
