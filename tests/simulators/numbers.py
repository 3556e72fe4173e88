"""Numbers to read out that nobody was issued, made from the specification alone."""

from __future__ import annotations


def unknown_number(seed: int) -> str:
    """Return a number of the right form that was never issued (the check digit is ISO 7064 MOD 11,10)."""
    body = f"88{seed:015d}"
    rest = 10
    for digit in body:
        rest = (rest + int(digit)) % 10 or 10
        rest = rest * 2 % 11
    return body + str((11 - rest) % 10)
