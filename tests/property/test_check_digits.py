"""What ISO 7064 promises, for every body."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_2, mod_11_10, mod_97_10

from eztong.domain.identity.check_digits import (
    CheckDigitWrong,
    check_mod_11_2,
    check_mod_11_10,
    check_mod_97_10,
    mod_11_2_digit,
    mod_11_10_digit,
    mod_97_10_digits,
)

bodies = st.text("0123456789", min_size=1, max_size=80)
SYSTEMS: list[tuple[Callable[[str], str], Callable[[str], str]]] = [
    (mod_11_2_digit, check_mod_11_2),
    (mod_11_10_digit, check_mod_11_10),
    (mod_97_10_digits, check_mod_97_10),
]
# MOD 11,10 misses some swaps; the standard does not promise them.
SWAP_PROOF = [SYSTEMS[0], SYSTEMS[2]]


@given(bodies)
def test_stdnum_agrees_on_every_body(body: str) -> None:
    """A second implementation computes the same digits."""
    assert mod_11_2_digit(body) == mod_11_2.calc_check_digit(body)
    assert mod_11_10_digit(body) == mod_11_10.calc_check_digit(body)
    assert mod_97_10_digits(body) == mod_97_10.calc_check_digits(body)


@given(bodies)
def test_what_is_computed_is_accepted(body: str) -> None:
    """Every body with its own check digits passes and comes back."""
    for compute, check in SYSTEMS:
        assert check(body + compute(body)) == body


@given(bodies, st.data())
def test_every_single_wrong_digit_is_found(body: str, data: st.DataObject) -> None:
    """One changed character never passes, in any of the three systems."""
    for compute, check in SYSTEMS:
        good = body + compute(body)
        place = data.draw(st.integers(0, len(good) - 1))
        other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != good[place]]))
        with pytest.raises(CheckDigitWrong):
            check(good[:place] + other + good[place + 1 :])


@given(bodies, st.data())
def test_every_swap_of_neighbours_is_found(body: str, data: st.DataObject) -> None:
    """Two different neighbours swapped never pass MOD 11-2 and MOD 97-10."""
    for compute, check in SWAP_PROOF:
        good = body + compute(body)
        place = data.draw(st.integers(0, len(good) - 2))
        left, right = good[place], good[place + 1]
        if left != right:
            with pytest.raises(CheckDigitWrong):
                check(good[:place] + right + left + good[place + 2 :])


@given(st.text())
def test_arbitrary_text_passes_or_raises_the_one_error(text: str) -> None:
    """Untrusted text can cause nothing else."""
    for _, check in SYSTEMS:
        with contextlib.suppress(CheckDigitWrong):
            check(text)
