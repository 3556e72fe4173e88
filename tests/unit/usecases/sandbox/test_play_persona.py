"""An invented person is registered in one call, as the pages would have done it, and in a sandbox only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from eztong.adapters.authority.synthetic import synthetic_citizen
from eztong.domain.access.device import DeviceState
from eztong.domain.access.unlock import UNLOCK_LIFE
from eztong.domain.codes.presentation_code import Channel
from eztong.domain.errors import AuthorityUnavailable, DeviceNotBound, NotFound, NotPermitted, Unavailable
from eztong.domain.holder import FreezeCause, Holder, HolderState
from eztong.domain.identifiers import HolderId
from eztong.domain.identity.authority_answer import AuthorityAnswer, AuthorityVerdict
from eztong.domain.identity.citizen_number import NumberInvalid
from eztong.ports.sandbox import SandboxPersona
from eztong.ports.services import Mode
from eztong.ports.storage.access.sessions import Session
from eztong.usecases.access.find_session import SESSION_LIFE, find_session
from eztong.usecases.sandbox.play_persona import (
    PlayedPersona,
    freeze,
    play_account,
    play_many,
    play_registration,
    show_code,
    sign_in_as,
)
from tests.simulators.due_work import resume_due_registrations
from tests.unit.usecases.codes.asking import answered, asking
from tests.unit.usecases.fakes import START
from tests.unit.usecases.stage import LI, Stage

BROWSER = b"a browser"
PENDING = AuthorityAnswer(verdict=AuthorityVerdict.PENDING, reference="r", detail_code="A90")


def persona(index: int = 7, expected: str = "active") -> SandboxPersona:
    name, number = synthetic_citizen(index)
    return SandboxPersona(
        key=f"S{index}",
        name=name,
        number=number,
        phone=f"139{index:08d}",
        story="故事",
        story_en="A story.",
        expected=expected,
    )


def play(stage: Stage, who: SandboxPersona | None = None) -> PlayedPersona:
    return stage.act(play_registration, who or persona())


def browsers(stage: Stage, holder: Holder) -> Session:
    stage.act(sign_in_as, holder.holder_id, BROWSER)
    return stage.session(BROWSER)


# --- one person ---------------------------------------------------------------------------------------------------


def test_a_persona_gets_an_account_with_agreements_phone_and_device(stage: Stage) -> None:
    before = stage.rows()
    played = play(stage)
    assert (played.is_new, played.holder.state) == (True, HolderState.ACTIVE)
    after = stage.rows()
    added = {table: after[table] - before[table] for table in ("holders", "acceptances", "devices", "sessions")}
    assert added == {"holders": 1, "acceptances": 2, "devices": 1, "sessions": 1}
    assert stage.read(lambda stored: stored.devices.primary(played.holder.holder_id)) is not None
    assert [message.phone for message in stage.messages()] == [persona().phone]
    assert stage.observer.seen[-1] == ("registration", "approve")
    assert stage.authority.asked[-1] == (persona().name, persona().number, persona().key)


def test_playing_again_finds_the_account_and_asks_nobody(stage: Stage) -> None:
    first = play(stage)
    asked, before = list(stage.authority.asked), stage.rows()
    assert play(stage) == PlayedPersona(first.holder, is_new=False)
    assert stage.act(play_account, persona()) == first.holder
    assert (stage.authority.asked, stage.rows()) == (asked, before)


def test_a_number_that_cannot_be_right_is_refused_before_anything_is_stored(stage: Stage) -> None:
    who = persona()
    last = "0" if who.number[-1] != "0" else "1"
    before = stage.rows()
    with pytest.raises(NumberInvalid):
        play(stage, replace(who, number=who.number[:-1] + last))
    assert stage.rows() == before


@pytest.mark.parametrize("away", [AuthorityUnavailable("away"), PENDING])
def test_an_application_without_an_answer_waits_and_is_no_account_to_act_as(
    stage: Stage, away: AuthorityAnswer | Exception
) -> None:
    stage.authority.answer = away
    assert play(stage).holder.state is HolderState.APPLIED
    with pytest.raises(Unavailable) as refusal:
        stage.act(play_account, persona())
    assert refusal.value.retry_after == 30
    assert ("registration", "approve") not in stage.observer.seen
    stage.authority.answer = None
    stage.clock.pass_by(minutes=1)
    assert resume_due_registrations(services=stage.services).done == 1
    assert stage.act(play_account, persona()).state is HolderState.ACTIVE


def test_whose_service_was_ended_before_waits_for_a_person(stage: Stage) -> None:
    holder = play(stage, persona(expected="terminated")).holder
    assert (holder.state, holder.reason) == (HolderState.UNDER_REVIEW, "service_ended_before")


def test_whoever_left_before_comes_back_as_a_new_generation(stage: Stage) -> None:
    holder = play(stage, persona(expected="deregistered_before")).holder
    assert holder.state is HolderState.ACTIVE
    assert len({holder.generation, play(stage, persona(8)).holder.generation}) == 2


@pytest.mark.parametrize("cause", FreezeCause)
def test_a_persona_whose_story_ends_frozen_is_frozen_once(stage: Stage, cause: FreezeCause) -> None:
    who = persona(expected=f"frozen:{cause}")
    holder = play(stage, who).holder
    assert (holder.state, holder.freeze_cause) == (HolderState.FROZEN, cause)
    reopened = replace(holder, state=HolderState.ACTIVE, freeze_cause=None, stopped=())
    stage.write(lambda uow: uow.holders.update(reopened))
    assert play(stage, who) == PlayedPersona(reopened, is_new=False)


def test_somebody_may_be_frozen_later_as_the_holder_would(stage: Stage) -> None:
    frozen = stage.act(freeze, stage.holder_id())
    assert (frozen.state, frozen.freeze_cause) == (HolderState.FROZEN, FreezeCause.SELF)
    assert [(one.kind, one.actor, one.fact("channel")) for one in stage.events()] == [("frozen", "holder", "sandbox")]


@pytest.mark.parametrize(
    ("verb", "given"),
    [
        (play_registration, (persona(),)),
        (play_account, (persona(),)),
        (play_many, ([persona()],)),
        (sign_in_as, (HolderId("hld_1"), BROWSER)),
        (freeze, (HolderId("hld_1"),)),
    ],
)
def test_outside_a_sandbox_nobody_is_played(
    stage: Stage, verb: Callable[..., object], given: tuple[object, ...]
) -> None:
    stage.deploy(mode=Mode.LIVE)
    before = stage.rows()
    with pytest.raises(NotPermitted):
        stage.act(verb, *given)
    assert stage.rows() == before


# --- many ---------------------------------------------------------------------------------------------------------


def test_many_are_registered_together_and_those_who_are_there_already_are_left(stage: Stage) -> None:
    first = play(stage, persona(11)).holder
    stage.observer.seen.clear()
    assert stage.act(play_many, [persona(11), persona(12), persona(13)]) == 2
    assert stage.observer.seen == [("registration", "approve")] * 2
    assert stage.act(play_account, persona(11)) == first
    assert stage.act(play_account, persona(13)).state is HolderState.ACTIVE
    assert stage.act(play_many, [persona(11), persona(12), persona(13)]) == 0


def test_many_whom_the_authority_does_not_answer_for_wait_and_are_not_counted_as_decided(stage: Stage) -> None:
    stage.observer.seen.clear()
    stage.authority.answer = PENDING
    assert stage.act(play_many, [persona(11), persona(12)]) == 2
    assert stage.observer.seen == []
    assert stage.applications() == 2


# --- acting as somebody -------------------------------------------------------------------------------------------


def test_a_browser_becomes_the_holders_with_a_bound_and_unlocked_device(stage: Stage) -> None:
    session = browsers(stage, play(stage).holder)
    assert (session.unlocked_until, session.expires_at) == (START + UNLOCK_LIFE, START + SESSION_LIFE)
    signed_in = stage.act(find_session, BROWSER)
    primary = stage.read(lambda stored: stored.devices.primary(signed_in.holder.holder_id))
    assert primary is not None
    assert (primary.device_id, primary.state, primary.label) == (session.device_id, DeviceState.BOUND, "browser")


def test_a_session_of_what_was_erased_sees_the_result_and_has_no_device(stage: Stage) -> None:
    erased = replace(play(stage).holder, phone_index=None)
    stage.write(lambda uow: uow.holders.update(erased))
    assert browsers(stage, erased).device_id is None


def test_nobody_can_be_signed_in_as_who_is_not_there(stage: Stage) -> None:
    with pytest.raises(NotFound):
        stage.act(sign_in_as, HolderId("hld_nobody"), BROWSER)


def test_a_code_is_shown_without_a_browser_and_passes_at_a_counter(stage: Stage) -> None:
    stage.lock()
    shown = stage.act(show_code, stage.holder_id(), Channel.SCREEN)
    assert answered(stage, asking(stage, shown.number)).verification.holder_id == stage.holder_id()
    assert stage.session().unlocked_until is None


def test_codes_in_a_row_share_a_session_until_its_last_half_minute(stage: Stage) -> None:
    before = stage.rows()["sessions"]
    for _ in range(2):
        stage.act(show_code, stage.holder_id(), Channel.SCREEN)
    assert stage.rows()["sessions"] == before + 1
    stage.clock.pass_by(seconds=UNLOCK_LIFE.total_seconds() - 30)
    assert stage.act(show_code, stage.holder_id(), Channel.SCREEN).expires_at > stage.clock.now()
    stage.clock.pass_by(seconds=60)
    assert stage.act(show_code, stage.holder_id(), Channel.SCREEN).expires_at > stage.clock.now()
    assert stage.rows()["sessions"] == before + 1


def test_after_a_freeze_ended_all_sessions_the_next_code_opens_one_again(stage: Stage) -> None:
    stage.act(show_code, stage.holder_id(), Channel.SCREEN)
    stage.write(lambda uow: uow.sessions.revoke_all(stage.holder_id(), now=stage.clock.now()))
    assert stage.act(show_code, stage.holder_id(), Channel.SCREEN).number


def test_nobody_shows_a_code_of_an_account_that_is_not_there(stage: Stage) -> None:
    with pytest.raises(NotFound):
        stage.act(show_code, HolderId("hld_nobody"), Channel.SCREEN)


def test_without_a_device_there_is_no_code(stage: Stage) -> None:
    device = stage.device()
    stage.write(lambda uow: uow.devices.set_state(device.holder_id, device.device_id, DeviceState.UNBOUND))
    with pytest.raises(DeviceNotBound):
        stage.act(show_code, device.holder_id, Channel.SCREEN)


def test_the_persona_of_the_stage_is_found_by_number(stage: Stage) -> None:
    who = replace(persona(), name=LI.name, number=LI.number, phone=LI.phone)
    assert play(stage, who) == PlayedPersona(stage.holder(), is_new=False)
