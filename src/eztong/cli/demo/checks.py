"""What a step of the demo is, and how it fails: by name, never silently."""

from __future__ import annotations

from dataclasses import dataclass, field


class StepFailed(Exception):
    """Something was not as it should be; the text says what."""


@dataclass(slots=True)
class Notes:
    """What a step checked and what it wants to show."""

    checked: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)

    def check(self, what: str, holds: bool) -> None:
        """Note that ``what`` holds.

        Raises:
            StepFailed: it does not.
        """
        if not holds:
            raise StepFailed(f"this does not hold: {what}")
        self.checked.append(what)

    def show(self, text: str) -> None:
        """Put ``text`` before the reader's eyes."""
        self.shown.append(text)
