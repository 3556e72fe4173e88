"""Reports to the authorities: they come back whole, wait until they are closed, and change once at a time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.incidents.reporting import IncidentReport, IncidentReportStep, ReportMove
from eztong.ports.storage.store import Store
from tests.contract.storage.incidents import values
from tests.contract.storage.stage import at, in_turn


def put(store: Store, *reports: IncidentReport) -> None:
    store.write(in_turn(*[lambda uow, one=one: uow.incident_reports.add(one) for one in reports]))


@pytest.mark.parametrize("full", [False, True])
def test_a_report_comes_back(store: Store, *, full: bool) -> None:
    report = values.incident_report(full=full)
    put(store, report)
    with store.read() as stored:
        assert stored.incident_reports.get(report.report_id) == report
        assert list(stored.incident_reports.open().those) == ([] if full else [report])
        assert list(stored.incident_reports.closed(limit=9).those) == ([report] if full else [])
        assert stored.incident_reports.get("irp_none") is None


def test_those_that_wait_come_in_the_order_in_which_they_were_opened(store: Store) -> None:
    put(store, values.incident_report(3), values.incident_report(1), values.incident_report(2, full=True))
    with store.read() as stored:
        assert [one.opened_at for one in stored.incident_reports.open().those] == [at(1), at(3)]


def test_a_change_holds_once_and_keeps_who_opened_it(store: Store) -> None:
    first = values.incident_report()
    put(store, first)
    changed = replace(first, first_at=at(9), changes=1, opened_by="nobody")
    assert store.write(lambda uow: uow.incident_reports.change(changed)).value is True
    assert store.write(lambda uow: uow.incident_reports.change(changed)).value is False
    with store.read() as stored:
        assert stored.incident_reports.get(first.report_id) == replace(changed, opened_by=first.opened_by)


def test_steps_come_back_oldest_first(store: Store) -> None:
    report = values.incident_report()
    bare = IncidentReportStep(
        report_id=report.report_id, step_id="irs_1", move=ReportMove.OPENED, at=at(1), operator="sun"
    )
    told = replace(bare, step_id="irs_2", move=ReportMove.FIRST, recipient="CAC 17", content_hash="ab" * 32)
    other = replace(bare, report_id="irp_other")
    store.write(in_turn(*[lambda uow, one=one: uow.incident_reports.add_step(one) for one in (told, bare, other)]))
    with store.read() as stored:
        assert list(stored.incident_reports.steps(report.report_id)) == [bare, told]
