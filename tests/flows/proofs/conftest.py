"""A stage with a victim and an attacker, each with an account of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.proofs.stages import ATTACKER, VICTIM, Hand, Stage, sandbox


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with sandbox(tmp_path) as running:
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
