"""Each guard matters: taken away, it lets the machine reach what it guards against."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.property.machines.forbidden import ForbiddenState
from tests.property.machines.guards import GUARDS, Guard

RUN = settings(
    max_examples=8,
    stateful_step_count=10,
    database=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
SEEDS = 4
"""As many sequences of events before a story there are; every guard had fallen in each when it came to the table."""


def test_twelve_guards_and_more_stand_in_the_table_each_by_itself() -> None:
    assert len(GUARDS) >= 12
    assert len({guard.seam for guard in GUARDS}) == len(GUARDS)
    assert len({guard.reached for guard in GUARDS}) == len(GUARDS)


@pytest.mark.parametrize(
    ("number", "guard"), [*enumerate(GUARDS)], ids=[guard.reached.name.lower() for guard in GUARDS]
)
def test_without_it_the_machine_fails(number: int, guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard.seam, guard.instead)
    machine = seed(number % SEEDS)(type("Unguarded", (guard.machine,), {"ends": (guard.story,)}))
    with pytest.raises(ForbiddenState) as reached:
        run_state_machine_as_test(machine, settings=RUN)
    assert reached.value.which is guard.reached
