"""Duties that begin with a number of people."""

from __future__ import annotations

import pytest

from eztong.domain.operators.posture import reached


@pytest.mark.parametrize(
    ("people", "faces", "names"),
    [
        (0, 0, []),
        (999_999, 0, []),
        (1_000_000, 0, ["officer"]),
        (10_000_000, 0, ["officer", "audits"]),
        (200_000, 99_999, []),
        (200_000, 100_000, ["faces"]),
    ],
)
def test_a_duty_begins_with_its_number_of_the_people_that_it_counts(people: int, faces: int, names: list[str]) -> None:
    assert [duty.name for duty in reached(people, faces=faces)] == names
