"""Registering with few and with many holders: the ratio is that of the median round."""

import pytest

from bench.registering import Registered, summarise, tell


def test_the_ratio_is_taken_within_each_round() -> None:
    def took(microseconds: float) -> Registered:
        return Registered(rate=1e6 / microseconds, processor=microseconds)

    growth = summarise([(took(1_000), took(1_000)), (took(2_000), took(2_200)), (took(500), took(900))])
    assert growth.ratio == pytest.approx(1.1)
    assert (growth.few.processor, growth.many.processor) == (1_000, 1_000)
    told = tell(growth, many=100_000)
    assert told.startswith("With 100,000 holders a registration costs 1.10 times what it costs with 1,000.")
    assert "| 100,000 | 1,000 | 1,000 |" in told
