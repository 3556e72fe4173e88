"""How many rows one operator deals with at once, and what is typed before it."""

from __future__ import annotations

import pytest

from eztong.domain.operators.bulk import (
    MOST_ALONE,
    CountWrong,
    RowsMissing,
    RowsTooMany,
    check_rows,
    check_typed_count,
)


def test_at_least_one_and_at_most_so_many_rows() -> None:
    check_rows(["1"])
    check_rows([str(number) for number in range(MOST_ALONE)])
    with pytest.raises(RowsMissing):
        check_rows([])
    with pytest.raises(RowsTooMany):
        check_rows([str(number) for number in range(MOST_ALONE + 1)])


@pytest.mark.parametrize("typed", ["", "1", "3", "two", "02", "２"])
def test_only_the_number_itself_confirms(typed: str) -> None:
    check_typed_count(" 2 ", ["a", "b"])
    with pytest.raises(CountWrong):
        check_typed_count(typed, ["a", "b"])
