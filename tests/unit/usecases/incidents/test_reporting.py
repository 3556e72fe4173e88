"""Reports to the authorities: which clock runs, what a report must say, and that each step is on record."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from eztong.domain.errors import EztongError
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.incidents.incident import IncidentUnknown
from eztong.domain.incidents.reporting import (
    FINAL_SLOTS,
    FIRST_SLOTS,
    IncidentGrade,
    IncidentReport,
    OperatorKind,
    ReportedKind,
    ReportIncomplete,
    ReportMove,
    ReportOver,
    ReportSlot,
    ReportTimesInvalid,
    ReportUnknown,
    parse_slots,
)
from eztong.domain.operators.operator import OperatorNeeded, OperatorRole, RoleMissing
from eztong.ports.act import Acting
from eztong.usecases.incidents.report_incident import (
    MoveReport,
    OpenReport,
    WriteReport,
    find_report,
    move_report,
    open_report,
    open_slots,
    report_document,
    write_report,
)
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import Stage

HOUR = timedelta(hours=1)
M = ReportMove


def security(stage: Stage) -> Acting:
    return operator(stage, "sun", OperatorRole.SECURITY)


def opened(
    stage: Stage,
    *,
    kind: ReportedKind = ReportedKind.INCIDENT,
    grade: IncidentGrade = IncidentGrade.LARGER,
    who: OperatorKind = OperatorKind.OTHER,
) -> IncidentReport:
    command = OpenReport(kind=kind, grade=grade, operator_kind=who, noticed_at=stage.clock.now())
    return stage.act(open_report, command, by=security(stage))


def write(stage: Stage, report: IncidentReport, *slots: ReportSlot, **more: object) -> IncidentReport:
    given: dict[str, object] = {"grade": report.grade, "operator_kind": report.operator_kind}
    command = WriteReport(report_id=report.report_id, slots=dict.fromkeys(slots, "words"), **(given | more))  # type: ignore[arg-type]  # fields by name
    return stage.act(write_report, command, by=security(stage))


def move(stage: Stage, report: IncidentReport, what: ReportMove, to: str = "CAC 2026-17") -> IncidentReport:
    command = MoveReport(report_id=report.report_id, move=what, recipient=to)
    return stage.act(move_report, command, by=security(stage))


def stored(stage: Stage, report: IncidentReport) -> IncidentReport:
    return stage.read(lambda stored: find_report(report.report_id, stored=stored))


@pytest.mark.parametrize(
    ("kind", "grade", "who", "hours"),
    [
        ("incident", "larger", "critical", 1),
        ("incident", "grave", "central", 2),
        ("incident", "most_grave", "other", 4),
        ("incident", "ordinary", "critical", None),
        ("flaw", "ordinary", "other", 24),
    ],
)
def test_kind_grade_and_operator_give_the_clock_to_the_second(
    stage: Stage, kind: str, grade: str, who: str, hours: int | None
) -> None:
    report = opened(stage, kind=ReportedKind(kind), grade=IncidentGrade(grade), who=OperatorKind(who))
    start = report.noticed_at
    if hours is None:
        assert (report.dues, report.next_due(), report.is_overdue(start + 99 * HOUR)) == ((), None, False)
        return
    assert report.next_due() == start + hours * HOUR
    assert not report.is_overdue(start + hours * HOUR)
    assert report.is_overdue(start + hours * HOUR + timedelta(milliseconds=1))


def test_from_the_first_report_to_the_final_one_each_step_is_on_record(stage: Stage) -> None:
    report = opened(stage)
    with pytest.raises(ReportIncomplete):
        move(stage, report, M.FIRST)
    write(stage, report, *FIRST_SLOTS)
    with pytest.raises(ReportIncomplete):
        move(stage, report, M.FIRST, to=" ")
    stage.clock.pass_by(seconds=5 * 3600)
    assert stored(stage, report).is_overdue(stage.clock.now())
    first = move(stage, report, M.FIRST)
    assert first.dues[0].was_late
    assert first.next_due() is None
    move(stage, report, M.FOLLOW_UP)
    with pytest.raises(ReportOver):
        move(stage, report, M.FINAL)
    handled = move(stage, report, M.HANDLED, to="")
    assert handled.handled_at is not None
    assert handled.next_due() == handled.handled_at + timedelta(days=30)
    with pytest.raises(ReportIncomplete):
        move(stage, report, M.FINAL)
    write(stage, report, *FIRST_SLOTS, *FINAL_SLOTS)
    stage.clock.pass_by(days=29)
    closed = move(stage, report, M.FINAL)
    assert (closed.closed_at, closed.dues[1].was_late) == (stage.clock.now(), False)
    steps = stage.read(lambda stored: list(stored.incident_reports.steps(report.report_id)))
    assert [one.move for one in steps] == [
        *(M.OPENED, M.WRITTEN, M.FIRST, M.FOLLOW_UP, M.HANDLED, M.WRITTEN, M.FINAL),
    ]
    assert {one.operator for one in steps} == {"sun"}
    told = [one for one in steps if one.recipient is not None]
    assert [one.move for one in told] == [M.FIRST, M.FOLLOW_UP, M.FINAL]
    assert told[0].content_hash != told[2].content_hash
    acts = stage.select("SELECT kind FROM acts WHERE subject = ?", report.report_id)
    assert acts == [(ActKind.INCIDENT_REPORTED.value,)] * 3
    for what in (M.FIRST, M.FINAL, M.CLOSED):
        with pytest.raises(ReportOver):
            move(stage, report, what)
    with pytest.raises(ReportOver):
        write(stage, report)


def test_a_flaw_is_closed_by_its_one_report_and_an_ordinary_incident_without(stage: Stage) -> None:
    flaw = opened(stage, kind=ReportedKind.FLAW)
    write(stage, flaw, *FIRST_SLOTS)
    with pytest.raises(ReportOver):
        move(stage, flaw, M.HANDLED)
    assert move(stage, flaw, M.FIRST).closed_at is not None
    ordinary = opened(stage, grade=IncidentGrade.ORDINARY)
    assert move(stage, ordinary, M.CLOSED, to="").closed_at is not None
    larger = opened(stage)
    with pytest.raises(ReportOver):
        move(stage, larger, M.CLOSED)


def test_a_graver_judgement_starts_the_clock_from_when_it_was_noticed(stage: Stage) -> None:
    report = opened(stage, grade=IncidentGrade.ORDINARY)
    stage.clock.pass_by(seconds=2 * 3600)
    graver = write(stage, report, grade=IncidentGrade.GRAVE, operator_kind=OperatorKind.CRITICAL)
    assert graver.is_overdue(stage.clock.now())
    (_, step) = stage.read(lambda stored: list(stored.incident_reports.steps(report.report_id)))
    assert step.move is M.REGRADED


def test_what_a_report_says_lies_sealed_and_is_handed_out_whole(stage: Stage) -> None:
    report = write(stage, opened(stage), *FIRST_SLOTS)
    ((sealed,),) = stage.select("SELECT sealed_slots FROM incident_reports")
    assert b"words" not in sealed
    slots = open_slots(report, keys=stage.keys)
    document = report_document(report, slots)
    assert document["says"] == {"unit": "words", "facts": "words"}
    assert (document["grade"], document["operator_kind"], document["format"]) == (
        *("larger", "other", "eztong/incident-report/v1"),
    )


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"noticed_at": timedelta(seconds=1)}, ReportTimesInvalid),
        ({"noticed_at": timedelta(days=-367)}, ReportTimesInvalid),
        ({"incident_id": "inc_none"}, IncidentUnknown),
    ],
)
def test_what_cannot_be_meant_leaves_nothing(stage: Stage, more: dict[str, object], error: type[EztongError]) -> None:
    by, before = security(stage), stage.rows()
    given: dict[str, object] = {
        "kind": ReportedKind.INCIDENT,
        "grade": IncidentGrade.LARGER,
        "operator_kind": OperatorKind.OTHER,
        "noticed_at": timedelta(0),
    }
    given |= more
    moved = given.pop("noticed_at")
    assert isinstance(moved, timedelta)
    command = OpenReport(noticed_at=stage.clock.now() + moved, **given)  # type: ignore[arg-type]  # fields by name
    with pytest.raises(error):
        stage.act(open_report, command, by=by)
    assert stage.rows() == before


def test_only_who_may_writes_one(stage: Stage) -> None:
    command = OpenReport(
        kind=ReportedKind.INCIDENT,
        grade=IncidentGrade.LARGER,
        operator_kind=OperatorKind.OTHER,
        noticed_at=stage.clock.now(),
    )
    with pytest.raises(OperatorNeeded):
        stage.act(open_report, command)
    with pytest.raises(RoleMissing):
        stage.act(open_report, command, by=operator(stage, "zhou", OperatorRole.AUDIT))
    with pytest.raises(ReportUnknown):
        stage.read(lambda stored: find_report("irp_none", stored=stored))


def test_of_two_changes_at_one_moment_one_holds(stage: Stage) -> None:
    report = opened(stage)
    write(stage, report)
    seen_before = replace(report, changes=1)
    assert stage.write(lambda uow: uow.incident_reports.change(seen_before)) is False


def test_parts_are_read_without_what_nobody_sees_and_not_longer_than_they_may_be() -> None:
    assert parse_slots({"unit": " a\u202e\r\nb ", "facts": "\u200b", "strange": "x"}) == {ReportSlot.UNIT: "a\nb"}
    with pytest.raises(ReportIncomplete):
        parse_slots({"unit": "x" * 2_001})
