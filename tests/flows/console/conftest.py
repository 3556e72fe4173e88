"""Operators' browsers."""

from __future__ import annotations

import pytest

from tests.flows.citizen.browser import Town
from tests.flows.console.staff import StaffBrowser


@pytest.fixture
def staff(town: Town) -> StaffBrowser:
    return StaffBrowser(town)
