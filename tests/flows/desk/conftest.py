"""What staff do in the town of a test."""

import pytest

from tests.flows.citizen.browser import Town
from tests.flows.desk.clerk import Clerk


@pytest.fixture
def clerk(town: Town) -> Clerk:
    """Staff of the hotel at its first desk."""
    clerk = Clerk(town)
    clerk.start()
    return clerk
