"""The sandbox's fault switch keeps its promises over an authority in process and over one in a process of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from eztong.adapters.authority.registry import Fault
from eztong.adapters.sandbox_controls import FaultSwitch, own_faults, remote_faults
from eztong.domain.errors import Unavailable
from tests.contract.authority.conftest import RunningServer
from tests.simulators.service import free_port

MAKERS: tuple[Callable[[RunningServer], FaultSwitch], ...] = (
    lambda server: own_faults(server.registry),
    lambda server: remote_faults(server.address),
)


@pytest.mark.parametrize("make", MAKERS, ids=["own", "remote"])
@pytest.mark.parametrize("fault", list(Fault))
def test_what_was_switched_is_what_is_read(
    server: RunningServer, make: Callable[[RunningServer], FaultSwitch], fault: Fault
) -> None:
    switch = make(server)
    switch.set(fault)
    assert switch.read() is fault
    assert server.registry.fault is fault


def test_an_authority_that_is_away_is_unavailable() -> None:
    away = remote_faults(f"http://127.0.0.1:{free_port()}")
    with pytest.raises(Unavailable):
        away.read()
    with pytest.raises(Unavailable):
        away.set(Fault.DOWN)
