"""The same code again at the same desk: an answer of before, and no confirmation where it would not be given now."""

from __future__ import annotations

import pytest

from eztong.domain.codes.presentation_code import Channel
from eztong.domain.codes.verification import Outcome
from eztong.domain.holder import FreezeReason
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.desks.check_at_desk import CheckedAtDesk
from eztong.usecases.desks.standing import Standing, standing_of
from eztong.usecases.freezing.freeze_from_session import freeze_from_session
from eztong.usecases.grants.switch_partner import SwitchPartner, switch_partner
from tests.unit.usecases.codes.asking import show
from tests.unit.usecases.consent import withdraw
from tests.unit.usecases.desks.duty import HOTEL, at_desk, checked, on_duty
from tests.unit.usecases.stage import LI, Stage


@pytest.mark.parametrize("ended", ["frozen", "consent", "switch"])
def test_what_was_confirmed_is_over_at_the_desk_once_the_account_would_not_pass(stage: Stage, ended: str) -> None:
    duty = on_duty(stage)
    command = at_desk(stage, duty, show(stage, channel=Channel.SPOKEN).number)
    first = checked(stage, duty, command)
    if ended == "frozen":
        stage.act(freeze_from_session, LI.session, FreezeReason.PAUSE)
    elif ended == "consent":
        withdraw(stage)
    else:
        switch(stage, on=False)
    again = checked(stage, duty, command)
    assert again.standing is Standing.OVER
    assert again.answered.result == first.answered.result, "what a program's retry hears stays as it was"
    assert standing(stage, first) is Standing.OVER
    stage.clock.pass_by(seconds=300)
    assert standing(stage, first) is Standing.EARLIER, "after the code's life a desk learns no more of the account"


def test_what_did_not_pass_is_an_answer_of_before_as_well(stage: Stage) -> None:
    duty, shown = on_duty(stage), show(stage)
    switch(stage, on=False)
    command = at_desk(stage, duty, shown.number)
    assert checked(stage, duty, command).answered.verification.outcome is Outcome.NOT_PASSED
    switch(stage, on=True)
    assert checked(stage, duty, command).standing is Standing.EARLIER


def standing(stage: Stage, done: CheckedAtDesk) -> Standing:
    def look(stored: Repositories) -> Standing:
        scene = stored.partners.scene(HOTEL, "hotel_check_in")
        assert scene is not None
        return standing_of(done.answered.verification, scene, now=stage.clock.now(), stored=stored)

    return stage.read(look)


def switch(stage: Stage, *, on: bool) -> None:
    stage.act(switch_partner, SwitchPartner(session_hash=LI.session, partner_id=HOTEL, on=on))
