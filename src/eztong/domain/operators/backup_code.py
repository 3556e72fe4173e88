"""Backup codes: instead of the app's digits when the phone is away, each once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

CODES: Final = 10
"""How many an operator gets at once; new ones end all of before."""

LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without what is read as something else."""

CODE_LENGTH: Final = 10
"""Letters of a code: some 49 bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupCode:
    """One code of an operator, as a keyed hash."""

    code_hash: bytes = field(repr=False)
    operator: str
    created_at: datetime
    used_at: datetime | None = None


def plain_code(typed: str) -> str:
    """Return what was typed without spaces, dashes and capitals; empty if it cannot be a backup code."""
    plain = "".join(letter for letter in typed.lower() if letter.isalnum())
    return plain if len(plain) == CODE_LENGTH else ""


def spelt_code(code: str) -> str:
    """Return a code as it is read: in two halves."""
    half = CODE_LENGTH // 2
    return f"{code[:half]}-{code[half:]}"
