"""What an action takes: names, types, limits. Checked before the handler runs, in the contract's error codes.

A GET query and a signature v1 form carry dotted, flattened texts (``Config.IntentionQuestions.0.Answers.1``); the
schema turns them into the same typed, nested values that a JSON body has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The types of the contract."""

    STRING = "string"
    INTEGER = "integer"
    UNSIGNED = "unsigned"
    BOOLEAN = "boolean"
    OBJECT = "object"
    LIST = "list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One parameter. ``most`` limits the characters of a text, the entries of a list or the value of a number."""

    kind: Kind = Kind.STRING
    required: bool = False
    most: int | None = None
    pattern: str | None = None
    choices: Sequence[str] = ()
    fields: Mapping[str, Field] | None = None
    """Of an object."""
    items: Field | None = None
    """Of a list."""


Schema = Mapping[str, Field]
