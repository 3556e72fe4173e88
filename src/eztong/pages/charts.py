"""Charts as SVG, drawn on the server: pure functions, no script, no style of their own, and a name that is read aloud.

A chart shows a course; the numbers stand in the table beside it, so nothing depends on seeing it. Colours come by
class (``series-1`` to ``series-5``) from the stylesheet of the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

WIDTH: Final = 640
HEIGHT: Final = 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 8, 12, 28
_COLOURS: Final = 5
_STEPS: Final = (1, 2, 5, 10)
_LINES: Final = 4
_LABELS: Final = 6


@dataclass(frozen=True, slots=True)
class Series:
    """What is drawn: a name for the legend, and a value for each place."""

    name: str
    values: Sequence[int]


def line_chart(series: Sequence[Series], *, labels: Sequence[str], title: str, desc: str) -> str:
    """Return a chart with a line for each series. ``labels`` name the places below; ``desc`` says what it shows."""
    frame = _Frame(len(labels), max((max(one.values, default=0) for one in series), default=0))
    lines = "".join(
        f'<polyline class="line {_colour(number)}" points="{frame.points(one.values)}"/>'
        for number, one in enumerate(series)
    )
    return _drawn(frame, lines, labels=labels, title=title, desc=desc)


def stacked_chart(series: Sequence[Series], *, labels: Sequence[str], title: str, desc: str) -> str:
    """Return a chart with a bar at each place, in which the series stand on each other."""
    sums = [sum(values) for values in zip(*(one.values for one in series), strict=True)] if series else []
    frame = _Frame(len(labels), max(sums, default=0))
    bars, feet = "", [0] * len(labels)
    for number, one in enumerate(series):
        bars += "".join(
            frame.bar(place, foot, value, css=_colour(number))
            for place, (foot, value) in enumerate(zip(feet, one.values, strict=True))
            if value
        )
        feet = [foot + value for foot, value in zip(feet, one.values, strict=True)]
    return _drawn(frame, bars, labels=labels, title=title, desc=desc)


def top_of(most: int) -> int:
    """Return the end of the scale: the next round number from ``most`` on, that its lines divide evenly."""
    step = 1
    while True:
        for factor in _STEPS:
            if factor * step * _LINES >= most:
                return factor * step * _LINES
        step *= 10


class _Frame:
    """Where values and places lie in the picture."""

    def __init__(self, places: int, most: int) -> None:
        self.places = max(places, 1)
        self.top = top_of(most)
        self.across = (WIDTH - _LEFT - _RIGHT) / self.places

    def x(self, place: int) -> float:
        return _LEFT + self.across * (place + 0.5)

    def y(self, value: float) -> float:
        return HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * value / self.top

    def points(self, values: Sequence[int]) -> str:
        return " ".join(f"{self.x(place):.1f},{self.y(value):.1f}" for place, value in enumerate(values))

    def bar(self, place: int, foot: int, value: int, *, css: str) -> str:
        wide = self.across * 0.7
        y = self.y(foot + value)
        return (
            f'<rect class="bar-of {css}" x="{self.x(place) - wide / 2:.1f}" y="{y:.1f}" '
            f'width="{wide:.1f}" height="{self.y(foot) - y:.1f}"/>'
        )

    def grid(self) -> str:
        marks = [self.top * line // _LINES for line in range(_LINES + 1)]
        return "".join(
            f'<line class="grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{self.y(mark):.1f}" y2="{self.y(mark):.1f}"/>'
            f'<text class="mark end" x="{_LEFT - 6}" y="{self.y(mark) + 4:.1f}">{mark:,}</text>'
            for mark in marks
        )

    def names(self, labels: Sequence[str]) -> str:
        every = max(-(-len(labels) // _LABELS), 1)
        return "".join(
            f'<text class="mark" x="{self.x(place):.1f}" y="{HEIGHT - 8}">{escape(label)}</text>'
            for place, label in enumerate(labels)
            if place % every == 0
        )


def _drawn(frame: _Frame, what: str, *, labels: Sequence[str], title: str, desc: str) -> str:
    # All that comes from outside is escaped here and in names(); the rest are numbers.
    head = f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
    said = f"<title>{escape(title)}</title><desc>{escape(desc)}</desc>"
    return f"{head}{said}{frame.grid()}{what}{frame.names(labels)}</svg>"


def _colour(number: int) -> str:
    return f"series-{min(number, _COLOURS - 1) + 1}"
