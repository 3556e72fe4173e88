"""What a person must see to before anything can be measured, or why what was measured does not count."""

from __future__ import annotations


class CannotMeasure(RuntimeError):
    """Its text says what is wrong, and what to do."""
