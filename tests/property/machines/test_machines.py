"""Whatever happens, in whatever order and session: no forbidden state is ever reached."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.property.machines.families import Families
from tests.property.machines.machine import Office, Town

RUN = settings(
    max_examples=25,
    stateful_step_count=30,
    derandomize=True,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def test_no_events_of_holders_partners_and_staff_reach_a_forbidden_state() -> None:
    run_state_machine_as_test(Town, settings=RUN)


def test_no_events_of_guardians_and_wards_reach_a_forbidden_state() -> None:
    run_state_machine_as_test(Families, settings=RUN)


def test_no_events_among_operators_reach_a_forbidden_state() -> None:
    run_state_machine_as_test(Office, settings=RUN)
