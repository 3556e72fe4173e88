"""Refusals that are remembered: what a job returns when its refusal must be committed, unlike an exception."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from eztong.domain.errors import EztongError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Refused:
    """The act was refused, and what was recorded about it stays; ``is_new`` unless the same was recorded before."""

    error: EztongError
    is_new: bool = True


def accepted(value: T | Refused) -> T:
    """Return ``value``, or raise the refusal after its record is durable."""
    if isinstance(value, Refused):
        raise value.error
    return value
