"""The accent colour: one is chosen, the others follow from it, and all can be read (WCAG 2.2, 1.4.3 AA)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from eztong.domain.errors import InputInvalid

ENOUGH: Final = 4.5
"""The least contrast of text of ordinary size."""

BUILT_IN: Final = "#0b6e69"
DERIVATION: Final = 1
"""Goes up when other colours follow from the same accent: stylesheets are kept by browsers for good."""

LIGHT_GROUNDS: Final = ("#f7f8fa", "#ffffff")
DARK_GROUNDS: Final = ("#10171d", "#19232b")
"""Page and card of the shared stylesheet, which accents are read on."""

_WHITE: Final = "#ffffff"
_BLACK: Final = "#000000"
_ON_DARK_ACCENT: Final = "#061317"
_STEPS: Final = 200
_FORM: Final = re.compile(r"#[0-9a-f]{6}")
_CHANNEL_KNEE: Final = 0.04045


class AccentInvalid(InputInvalid):
    """It is no colour."""

    code = "accent_invalid"
    advice = "Give a colour as # and six digits of 0 to 9 and a to f, such as #0b6e69."


class AccentUnreadable(InputInvalid):
    """It is too light to be read. ``fits`` is the nearest darker shade that is not."""

    code = "accent_unreadable"

    advice = f"It cannot be read on the pages: its contrast is below {ENOUGH}. Choose a darker shade."

    def __init__(self, detail: str | None = None, *, fits: str = "") -> None:
        """Keep what would fit."""
        super().__init__(detail)
        self.fits = fits


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """The colours of one scheme, each as ``#rrggbb``."""

    accent: str
    deep: str
    pale: str
    on_accent: str


def parse_accent(text: str) -> str:
    """Return a colour that can be read, in small letters; nothing for nothing.

    Raises:
        AccentInvalid: it is none.
        AccentUnreadable: it cannot be read on the pages; naming what would fit.
    """
    accent = text.strip().lower()
    if not accent:
        return ""
    if _FORM.fullmatch(accent) is None:
        raise AccentInvalid
    if not is_readable(light_palette(accent), LIGHT_GROUNDS):
        fits = fitting(accent)
        raise AccentUnreadable(
            f"It cannot be read on the pages (contrast below {ENOUGH}); {fits} would fit.", fits=fits
        )
    return accent


def fitting(accent: str) -> str:
    """Return the nearest darker shade that can be read."""
    return _first(lambda share: mix(accent, _BLACK, share), light_palette, LIGHT_GROUNDS).accent


def light_palette(accent: str) -> Palette:
    """Return what follows from an accent on light pages."""
    return Palette(accent=accent, deep=mix(accent, _BLACK, 0.18), pale=mix(accent, _WHITE, 0.88), on_accent=_WHITE)


def dark_palette(accent: str) -> Palette:
    """Return what follows from it on dark pages: made lighter until it can be read there."""
    return _first(lambda share: mix(accent, _WHITE, share), _dark, DARK_GROUNDS)


def is_readable(palette: Palette, grounds: tuple[str, ...]) -> bool:
    """Say whether text in these colours, and on them, has enough contrast."""
    pairs = [(palette.accent, ground) for ground in (*grounds, palette.pale)]
    pairs += [(palette.on_accent, palette.accent), (palette.on_accent, palette.deep), (palette.deep, palette.pale)]
    return all(contrast(one, other) >= ENOUGH for one, other in pairs)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21 (WCAG 2.2, contrast ratio)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mix(colour: str, other: str, share: float) -> str:
    """Return a colour with so much of another one in it, ``share`` from 0 to 1."""
    mixed = (round(a + (b - a) * share) for a, b in zip(_channels(colour), _channels(other), strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def variables(palette: Palette) -> Mapping[str, str]:
    """Return the names by which the stylesheet knows the colours."""
    return {
        "--accent": palette.accent,
        "--accent-deep": palette.deep,
        "--accent-pale": palette.pale,
        "--on-accent": palette.on_accent,
    }


def _dark(accent: str) -> Palette:
    return Palette(
        accent=accent,
        deep=mix(accent, _WHITE, 0.22),
        pale=mix(DARK_GROUNDS[0], accent, 0.18),
        on_accent=_ON_DARK_ACCENT,
    )


def _first(shade: Callable[[float], str], derive: Callable[[str], Palette], grounds: tuple[str, ...]) -> Palette:
    # At the end stands black or white, which can be read on either ground.
    palettes: Iterator[Palette] = (derive(shade(step / _STEPS)) for step in range(_STEPS + 1))
    return next(one for one in palettes if is_readable(one, grounds))


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= _CHANNEL_KNEE else float(((channel + 0.055) / 1.055) ** 2.4)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
