"""Planned work may refuse registrations and codes while it goes on; nothing else may, and it ends by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eztong.domain.incidents.incident import Affected, Bilingual, IncidentKind, IncidentRefusesInvalid
from eztong.usecases.incidents.check_open import WorkUnderWay, check_open
from eztong.usecases.incidents.open_incident import OpenIncident, open_incident
from tests.unit.usecases.fakes import START
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import Stage

WORDS = Bilingual("系统维护", "The service is maintained")
HOUR = timedelta(hours=1)


def announce(
    stage: Stage, *refuses: Affected, kind: IncidentKind = IncidentKind.MAINTENANCE, name: str = "li.na"
) -> None:
    planned = kind in {IncidentKind.MAINTENANCE, IncidentKind.UPGRADE}
    command = OpenIncident(
        kind=kind,
        affects=(Affected.ALL,),
        effect=WORDS,
        starts_at=START + HOUR if planned else None,
        until=START + 2 * HOUR,
        refuses=refuses,
    )
    stage.act(open_incident, command, by=operator(stage, name))


def ask(stage: Stage, what: Affected) -> None:
    check_open(what, board=stage.services.incidents.look(), now=stage.clock.now())


def test_what_it_refuses_is_refused_from_its_beginning_to_its_end(stage: Stage) -> None:
    announce(stage, Affected.REGISTRATION)
    ask(stage, Affected.REGISTRATION)
    stage.clock.pass_by(minutes=90)
    with pytest.raises(WorkUnderWay) as refused:
        ask(stage, Affected.REGISTRATION)
    assert refused.value.retry_after == 30 * 60 + 1
    ask(stage, Affected.CODES)
    stage.clock.pass_by(minutes=30)
    ask(stage, Affected.REGISTRATION)


def test_an_outage_refuses_nothing_and_nobody_refuses_verifications(stage: Stage) -> None:
    with pytest.raises(IncidentRefusesInvalid):
        announce(stage, Affected.CODES, kind=IncidentKind.NETWORK)
    with pytest.raises(IncidentRefusesInvalid):
        announce(stage, Affected.PARTNER_API, name="wang.wei")
