"""The form by which an account is taken over: every slip at once, the phone that is proved, what ends it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.errors import OtpExpired
from eztong.domain.guardianship.guardianship import HandOverWrong
from eztong.domain.holder import FreezeCause, HolderState
from eztong.usecases.guardianship.take_over import AskToTakeOver, phone_to_prove, slips_of, take_over
from tests.unit.usecases.access.ways import NEW
from tests.unit.usecases.guardianship.handing import GROWN, PHONE, ask, grown, offer, taken, typed
from tests.unit.usecases.stage import LI, Stage, asker

WRITTEN = AskToTakeOver(asker=asker(NEW), number=GROWN.number, digits="0" * 10, phone=PHONE, language="zh-CN")


@pytest.mark.parametrize(
    ("changed", "slips"),
    [
        ({}, set()),
        ({"number": "1", "phone": "2"}, {"number", "phone"}),
        ({"number": "1", "digits": "", "phone": "2"}, {"number", "digits", "phone"}),
    ],
)
def test_every_slip_is_named_at_once(stage: Stage, changed: dict[str, str], slips: set[str]) -> None:
    assert set(slips_of(replace(WRITTEN, **changed), services=stage.services)) == slips  # type: ignore[arg-type]


def proving(stage: Stage) -> str:
    return stage.read(lambda stored: phone_to_prove(NEW, stored=stored, keys=stage.keys, now=stage.clock.now()))


def test_the_form_knows_the_phone_that_this_browser_proves_and_no_longer(stage: Stage) -> None:
    found = grown(stage)
    assert proving(stage) == ""
    ask(stage, offer(stage, found))
    assert proving(stage) == PHONE
    taken(stage, found)
    assert proving(stage) == ""


def test_a_guardian_whose_account_stops_meanwhile_hands_nothing_over(stage: Stage) -> None:
    found = grown(stage)
    digits = offer(stage, found)
    ask(stage, digits)
    press = typed(stage)
    stage.change(LI, state=HolderState.FROZEN, freeze_cause=FreezeCause.OPERATOR)
    with pytest.raises(OtpExpired):
        stage.act(take_over, press)
    with pytest.raises(HandOverWrong):
        ask(stage, digits)
