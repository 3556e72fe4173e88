"""A stage with a victim and an attacker, each with an account of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.flows.proofs.stages import ATTACKER, VICTIM, Hand, Stage, sandbox
from tests.simulators.quick_files import folder_in_memory


@pytest.fixture
def stage() -> Iterator[Stage]:
    with folder_in_memory("stage-") as folder, sandbox(folder) as running:
        yield running


@pytest.fixture
def victim(stage: Stage) -> Hand:
    """The victim at the own browser, registered."""
    hand = stage.browser(VICTIM)
    hand.register(VICTIM)
    return hand


@pytest.fixture
def attacker(stage: Stage) -> Hand:
    """The attacker at a fresh browser; the account is in another one."""
    stage.browser(ATTACKER).register(ATTACKER)
    return stage.browser(ATTACKER)
