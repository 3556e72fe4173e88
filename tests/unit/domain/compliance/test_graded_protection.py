"""Control points of graded protection: shown by what was looked up, spoken against by it, or the deployment's job."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.compliance.graded_protection import POINTS, Looked, PointShown, graded_lines
from eztong.domain.operators.posture import CheckFinding, FindingSentence, Severity
from eztong.wiring.doctor import CHECKS

FINDINGS = {
    name: CheckFinding(name, Severity.OK, [FindingSentence("finding.well", {}, f"{name} is well.")])
    for name in ((check.__doc__ or "").partition(":")[0] for check in CHECKS)
}
GOOD = Looked(findings=FINDINGS, operators=3, without_second_factor=0, mixed=0, audit_entries=12, overdue_kinds=0)


def shown(looked: Looked) -> dict[str, PointShown]:
    return {line.point: line.shown for line in graded_lines(looked)}


def test_a_good_deployment_has_nothing_against_it_and_much_is_left_to_it() -> None:
    found = shown(GOOD)
    assert set(found.values()) == {PointShown.SHOWN, PointShown.DEPLOYMENT}
    assert found["8.1.1"] is found["8.1.10"] is found["8.1.4.9"] is PointShown.DEPLOYMENT
    assert len(found) == len(POINTS)


def test_every_check_that_is_named_is_one_of_the_doctors() -> None:
    assert {check for point in POINTS for check in point.checks} <= set(FINDINGS)


@pytest.mark.parametrize(
    ("changed", "points"),
    [
        ({"without_second_factor": 1}, {"8.1.4.1 d"}),
        ({"mixed": 1}, {"8.1.4.2 d", "8.1.5.1-3"}),
        ({"audit_entries": 0}, {"8.1.4.3 a-b"}),
        ({"overdue_kinds": 2}, {"8.1.4.10"}),
        ({"operators": 0}, {"8.1.4.1 a", "8.1.4.1 d", "8.1.4.2 a-c"}),
    ],
)
def test_what_was_looked_up_speaks_against_its_points_and_no_other(changed: dict[str, int], points: set[str]) -> None:
    found = shown(replace(GOOD, **changed))  # type: ignore[arg-type]  # fields by name
    assert {point for point, one in found.items() if one is PointShown.NOT_SHOWN} == points


def test_a_warning_of_the_doctor_speaks_against_what_it_shows() -> None:
    worse = FINDINGS | {
        "EZT003": CheckFinding("EZT003", Severity.WARNING, [FindingSentence("finding.https", {}, "not https")])
    }
    lines = {line.point: line for line in graded_lines(replace(GOOD, findings=worse))}
    assert {point for point, line in lines.items() if line.shown is PointShown.NOT_SHOWN} == {
        *("8.1.2.2", "8.1.4.1 c", "8.1.4.7", "8.1.4.8"),
    }
    assert "EZT003: not https" in lines["8.1.2.2"].evidence
