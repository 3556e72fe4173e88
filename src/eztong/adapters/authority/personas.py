"""The sandbox's personas, to be looked up by key or by number."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from eztong.adapters.authority.persona_cast import CAST
from eztong.adapters.authority.persona_model import (
    SANDBOX_START,
    Expected,
    ExpectedKind,
    NameOnFile,
    Persona,
    Script,
    Story,
)

__all__ = [
    "PERSONAS",
    "SANDBOX_START",
    "Expected",
    "ExpectedKind",
    "NameOnFile",
    "Persona",
    "Script",
    "Story",
    "find_by_number",
    "personas_with_number",
]

PERSONAS: Final[Mapping[str, Persona]] = MappingProxyType({persona.key: persona for persona in CAST})
"""Key to persona, ``P01`` to ``P32`` and ``X1`` to ``X6``, in this order."""


def personas_with_number(number: str) -> tuple[Persona, ...]:
    """Return the personas of an 18-character number, usually one; ``P02`` and ``X6`` share theirs."""
    return tuple(persona for persona in CAST if persona.number == number)


def find_by_number(number: str) -> Persona | None:
    """Return the persona of a number, as typed or in its 18 characters; for the shared number ``P02``."""
    for persona in CAST:
        if number in {persona.number, persona.number_as_typed}:
            return persona
    return None
