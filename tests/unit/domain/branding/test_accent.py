"""An accent can be read wherever it stands, on light pages and on dark ones, or is refused with what would fit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import eztong.pages
from eztong.domain.branding.accent import (
    BUILT_IN,
    DARK_GROUNDS,
    DERIVATION,
    ENOUGH,
    LIGHT_GROUNDS,
    AccentInvalid,
    AccentUnreadable,
    contrast,
    dark_palette,
    fitting,
    is_readable,
    light_palette,
    parse_accent,
)

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
STYLES = (Path(eztong.pages.__file__).parent / "static" / "eztong.css").read_text()


def test_contrast_is_as_wcag_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@given(COLOURS)
def test_whatever_is_taken_can_be_read_and_what_would_fit_is_taken(colour: str) -> None:
    try:
        assert parse_accent(colour) == colour
    except AccentUnreadable as error:
        assert parse_accent(error.fits) == error.fits == fitting(colour)
        assert min(contrast(colour, ground) for ground in (*LIGHT_GROUNDS, light_palette(colour).pale)) < ENOUGH
    dark = dark_palette(colour)
    assert is_readable(dark, DARK_GROUNDS)


@pytest.mark.parametrize("text", ["teal", "#fff", "#12345g", "#0b6e69;}", "0b6e69", "#０b6e69"])
def test_what_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(AccentInvalid):
        parse_accent(text)


def test_nothing_is_nothing_and_capitals_are_small_letters() -> None:
    assert (parse_accent(" "), parse_accent("#0B6E69 ")) == ("", BUILT_IN)


def test_grounds_and_accent_are_those_of_the_stylesheet() -> None:
    light, dark = STYLES.split("@media", 1)
    for text, grounds in ((light, LIGHT_GROUNDS), (dark, DARK_GROUNDS)):
        found = [re.search(rf"--{name}: (#[0-9a-f]+);", text) for name in ("paper", "card")]
        assert [one and one[1] for one in found] == [ground if ground != "#ffffff" else "#fff" for ground in grounds]
    assert f"--accent: {BUILT_IN};" in light


def test_another_derivation_has_another_number() -> None:
    # Browsers keep stylesheets for good: whoever changes what follows from an accent counts DERIVATION up.
    light, dark = light_palette("#b0183a"), dark_palette("#b0183a")
    told = (light.accent, light.deep, light.pale, dark.accent, dark.deep, dark.pale, dark.on_accent)
    assert (DERIVATION, told) == (1, TOLD)


TOLD = ("#b0183a", "#901430", "#f6e3e7", "#d1788c", "#db96a5", "#332831", "#061317")
