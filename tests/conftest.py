"""What every test shares: as little as possible."""

from __future__ import annotations

import pytest
import structlog
from hypothesis import settings

# A slow moment of the machine is no counterexample; pytest's own time limit still holds.
settings.register_profile("eztong", deadline=None, print_blob=True)
settings.load_profile("eztong")


@pytest.fixture(autouse=True)
def logs_as_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """Undo what an earlier test configured: logging is one for the whole process."""
    structlog.reset_defaults()
    monkeypatch.setattr("eztong.http.logs._direct", None)
