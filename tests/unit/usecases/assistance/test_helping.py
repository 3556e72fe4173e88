"""An elder invites, a helper types the digits, the elder confirms; either ends it, and the clock does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from typing_extensions import override

from eztong.domain.assistance.assistance import (
    HELPER_INVITATIONS,
    MOST_HELPED,
    WRONG_BY_HELPER,
    Assistance,
    AssistanceEnd,
    AssistanceMissing,
    AssistanceNotWaiting,
    AssistanceState,
    HelpedFull,
    HelperInvitationWrong,
    HelperNotEligible,
    HelpNotUnderstood,
)
from eztong.domain.errors import DeviceNotBound, Locked, SessionMissing, StateConflict, TooMany
from eztong.domain.guardianship.guardianship import InvitationDigitsInvalid
from eztong.domain.holder import FreezeCause, HolderState
from eztong.domain.identifiers import HolderId
from eztong.ports.entropy import Entropy
from eztong.ports.storage.store import UnitOfWork
from eztong.usecases.assistance.invite_helper import InviteHelper, invite_helper
from eztong.usecases.assistance.parties import change, helped_name, masked_name
from eztong.usecases.vault import open_vault
from tests.unit.usecases.assistance.helping import (
    ELDER,
    HELPER,
    accept,
    again,
    confirm,
    end,
    happened,
    helping,
    invite,
    messages_to,
    run_ends,
)
from tests.unit.usecases.guardianship.family import born
from tests.unit.usecases.stage import ZHAO, Stage, register

S = AssistanceState


def name_shown(stage: Stage, of: Assistance) -> str:
    return stage.read(
        lambda stored: helped_name(
            of.assistance_id, stage.holder_id(HELPER), stored=stored, keys=stage.keys, now=stage.clock.now()
        )
    )


def test_the_elder_confirms_who_typed_the_digits_and_only_then_it_begins(stage: Stage) -> None:
    digits = invite(stage, days=30)
    typed = accept(stage, f" {digits[:3]} {digits[3:]}")
    assert (typed.state, typed.helper_id, typed.until) == (S.ACCEPTED, stage.holder_id(HELPER), None)
    assert name_shown(stage, typed) == ""
    began = confirm(stage, typed)
    assert (began.state, began.until) == (S.ACTIVE, stage.clock.now() + timedelta(days=30))
    assert again(stage, began) == began
    assert name_shown(stage, began)


def test_both_are_told_and_the_elder_of_the_digits_without_a_name(stage: Stage) -> None:
    confirm(stage, accept(stage, invite(stage)))
    told = [(one.topic.value, set(one.params)) for one in messages_to(stage, ELDER)]
    assert told == [("helper_accepted", set()), ("helper_began", {"until"})]
    (began,) = messages_to(stage, HELPER)
    assert began.topic == "helping_began"
    assert ELDER.name not in str(began.params)
    assert began.params["name"] == stage.read(
        partial(lambda stored: masked_name(stage.holder_id(ELDER), stored=stored, keys=stage.keys))
    )


def test_both_histories_and_the_evidence_say_who_did_it_and_name_no_account(stage: Stage) -> None:
    ended = end(stage, helping(stage), HELPER)
    of_elder = [(one.kind.value, one.actor.value, one.fact("role")) for one in happened(stage, ELDER)]
    assert of_elder == [
        ("helper_invited", "holder", "elder"),
        ("helper_accepted", "helper", "elder"),
        ("helper_confirmed", "holder", "elder"),
        ("assistance_ended", "helper", "elder"),
    ]
    of_helper = [(one.kind.value, one.actor.value, one.fact("role")) for one in happened(stage, HELPER)]
    assert of_helper == [
        ("helper_accepted", "holder", "helper"),
        ("helper_confirmed", "elder", "helper"),
        ("assistance_ended", "holder", "helper"),
    ]
    ids = {stage.holder_id(ELDER), stage.holder_id(HELPER)}
    for one in (*happened(stage, ELDER), *happened(stage, HELPER)):
        assert not any(holder_id in one.detail for holder_id in ids)
    for person in (ELDER, HELPER):
        acts = stage.read(lambda stored, who=person: stored.acts.of_holder(stage.holder_id(who)))  # type: ignore[misc]  # bound at once
        assert {one.kind.value for one in acts} == {"helper_accepted", "helper_confirmed", "assistance_ended"}
        assert {one.subject for one in acts} == {ended.assistance_id}


# --- the digits -----------------------------------------------------------------------------------------------------


def test_wrong_digits_are_counted_and_after_five_also_the_right_ones_open_nothing(stage: Stage) -> None:
    digits = invite(stage)
    wrong = f"{(int(digits) + 1) % 10**6:06}"
    for _ in range(WRONG_BY_HELPER.amount):
        with pytest.raises(HelperInvitationWrong):
            accept(stage, wrong)
    with pytest.raises(TooMany):
        accept(stage, digits)
    assert stage.select("SELECT state FROM assistances") == [("invited",)]


def test_what_cannot_be_digits_and_a_missing_tick_are_no_try(stage: Stage) -> None:
    digits = invite(stage)
    with pytest.raises(InvitationDigitsInvalid):
        accept(stage, "12345")
    with pytest.raises(HelpNotUnderstood):
        accept(stage, digits, understood=False)
    assert stage.select("SELECT count(*) FROM budgets WHERE budget = ?", WRONG_BY_HELPER.name) == [(0,)]


def test_digits_serve_once_and_for_a_day(stage: Stage) -> None:
    digits = invite(stage)
    accept(stage, digits)
    register(stage, ZHAO)
    with pytest.raises(HelperInvitationWrong):
        accept(stage, digits, ZHAO)
    digits = invite(stage)
    stage.clock.pass_by(days=1)
    stage.unlock(HELPER)
    with pytest.raises(HelperInvitationWrong):
        accept(stage, digits)


def test_a_newer_invitation_ends_the_one_before_and_who_typed_its_digits(stage: Stage) -> None:
    first = invite(stage)
    second = invite(stage)
    with pytest.raises(HelperInvitationWrong):
        accept(stage, first)
    typed = accept(stage, second)
    invite(stage)
    assert (again(stage, typed).state, again(stage, typed).ended_by) == (S.ENDED, AssistanceEnd.REPLACED)
    with pytest.raises(AssistanceMissing):
        confirm(stage, typed)


def test_digits_that_another_invitation_has_are_drawn_again(stage: Stage) -> None:
    register(stage, ZHAO)
    digits = invite(stage)
    drawn = iter([int(digits), int(digits), 7])
    services = replace(stage.services, entropy=_Drawn(stage.services.entropy, drawn))
    stage.services = services
    assert invite(stage, ZHAO) == "000007"
    stage.services = replace(services, entropy=_Drawn(services.entropy, iter([7] * 99)))
    with pytest.raises(StateConflict):
        invite(stage, ELDER)


class _Drawn(Entropy):
    """Entropy whose numbers below a limit are chosen."""

    def __init__(self, real: Entropy, drawn: Iterator[int]) -> None:
        self._real, self._drawn = real, drawn

    @override
    def below(self, limit: int) -> int:
        return next(self._drawn)

    @override
    def token(self, size: int) -> bytes:
        return self._real.token(size)

    @override
    def id_bytes(self) -> bytes:
        return self._real.id_bytes()


def test_ten_invitations_a_day_are_made(stage: Stage) -> None:
    for _ in range(HELPER_INVITATIONS.amount):
        invite(stage)
    with pytest.raises(TooMany):
        invite(stage)


# --- who may --------------------------------------------------------------------------------------------------------


def test_nobody_helps_oneself(stage: Stage) -> None:
    digits = invite(stage)
    with pytest.raises(HelperNotEligible):
        accept(stage, digits, ELDER)


def test_each_act_takes_an_own_unlocked_session_of_an_account_in_use(stage: Stage) -> None:
    typed = accept(stage, invite(stage))
    stage.lock(ELDER)
    with pytest.raises(Locked):
        invite(stage)
    with pytest.raises(Locked):
        confirm(stage, typed)
    stage.lock(HELPER)
    with pytest.raises(Locked):
        accept(stage, "123456")
    with pytest.raises(SessionMissing):
        stage.act(invite_helper, InviteHelper(session_hash=b"nobody's", days=7))
    stage.unlock(ELDER)
    stage.change(ELDER, state=HolderState.FROZEN, freeze_cause=FreezeCause.OPERATOR)
    with pytest.raises(HelperNotEligible):
        invite(stage)


def test_a_minor_is_on_neither_side(stage: Stage) -> None:
    digits = invite(stage)
    register(stage, ZHAO)
    vault = open_vault(stage.holder(ZHAO), keys=stage.keys)
    number = born("20100101").encode()
    stage.change(ZHAO, sealed_number=vault.seal("sealed_number", number, entropy=stage.services.entropy))
    for attempt in (partial(invite, stage, ZHAO), partial(accept, stage, digits, ZHAO)):
        with pytest.raises(HelperNotEligible):
            attempt()


def test_only_the_elder_confirms_and_only_what_waits(stage: Stage) -> None:
    register(stage, ZHAO)
    typed = accept(stage, invite(stage))
    for stranger in (HELPER, ZHAO):
        with pytest.raises(AssistanceMissing):
            confirm(stage, typed, stranger)
    confirm(stage, typed)
    with pytest.raises(AssistanceNotWaiting):
        confirm(stage, typed)


def test_a_helper_whose_account_was_stopped_meanwhile_is_not_confirmed(stage: Stage) -> None:
    typed = accept(stage, invite(stage))
    stage.change(HELPER, state=HolderState.FROZEN, freeze_cause=FreezeCause.RISK)
    with pytest.raises(HelperNotEligible):
        confirm(stage, typed)


def test_one_helper_at_a_time_and_the_new_one_takes_the_place(stage: Stage) -> None:
    register(stage, ZHAO)
    first = helping(stage)
    typed = accept(stage, invite(stage), ZHAO)
    assert again(stage, first).state is S.ACTIVE, "until the new one is confirmed"
    second = confirm(stage, typed)
    assert (again(stage, first).state, again(stage, first).ended_by) == (S.ENDED, AssistanceEnd.REPLACED)
    assert again(stage, second).state is S.ACTIVE
    assert "helping_ended" in [one.topic.value for one in messages_to(stage, HELPER)]


def test_a_helper_helps_five_at_most(stage: Stage) -> None:
    def others(uow: UnitOfWork) -> None:
        for number in range(MOST_HELPED):
            uow.assistances.add(
                Assistance(
                    assistance_id=f"ast_{number}",
                    elder_id=HolderId(f"hld_{number}"),
                    state=S.ACTIVE,
                    asked_at=stage.clock.now(),
                    days=7,
                    helper_id=stage.holder_id(HELPER),
                    began_at=stage.clock.now(),
                    until=stage.clock.now() + timedelta(minutes=1 + number),
                )
            )

    stage.write(others)
    digits = invite(stage)
    with pytest.raises(HelpedFull):
        accept(stage, digits)
    stage.clock.pass_by(minutes=1)
    stage.unlock(HELPER)
    assert accept(stage, digits).state is S.ACCEPTED


def test_what_changed_meanwhile_is_not_changed_again(stage: Stage) -> None:
    began = helping(stage)
    end(stage, began)
    with pytest.raises(StateConflict):
        stage.act(lambda act: change(act, began, began))


# --- the end --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [ELDER, HELPER], ids=["elder", "helper"])
def test_either_ends_it_at_once_also_locked_and_frozen(stage: Stage, by: object) -> None:
    began = helping(stage)
    assert by in (ELDER, HELPER)
    person = ELDER if by is ELDER else HELPER
    stage.lock(person)
    stage.change(person, state=HolderState.FROZEN, freeze_cause=FreezeCause.SELF)
    ended = end(stage, began, person)
    assert ended.ended_by is (AssistanceEnd.ELDER if person is ELDER else AssistanceEnd.HELPER)
    assert name_shown(stage, began) == ""
    assert [one.topic.value for one in messages_to(stage, ELDER)] == ["helper_ended"]
    (told,) = messages_to(stage, HELPER)
    assert (told.topic.value, told.params["why"]) == ("helping_ended", ended.ended_by.value if ended.ended_by else "")
    with pytest.raises(AssistanceMissing):
        end(stage, began, person)


def test_nobody_else_ends_it(stage: Stage) -> None:
    began = helping(stage)
    register(stage, ZHAO)
    with pytest.raises(AssistanceMissing):
        end(stage, began, ZHAO)
    unbound = replace(stage.session(HELPER.session), device_id=None)
    stage.write(lambda uow: uow.sessions.update(unbound))
    with pytest.raises(DeviceNotBound):
        end(stage, began, HELPER)


def test_an_elder_who_does_not_know_who_typed_the_digits_says_no(stage: Stage) -> None:
    typed = accept(stage, invite(stage))
    stage.empty_outbox()
    end(stage, typed)
    assert messages_to(stage, ELDER) == [], "nothing had begun"
    (told,) = messages_to(stage, HELPER)
    assert "name" not in told.params


def test_it_ends_by_itself_and_both_are_told(stage: Stage) -> None:
    began = helping(stage, days=7)
    stage.clock.pass_by(days=1)
    run_ends(stage)
    assert again(stage, began).state is S.ACTIVE, "the day of the invitation does not end what was confirmed"
    stage.clock.pass_by(days=6)
    assert name_shown(stage, began) == "", "also before the job came"
    run_ends(stage)
    assert (again(stage, began).state, again(stage, began).ended_by) == (S.ENDED, AssistanceEnd.TIME)
    assert [one.topic.value for one in messages_to(stage, ELDER)] == ["helper_ended"]
    assert [one.topic.value for one in messages_to(stage, HELPER)] == ["helping_ended"]
    assert happened(stage, ELDER)[-1].actor.value == "system"


def test_an_invitation_that_nobody_took_ends_without_a_word(stage: Stage) -> None:
    invite(stage)
    stage.clock.pass_by(days=1)
    run_ends(stage)
    assert stage.select("SELECT state, ended_by, invite_hash, sealed_digits FROM assistances") == [
        ("ended", "time", None, None)
    ]
    assert stage.messages() == []


def test_the_job_of_what_is_over_or_gone_does_nothing(stage: Stage) -> None:
    end(stage, helping(stage))
    stage.empty_outbox()
    stage.clock.pass_by(days=8)
    run_ends(stage)
    assert stage.messages() == []


def test_a_new_helper_may_be_confirmed_before_the_job_ended_the_last(stage: Stage) -> None:
    register(stage, ZHAO)
    first = helping(stage, days=1)
    stage.clock.pass_by(days=1)
    for person in (ELDER, HELPER, ZHAO):
        stage.unlock(person)
    second = helping(stage, helper=ZHAO)
    assert again(stage, first).ended_by is AssistanceEnd.TIME
    run_ends(stage)
    assert again(stage, second).state is S.ACTIVE
