"""Check digits agree with the standards' samples and with python-stdnum."""

from __future__ import annotations

import pytest
from stdnum.iso7064 import mod_11_2, mod_11_10, mod_97_10

from eztong.domain.errors import InputInvalid
from eztong.domain.identity.check_digits import (
    CheckDigitWrong,
    check_mod_11_2,
    check_mod_11_10,
    check_mod_97_10,
    mod_11_2_digit,
    mod_11_10_digit,
    mod_97_10_digits,
)

BODIES = ["0", "1", "9", "07", "0794", "11010519491231002", "88123456789012345", "7" * 73]


def test_gb_11643_sample_has_check_character_x() -> None:
    """The sample of GB 11643-1999 ends in X."""
    assert mod_11_2_digit("11010519491231002") == "X"


def test_iso_7064_samples() -> None:
    """The standard's own examples: 0794 gives 0, 0794 gives 5, 794 gives 44."""
    assert mod_11_2_digit("0794") == "0"
    assert mod_11_10_digit("0794") == "5"
    assert mod_97_10_digits("794") == "44"


@pytest.mark.parametrize("body", BODIES)
def test_python_stdnum_agrees(body: str) -> None:
    """A second implementation computes the same digits."""
    assert mod_11_2_digit(body) == mod_11_2.calc_check_digit(body)
    assert mod_11_10_digit(body) == mod_11_10.calc_check_digit(body)
    assert mod_97_10_digits(body) == mod_97_10.calc_check_digits(body)


@pytest.mark.parametrize("body", ["", "12a", "１２", "٣", "²", " 1", "1\n"])
def test_computing_over_anything_but_ascii_digits_is_a_mistake(body: str) -> None:
    """Programmer's mistakes are ValueErrors, not answers."""
    for compute in (mod_11_2_digit, mod_11_10_digit, mod_97_10_digits):
        with pytest.raises(ValueError, match="ASCII digits"):
            compute(body)


def test_checking_returns_the_body() -> None:
    """What was verified comes back without its check digits."""
    assert check_mod_11_2("11010519491231002X") == "11010519491231002"
    assert check_mod_11_10("07945") == "0794"
    assert check_mod_97_10("79444") == "794"


@pytest.mark.parametrize("text", ["", "5", "07946", "0794x", "X", "abc", "０７９４５", "07945\n"])
def test_untrusted_text_that_does_not_fit_is_refused(text: str) -> None:
    """Wrong, too short and foreign text all raise the one error."""
    for check in (check_mod_11_2, check_mod_11_10, check_mod_97_10):
        with pytest.raises(CheckDigitWrong):
            check(text)


def test_small_x_is_no_check_character() -> None:
    """Normalising is the caller's work; here only the capital fits."""
    with pytest.raises(CheckDigitWrong):
        check_mod_11_2("11010519491231002x")


def test_one_body_has_one_pair_of_mod_97_10_digits() -> None:
    """Pairs that fit by arithmetic but are never issued are refused."""
    unissued = [f"{body}{pair}" for body in range(97) for pair in ("00", "01", "99")]
    for text in unissued:
        with pytest.raises(CheckDigitWrong):
            check_mod_97_10(text)


def test_a_pair_without_a_body_is_no_mod_97_10_text() -> None:
    """98 leaves 1 by itself, with nothing that it checks."""
    with pytest.raises(CheckDigitWrong):
        check_mod_97_10("98")


def test_every_pair_is_told_as_the_computed_one_or_not_at_all() -> None:
    """Checking divides once instead of computing: both agree on all hundred pairs."""
    for body in ("794", "0", "00000", "9" * 73):
        fitting = [pair for pair in map("{:02d}".format, range(100)) if _fits(body + pair)]
        assert fitting == [mod_97_10_digits(body)]


def _fits(text: str) -> bool:
    try:
        check_mod_97_10(text)
    except CheckDigitWrong:
        return False
    return True


def test_the_error_is_an_input_error_with_a_stable_code() -> None:
    """Doors map it like every other input error."""
    assert issubclass(CheckDigitWrong, InputInvalid)
    assert CheckDigitWrong.code == "check_digit"
