"""Digits that people read out or type: drawn evenly, with the zeros in front."""

from __future__ import annotations

from eztong.ports.act import Act


def draw_digits(act: Act, count: int) -> str:
    """Return so many decimal digits at random."""
    return f"{act.entropy.below(10**count):0{count}}"
