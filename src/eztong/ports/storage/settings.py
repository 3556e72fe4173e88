"""The port of small facts of the installation."""

from __future__ import annotations

from typing import Protocol


class SettingRepository(Protocol):
    """Small facts of the installation, by name."""

    def get(self, name: str) -> str | None:
        """Return the fact of this name, or None if there is none yet."""
        ...

    def set(self, name: str, value: str) -> None:
        """Store a fact under a name, instead of the one before."""
        ...
