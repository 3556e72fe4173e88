"""Bar charts as SVG elements inside a page: drawn by the server, coloured by the stylesheet, with their words in them.

A chart is a picture of a table that stands beside it: whoever does not see it loses nothing.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 720
HEIGHT: Final = 240
_LEFT: Final = 48
_RIGHT: Final = 20
_TOP: Final = 12
_BOTTOM: Final = 28
_MOST_LABELS: Final = 8
_STEPS: Final = 4
_WIDEST: Final = 40.0
_ROUND: Final = (4, 8, 20)
"""Numbers whose quarters are whole; times ten, a hundred and so on they end every scale."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label under the axis, and the height of each of its parts from below, by the part's class."""

    label: str
    parts: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """How high the bar is."""
        return sum(count for _, count in self.parts)


def draw_bars(bars: Sequence[Bar], *, name: str, title: str, description: str) -> str:
    """Return a chart of stacked bars. The result is escaped: a template may mark it as safe.

    Args:
        bars: From left to right.
        name: What the ids of its words begin with; no other chart of the page has it.
        title: What is shown, for a screen reader and a tip.
        description: What it says, in a sentence.
    """
    top = ceiling(max((bar.total for bar in bars), default=0))
    return "".join(
        (
            f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="{name}-title {name}-desc">',
            f'<title id="{name}-title">{html.escape(title)}</title>',
            f'<desc id="{name}-desc">{html.escape(description)}</desc>',
            _grid(top),
            _bars(bars, top),
            "</svg>",
        )
    )


def ceiling(most: int) -> int:
    """Return a round number, a multiple of four, that is not below ``most``."""
    power = 1
    while True:
        for step in _ROUND:
            if step * power >= most:
                return step * power
        power *= 10


def _grid(top: int) -> str:
    lines = []
    for step in range(_STEPS + 1):
        y = _height_at(top * step // _STEPS, top)
        lines.append(f'<path class="rule" d="M{_LEFT} {y:.1f}H{WIDTH - _RIGHT}"/>')
        lines.append(f'<text class="scale" x="{_LEFT - 8}" y="{y + 4:.1f}">{top * step // _STEPS}</text>')
    return "".join(lines)


def _bars(bars: Sequence[Bar], top: int) -> str:
    if not bars:
        return ""
    room = (WIDTH - _LEFT - _RIGHT) / len(bars)
    width = min(room * 0.7, _WIDEST)
    every = -(-len(bars) // _MOST_LABELS)
    parts = []
    for place, bar in enumerate(bars):
        middle = _LEFT + room * (place + 0.5)
        parts.append(_bar(bar, middle - width / 2, width, top))
        if (len(bars) - 1 - place) % every == 0:
            parts.append(f'<text class="day" x="{middle:.1f}" y="{HEIGHT - 8}">{html.escape(bar.label)}</text>')
    return "".join(parts)


def _bar(bar: Bar, x: float, width: float, top: int) -> str:
    drawn, below = [], 0
    for kind, count in bar.parts:
        if count:
            y, end = _height_at(below + count, top), _height_at(below, top)
            shape = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{end - y:.1f}"'
            drawn.append(f'<rect class="{html.escape(kind)}" {shape}/>')
        below += count
    return "".join(drawn)


def _height_at(value: int, top: int) -> float:
    return HEIGHT - _BOTTOM - (HEIGHT - _BOTTOM - _TOP) * value / top
