"""Incidents: opened, told of and ended by staff under their login, or by the service itself (2.12, 4.1, 4.2)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar, cast

import pytest
from msgspec import structs

from eztong.adapters.incident_board import CachedBoard
from eztong.domain.errors import Unavailable
from eztong.domain.incidents.incident import (
    MOST_RUNNING,
    Affected,
    Bilingual,
    Incident,
    IncidentKind,
    IncidentOver,
    IncidentsMany,
    IncidentTimesInvalid,
    IncidentUnknown,
    IncidentUpdate,
    Origin,
    Phase,
    Step,
)
from eztong.domain.operators.operator import OperatorNeeded, OperatorRole, RoleMissing
from eztong.ports.act import OPERATOR, Act
from eztong.ports.storage.incidents.incidents import IncidentRepository
from eztong.ports.storage.repositories import Repositories
from eztong.ports.storage.store import Store, UnitOfWork
from eztong.usecases.incidents.keep_incidents import BACK, end_by_itself, keep_incidents, open_for_authority
from eztong.usecases.incidents.open_incident import OpenIncident, open_incident
from eztong.usecases.incidents.update_incident import EndIncident, UpdateIncident, end_incident, update_incident
from tests.unit.usecases.fakes import START
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import Stage

T = TypeVar("T")
HOUR = timedelta(hours=1)
AFTER = timedelta(minutes=5)
EFFECT, WORDS, WAY = (
    Bilingual("中断", "down"),
    Bilingual("已找到原因", "The cause is found"),
    Bilingual("换网络", "Move"),
)
OUTAGE = OpenIncident(kind=IncidentKind.OTHER, affects=(Affected.CODES,), effect=EFFECT)
WORK = replace(OUTAGE, kind=IncidentKind.UPGRADE, starts_at=START + HOUR, until=START + 2 * HOUR)


def opened(stage: Stage, command: OpenIncident = OUTAGE) -> Incident:
    return stage.act(open_incident, command, by=operator(stage, "li.na"))


def ended(stage: Stage, incident: Incident, words: Bilingual | None = None) -> Incident:
    command = EndIncident(incident_id=incident.incident_id, words=words)
    return stage.act(end_incident, command, by=operator(stage, "wang.li"))


def updated(stage: Stage, incident: Incident, **more: object) -> Incident:
    command = UpdateIncident(incident_id=incident.incident_id, words=WORDS)
    return stage.act(update_incident, replace(command, **more), by=operator(stage, "wang.li"))  # type: ignore[arg-type]  # fields by name


def kept(stage: Stage, incident: Incident) -> Incident:
    found = stage.read(lambda stored: stored.incidents.get(incident.incident_id))
    assert found is not None
    return found


def steps(stage: Stage, incident: Incident) -> list[IncidentUpdate]:
    name = incident.incident_id
    return list(stage.read(lambda stored: stored.incidents.updates(first=name, last=name)))


def by_circuit(stage: Stage) -> list[Incident]:
    return [one for one in stage.read(lambda stored: stored.incidents.running()) if one.origin is Origin.CIRCUIT]


def keep(stage: Stage) -> None:
    """Let a second pass and the service look."""
    stage.clock.pass_by(seconds=1)
    keep_incidents(stage.services, after=AFTER)


def test_an_incident_is_open_from_now_and_names_who_opened_it(stage: Stage) -> None:
    incident = opened(stage, replace(OUTAGE, affects=(Affected.REQUESTS, Affected.CODES), workaround=WAY))
    assert incident == kept(stage, incident)
    assert (incident.starts_at, incident.affects) == (START, (Affected.CODES, Affected.REQUESTS))
    assert incident.phase(START) is Phase.OPEN
    assert [(one.step, one.operator, one.at) for one in steps(stage, incident)] == [(Step.OPENED, "li.na", START)]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"starts_at": START + HOUR}, IncidentTimesInvalid),
        ({"kind": IncidentKind.UPGRADE}, IncidentTimesInvalid),
    ],
)
def test_what_cannot_be_meant_opens_nothing(stage: Stage, wrong: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        opened(stage, replace(OUTAGE, **wrong))  # type: ignore[arg-type]  # fields by name
    assert stage.rows()["incidents"] == 0


def test_no_more_run_than_people_can_read_and_what_is_over_does_not_count(stage: Stage) -> None:
    first = opened(stage, WORK)
    for _ in range(MOST_RUNNING - 1):
        opened(stage)
    with pytest.raises(IncidentsMany):
        opened(stage)
    stage.clock.moment = first.until or START
    opened(stage)


def test_what_is_new_changes_end_and_workaround_and_the_step_says_who_told_it(stage: Stage) -> None:
    incident = opened(stage)
    changed = updated(stage, incident, until=START + HOUR, workaround=WAY)
    assert changed == replace(incident, until=START + HOUR, workaround=WAY) == kept(stage, incident)
    assert updated(stage, changed) == changed
    assert [(one.step, one.operator, one.words) for one in steps(stage, incident)] == [
        (Step.OPENED, "li.na", None),
        (Step.UPDATED, "wang.li", WORDS),
        (Step.UPDATED, "wang.li", WORDS),
    ]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"incident_id": "inc_none"}, IncidentUnknown),
        ({"until": START}, IncidentTimesInvalid),
    ],
)
def test_an_update_that_cannot_be_meant_changes_nothing(
    stage: Stage, wrong: dict[str, object], error: type[Exception]
) -> None:
    incident = opened(stage, WORK)
    with pytest.raises(error):
        updated(stage, incident, **wrong)
    assert (kept(stage, incident), len(steps(stage, incident))) == (incident, 1)


def test_an_end_is_said_once_and_nothing_is_told_after_it(stage: Stage) -> None:
    incident = opened(stage)
    stage.clock.pass_by(minutes=3)
    over = ended(stage, incident, WORDS)
    assert over == replace(incident, ended_at=stage.clock.now()) == kept(stage, incident)
    assert [(one.step, one.operator, one.words) for one in steps(stage, incident)][1:] == [
        (Step.ENDED, "wang.li", WORDS)
    ]
    with pytest.raises(IncidentOver):
        ended(stage, incident)
    with pytest.raises(IncidentOver):
        updated(stage, incident)


def test_nobody_tells_without_a_name_or_a_role_for_it(stage: Stage) -> None:
    incident = opened(stage)
    reader = operator(stage, "zhou", OperatorRole.AUDIT)
    telling = UpdateIncident(incident_id=incident.incident_id, words=WORDS)
    ending = EndIncident(incident_id=incident.incident_id)
    for use_case, command in ((open_incident, OUTAGE), (update_incident, telling), (end_incident, ending)):
        with pytest.raises(OperatorNeeded):
            stage.act(use_case, command, by=OPERATOR)
        with pytest.raises(RoleMissing):
            stage.act(use_case, command, by=reader)
    assert kept(stage, incident) == incident


def test_planned_work_whose_time_is_over_cannot_be_prolonged(stage: Stage) -> None:
    incident = opened(stage, WORK)
    stage.clock.pass_by(hours=2)
    with pytest.raises(IncidentOver):
        ended(stage, incident)
    with pytest.raises(IncidentOver):
        updated(stage, incident, until=START + 9 * HOUR)


def test_announced_work_can_be_called_off(stage: Stage) -> None:
    assert ended(stage, opened(stage, WORK)).phase(START + 9 * HOUR) is Phase.CALLED_OFF


class _Behind:
    """A unit of work in which an incident is found as it was before another writer ended it."""

    def __init__(self, uow: UnitOfWork, before: Incident) -> None:
        self._uow = uow
        self.incidents = _Stale(uow.incidents, before)

    def __getattr__(self, name: str) -> object:
        return getattr(self._uow, name)


class _Stale:
    def __init__(self, incidents: IncidentRepository, before: Incident) -> None:
        self._incidents = incidents
        self._before = before

    def get(self, _incident_id: str) -> Incident:
        return self._before

    def __getattr__(self, name: str) -> object:
        return getattr(self._incidents, name)


def behind(before: Incident, use_case: Callable[..., T]) -> Callable[..., T]:
    """Return the use case for somebody who read the incident before it was ended."""

    def late(act: Act, *given: object, **more: object) -> T:
        return use_case(structs.replace(act, uow=cast("UnitOfWork", _Behind(act.uow, before))), *given, **more)

    return late


def test_of_two_at_once_one_wins(stage: Stage) -> None:
    incident = opened(stage)
    ended(stage, incident)
    name = incident.incident_id
    telling = UpdateIncident(incident_id=name, words=WORDS)
    for use_case, command in ((update_incident, telling), (end_incident, EndIncident(incident_id=name))):
        with pytest.raises(IncidentOver):
            stage.act(behind(incident, use_case), command, by=operator(stage, "wang.li"))
    stage.act(behind(incident, end_by_itself), incident, ended_at=START)
    assert [one.operator for one in steps(stage, incident)] == ["li.na", "wang.li"]


@pytest.mark.parametrize(("minutes", "opens"), [(4.9, False), (5, True)])
def test_an_authority_that_stays_away_opens_its_incident_after_a_while(
    stage: Stage, minutes: float, *, opens: bool
) -> None:
    stage.authority.away = START
    stage.clock.pass_by(minutes=minutes, seconds=-1)
    keep(stage)
    found = by_circuit(stage)
    assert len(found) == opens
    for incident in found:
        assert (incident.kind, incident.starts_at) == (IncidentKind.AUTHORITY, START)
        assert [(one.step, one.operator) for one in steps(stage, incident)] == [(Step.OPENED, None)]


def test_there_is_one_such_incident_and_it_ends_when_the_authority_is_back(stage: Stage) -> None:
    stage.authority.away = START
    stage.clock.pass_by(hours=1)
    keep(stage)
    stage.act(open_for_authority, START)
    keep(stage)
    (incident,) = by_circuit(stage)
    assert len(steps(stage, incident)) == 1
    stage.authority.away = None
    keep(stage)
    assert by_circuit(stage) == []
    assert kept(stage, incident).ended_at == stage.clock.now()
    assert [(one.step, one.operator, one.words) for one in steps(stage, incident)][1:] == [(Step.ENDED, None, BACK)]
    stage.authority.away = stage.clock.now()
    stage.clock.pass_by(hours=1)
    keep(stage)
    assert len(by_circuit(stage)) == 1


def test_what_staff_opened_is_not_ended_for_them(stage: Stage) -> None:
    incident = opened(stage, replace(OUTAGE, kind=IncidentKind.AUTHORITY))
    keep(stage)
    assert kept(stage, incident) == incident


def test_planned_work_gets_its_end_written_down_once_its_time_is_over(stage: Stage) -> None:
    incident = opened(stage, WORK)
    keep(stage)
    assert kept(stage, incident).ended_at is None
    stage.clock.pass_by(hours=2)
    keep(stage)
    keep(stage)
    assert kept(stage, incident).ended_at == WORK.until
    assert [(one.step, one.operator) for one in steps(stage, incident)][1:] == [(Step.ENDED, None)]


def test_work_that_was_prolonged_meanwhile_is_not_ended(stage: Stage) -> None:
    before = opened(stage, WORK)
    updated(stage, before, until=START + 9 * HOUR)
    stage.act(end_by_itself, before, ended_at=before.until or START)
    stage.act(end_by_itself, replace(before, incident_id="inc_none"), ended_at=START)
    assert kept(stage, before).ended_at is None


def test_the_board_reads_once_a_second_and_at_once_after_the_clock_was_moved(stage: Stage) -> None:
    board = stage.services.incidents
    assert board.look().shown(START) == []
    incident = opened(stage)
    assert board.look().running == []
    stage.clock.pass_by(seconds=1)
    assert list(board.look().running) == [incident]
    assert board.header() == f"x-eztong-notice: {incident.incident_id};kind=other\r\n".encode()
    ended(stage, incident, WORDS)
    stage.clock.pass_by(seconds=-5)
    seen = board.look()
    assert ([one.incident_id for one in seen.past], seen.running, board.header()) == ([incident.incident_id], [], b"")
    assert [one.step for one in seen.updates[incident.incident_id]] == [Step.OPENED, Step.ENDED]


def test_the_board_shows_what_is_open_and_near_the_first_beginning_first(stage: Stage) -> None:
    near = opened(stage, WORK)
    now = opened(stage)
    far = datetime(2027, 1, 1, tzinfo=START.tzinfo)
    opened(stage, replace(WORK, starts_at=far, until=far + HOUR))
    stage.clock.pass_by(seconds=1)
    assert list(stage.services.incidents.look().shown(stage.clock.now())) == [now, near]


def test_a_store_that_cannot_be_read_leaves_what_was_read_last(stage: Stage) -> None:
    incident = opened(stage)
    board = CachedBoard(cast("Store", _Failing(stage.store)), stage.clock)
    assert list(board.look().running) == [incident]
    ended(stage, incident)
    stage.clock.pass_by(seconds=1)
    assert list(board.look().running) == [incident]


class _Failing:
    """A store that can be read once."""

    def __init__(self, store: Store) -> None:
        self._store: Store | None = store

    def read(self) -> AbstractContextManager[Repositories]:
        store, self._store = self._store, None
        if store is None:
            raise Unavailable
        return store.read()
