"""The authenticator's counter: it must move on, unless there is none."""

import pytest

from eztong.domain.access.passkey import PasskeyCloned, check_count


@pytest.mark.parametrize(("stored", "presented"), [(0, 0), (0, 1), (1, 2), (7, 900)])
def test_a_counter_that_moves_on_or_does_not_exist_is_taken(stored: int, presented: int) -> None:
    check_count(stored, presented)


@pytest.mark.parametrize(("stored", "presented"), [(1, 1), (2, 1), (5, 0)])
def test_a_counter_that_stands_still_or_goes_back_is_refused(stored: int, presented: int) -> None:
    with pytest.raises(PasskeyCloned):
        check_count(stored, presented)
