"""What partners were let in to shortly before a loss is taken back with it: whoever had the phone may have done it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from eztong.domain.claims import Claim
from eztong.domain.events import EventKind
from eztong.domain.grants import Grant, GrantState
from eztong.domain.holder import FreezeReason
from eztong.domain.identifiers import PartnerId
from eztong.domain.recovery import SETTLED
from eztong.usecases.grants.switch_partner import SwitchPartner, switch_partner
from tests.unit.usecases.access.ways import PIN, give_pin
from tests.unit.usecases.codes.asking import grant
from tests.unit.usecases.recovery.acts import freeze, recover
from tests.unit.usecases.stage import LI, WANG, Person, Stage

HOTEL, BANK = PartnerId("hotel"), PartnerId("government")
MINUTE = timedelta(minutes=1)


def pass_by(stage: Stage, span: timedelta) -> None:
    stage.clock.pass_by(seconds=span.total_seconds())


def tell(reason: FreezeReason) -> Callable[[Stage], object]:
    return lambda stage: freeze(stage, reason)


def come_back(stage: Stage) -> None:
    recover(stage, pin=PIN)


LOSSES = [tell(FreezeReason.PHONE_LOST), tell(FreezeReason.ACCOUNT_STOLEN), come_back]
NAMES = ["lost", "stolen", "recovered"]


def state_of(stage: Stage, given: Grant, person: Person = LI) -> GrantState:
    held = stage.read(lambda stored: stored.grants.of_holder(stage.holder_id(person)))
    return next(one.state for one in held if one.grant_id == given.grant_id)


def switch(stage: Stage, partner: PartnerId, *, on: bool) -> None:
    stage.unlock()
    stage.act(switch_partner, SwitchPartner(session_hash=LI.session, partner_id=partner, on=on))


@pytest.mark.parametrize("happens", LOSSES, ids=NAMES)
def test_grants_of_the_last_72_hours_end_and_older_and_other_peoples_stay(
    stage: Stage, happens: Callable[[Stage], object]
) -> None:
    give_pin(stage)
    older = grant(stage, Claim.AGE_OVER_18, number=1)
    pass_by(stage, MINUTE)
    newer = grant(stage, Claim.MASKED_NAME, number=2)
    others = grant(stage, Claim.MASKED_NAME, number=3, person=WANG)
    pass_by(stage, SETTLED - MINUTE)
    happens(stage)
    assert (state_of(stage, older), state_of(stage, newer)) == (GrantState.GRANTED, GrantState.WITHDRAWN)
    assert state_of(stage, others, WANG) is GrantState.GRANTED
    (ended,) = [one for one in stage.events() if one.kind is EventKind.GRANTS_ENDED]
    assert ended.fact("grants_ended") == "1"


def test_a_pause_ends_no_grant(stage: Stage) -> None:
    given = grant(stage, Claim.AGE_OVER_18)
    freeze(stage, FreezeReason.PAUSE)
    assert state_of(stage, given) is GrantState.GRANTED
    assert EventKind.GRANTS_ENDED not in {one.kind for one in stage.events()}


@pytest.mark.parametrize("happens", LOSSES, ids=NAMES)
def test_a_partner_that_was_let_in_again_lately_is_off_again(stage: Stage, happens: Callable[[Stage], object]) -> None:
    give_pin(stage)
    switch(stage, HOTEL, on=False)
    pass_by(stage, SETTLED)
    switch(stage, HOTEL, on=True)
    switch(stage, BANK, on=False)
    pass_by(stage, MINUTE)
    happens(stage)
    assert stage.read(lambda stored: stored.grants.switches(stage.holder_id())) == {HOTEL: False, BANK: False}


@pytest.mark.parametrize("happens", LOSSES, ids=NAMES)
def test_a_partner_that_was_let_in_for_a_while_stays_on(stage: Stage, happens: Callable[[Stage], object]) -> None:
    give_pin(stage)
    switch(stage, HOTEL, on=False)
    switch(stage, HOTEL, on=True)
    pass_by(stage, SETTLED)
    happens(stage)
    assert stage.read(lambda stored: stored.grants.switches(stage.holder_id())) == {HOTEL: True}
