"""From where, whereto and how much a partner may: what an operator changes holds at once and is on record."""

from __future__ import annotations

from typing import Any

import pytest

from eztong.domain.eid.eid_flow import FlowSettings
from eztong.domain.errors import InputInvalid, NotFound
from eztong.domain.identifiers import PartnerId
from eztong.domain.operators.operator import OperatorRole, RoleMissing
from eztong.domain.operators.proposal import ReasonInvalid
from eztong.domain.partners.life_cycle import PartnerStateConflict
from eztong.domain.partners.partner import Partner, PartnerState
from eztong.domain.partners.reach import NetworkInvalid, RedirectInvalid, RedirectNotAllowed
from eztong.http.limits import READS, own_limit
from eztong.ports.act import SYSTEM, Acting
from eztong.ports.limiter import Limit
from eztong.usecases.eid.open_eid_flow import OpenEidFlow, open_eid_flow
from eztong.usecases.partners.limit_partner import LimitPartner, limit_partner
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import Stage

HOTEL = PartnerId("hotel")


def limit(stage: Stage, by: Acting = SYSTEM, *, partner: str = "hotel", reason: str = "why", **changed: Any) -> Partner:  # noqa: ANN401 - fields of the command
    command = LimitPartner(partner_id=PartnerId(partner), reason=reason, **changed)
    return stage.act(limit_partner, command, by=by)


def test_each_limit_changes_by_itself_and_is_opened_again(stage: Stage) -> None:
    limit(stage, networks=["192.0.2.0/24"])
    limit(stage, redirects=["https://hotel.example/back"])
    changed = limit(stage, per_minute=60)
    assert stage.partner() == changed
    assert (changed.networks, changed.redirects, changed.per_minute) == (
        ("192.0.2.0/24",),
        ("https://hotel.example/back",),
        60,
    )
    opened = limit(stage, networks=[], redirects=[], per_minute=0)
    assert (opened.networks, opened.redirects, opened.per_minute) == ((), (), None)
    assert stage.select("SELECT DISTINCT kind FROM acts") == [("partner_changed",)]


def test_what_is_wrong_changes_nothing(stage: Stage) -> None:
    before = stage.partner()
    for changed, error in (
        ({"networks": ["anywhere"]}, NetworkInvalid),
        ({"redirects": ["http://hotel.example"]}, RedirectInvalid),
        ({"per_minute": -1}, InputInvalid),
        ({"reason": " "}, ReasonInvalid),
        ({"partner": "nobody"}, NotFound),
    ):
        with pytest.raises(error):
            limit(stage, **changed)
    with pytest.raises(RoleMissing):
        limit(stage, operator(stage, "other", OperatorRole.LEGAL))
    stage.write(lambda uow: uow.partners.set_state(HOTEL, PartnerState.CLOSED))
    with pytest.raises(PartnerStateConflict):
        limit(stage)
    stage.write(lambda uow: uow.partners.set_state(HOTEL, PartnerState.APPROVED))
    assert stage.partner() == before


def test_a_partner_has_a_rate_of_its_own_in_the_place_of_the_services(stage: Stage) -> None:
    assert own_limit(READS, stage.partner()) is READS
    assert own_limit(READS, limit(stage, per_minute=7)) == Limit(READS.name, 7, 60)


def test_a_flow_returns_only_to_where_its_partner_may(stage: Stage) -> None:
    limit(stage, redirects=["https://hotel.example/back"])

    def open_with(address: str | None) -> None:
        settings = FlowSettings(redirect_url=address)
        command = OpenEidFlow(partner_id=HOTEL, merchant_id="0EZT1", scene="hotel_check_in", settings=settings)
        stage.act(open_eid_flow, command)

    open_with(None)
    open_with("https://hotel.example/back?order=1")
    with pytest.raises(RedirectNotAllowed):
        open_with("https://elsewhere.example/back")
