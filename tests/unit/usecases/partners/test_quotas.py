"""Quotas: counted beside the requests, they refuse until the next month, or only warn; the code stays usable."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from msgspec import structs

from eztong.domain.operators.operator import OperatorNeeded
from eztong.domain.partners.life_cycle import PartnerStateConflict
from eztong.domain.partners.partner import Partner, PartnerState
from eztong.domain.partners.quota import OverQuota, QuotaInvalid, QuotaUsedUp, month_begins, next_month_begins
from eztong.ports.act import OPERATOR
from eztong.usecases.codes.verify_code import VerifyCode, verify_code
from eztong.usecases.partners.quotas import QuotaKeeper, SetQuota, set_quota
from eztong.usecases.portal.read_usage import quota_use_of
from eztong.usecases.requests.open_request import OpenRequest, open_request
from tests.unit.usecases.codes.asking import PERSON_ONLY, answered, asking, show
from tests.unit.usecases.desks.duty import HOTEL
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.portal.acts import person
from tests.unit.usecases.stage import Stage

LI = replace(OPERATOR, name="li.na")


def give(stage: Stage, amount: int, over: OverQuota = OverQuota.REFUSE) -> Partner:
    return stage.act(set_quota, SetQuota(partner_id=HOTEL, amount=amount, over=over, reason="contract"), by=LI)


def until(stage: Stage) -> datetime | None:
    return stage.partner().quota_until


def as_now(stage: Stage, command: VerifyCode) -> VerifyCode:
    """Return the command as the partner gives it that stands as it does now."""
    return structs.replace(command, caller=structs.replace(command.caller, partner=stage.partner()))


def check(stage: Stage) -> VerifyCode:
    """Ask about a fresh code."""
    return as_now(stage, asking(stage, show(stage).number))


@pytest.fixture
def keeper(stage: Stage) -> QuotaKeeper:
    """What counts in this process; an operator is there."""
    operator(stage)
    return QuotaKeeper(stage.services)


def test_used_up_it_refuses_until_the_next_month_and_the_code_stays(stage: Stage, keeper: QuotaKeeper) -> None:
    give(stage, 2)
    for _ in range(2):
        keeper.keep()
        assert until(stage) is None
        answered(stage, check(stage))
        stage.clock.pass_by(seconds=40)
    keeper.keep()
    begins = next_month_begins(stage.clock.now())
    assert until(stage) == begins
    command = check(stage)
    with pytest.raises(QuotaUsedUp) as refused:
        stage.act(verify_code, command)
    assert refused.value.retry_after == int((begins - stage.clock.now()).total_seconds()) + 1
    asked = OpenRequest(
        caller=command.caller, scene=command.scene, desk=None, wants=PERSON_ONLY, grant_days=0, reference=None
    )
    with pytest.raises(QuotaUsedUp):
        stage.act(open_request, asked)
    # Nothing was taken from the holder: with a larger quota the same code passes.
    give(stage, 3)
    assert answered(stage, as_now(stage, command)).leaf is not None


def test_the_next_month_begins_with_nothing_used(stage: Stage, keeper: QuotaKeeper) -> None:
    give(stage, 1)
    answered(stage, check(stage))
    keeper.keep()
    begins = until(stage)
    assert begins is not None
    stage.clock.pass_by(seconds=(begins - stage.clock.now()).total_seconds())
    keeper.keep()
    use = stage.read(lambda stored: quota_use_of(stage.partner(), stored=stored, now=stage.clock.now()))
    assert use is not None
    assert (use.used, use.percent, use.is_warned_of) == (0, 0, False)
    assert month_begins(stage.clock.now()) == begins


def test_a_quota_that_warns_refuses_nothing(stage: Stage, keeper: QuotaKeeper) -> None:
    give(stage, 1, OverQuota.WARN)
    for _ in range(2):
        answered(stage, check(stage))
        keeper.keep()
    use = stage.read(lambda stored: quota_use_of(stage.partner(), stored=stored, now=stage.clock.now()))
    assert use is not None
    assert (until(stage), use.used, use.percent, use.is_used_up) == (None, 2, 200, True)


def test_each_look_counts_what_came_since_also_in_a_process_that_began_just_now(
    stage: Stage, keeper: QuotaKeeper
) -> None:
    give(stage, 5)
    for passed in (0, 20, 30, 25):
        stage.clock.pass_by(seconds=passed)
        answered(stage, check(stage))
        keeper.keep()
        assert until(stage) is None
    answered(stage, check(stage))
    keeper.keep()
    assert until(stage) is not None
    QuotaKeeper(stage.services).keep()
    assert until(stage) is not None
    give(stage, 6)
    keeper.keep()
    assert until(stage) is None


def test_an_operator_gives_and_takes_it_with_a_reason(stage: Stage, keeper: QuotaKeeper) -> None:
    assert give(stage, 0).quota is None
    with pytest.raises(QuotaInvalid):
        give(stage, -1)
    command = SetQuota(partner_id=HOTEL, amount=9, over=OverQuota.WARN, reason="contract")
    with pytest.raises(OperatorNeeded):
        stage.act(set_quota, command, by=person(stage))
    stage.write(lambda uow: uow.partners.set_state(HOTEL, PartnerState.CLOSED))
    with pytest.raises(PartnerStateConflict):
        stage.act(set_quota, command, by=LI)
    stage.clock.pass_by(seconds=timedelta(days=1).total_seconds())
    keeper.keep()
    assert until(stage) is None
