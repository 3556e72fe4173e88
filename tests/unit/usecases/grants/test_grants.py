"""Withdrawing a grant and moving a partner's switch: at once, once, and on record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from eztong.domain.claims import Claim
from eztong.domain.errors import Locked, NotFound, SessionMissing
from eztong.domain.grants import GrantState
from eztong.domain.identifiers import PartnerId
from eztong.usecases.grants.switch_partner import SwitchPartner, switch_partner
from eztong.usecases.grants.withdraw_grant import withdraw_grant
from tests.unit.usecases.codes.asking import grant
from tests.unit.usecases.fakes import START
from tests.unit.usecases.stage import LI, WANG, Stage

HOTEL = PartnerId("hotel")


def move(stage: Stage, *, on: bool, partner: str = "hotel", session: bytes = LI.session) -> None:
    stage.act(switch_partner, SwitchPartner(session_hash=session, partner_id=PartnerId(partner), on=on))


def switches(stage: Stage) -> Mapping[PartnerId, bool]:
    return stage.read(lambda stored: stored.grants.switches(stage.holder_id()))


def test_a_grant_is_withdrawn_once_and_that_is_on_record(stage: Stage) -> None:
    given = grant(stage, Claim.AGE_OVER_18)
    now = stage.clock.pass_by(seconds=3)
    assert stage.act(withdraw_grant, LI.session, given.grant_id)
    (kept,) = stage.read(lambda stored: stored.grants.of_holder(given.holder_id))
    assert kept == replace(given, state=GrantState.WITHDRAWN, withdrawn_at=now)
    before = stage.rows()
    assert not stage.act(withdraw_grant, LI.session, given.grant_id)
    assert stage.rows() == before
    assert [(one.kind, one.detail) for one in stage.events()] == [("grant_withdrawn", f"grant={given.grant_id}")]


def test_nobody_withdraws_another_holders_grant_or_one_that_lapsed(stage: Stage) -> None:
    given = grant(stage, Claim.AGE_OVER_18, days=1)
    assert not stage.act(withdraw_grant, WANG.session, given.grant_id)
    stage.clock.pass_by(days=1)
    assert not stage.act(withdraw_grant, LI.session, given.grant_id)
    assert stage.events() == stage.events(WANG) == []


def test_off_is_easy_and_on_again_takes_an_unlock(stage: Stage) -> None:
    stage.lock()
    move(stage, on=False)
    assert switches(stage) == {"hotel": False}
    with pytest.raises(Locked):
        move(stage, on=True)
    assert switches(stage) == {"hotel": False}


def test_each_move_of_a_switch_is_on_record(stage: Stage) -> None:
    move(stage, on=False)
    move(stage, on=True)
    assert switches(stage) == {"hotel": True}
    assert [(one.kind, one.detail, one.at) for one in stage.events()] == [
        ("partner_switched", "partner=hotel on=False", START),
        ("partner_switched", "partner=hotel on=True", START),
    ]


def test_a_partner_that_is_not_there_or_a_session_that_is_none_moves_nothing(stage: Stage) -> None:
    with pytest.raises(NotFound):
        move(stage, on=False, partner="nobody")
    with pytest.raises(SessionMissing):
        move(stage, on=False, session=b"nobody")
    assert switches(stage) == {}
    assert stage.events() == []
