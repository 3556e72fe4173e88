"""Passwords that the service makes: read from one screen and typed at another."""

from __future__ import annotations

from eztong.ports.entropy import Entropy

_PASSWORD_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # noqa: S105 - what passwords are made of; nothing that looks alike
_GROUPS = 4
_GROUP_LENGTH = 4


def make_password(*, entropy: Entropy) -> str:
    """Return a password of some 79 bits that can be read from one screen and typed at another."""
    groups = (
        "".join(_PASSWORD_ALPHABET[entropy.below(len(_PASSWORD_ALPHABET))] for _ in range(_GROUP_LENGTH))
        for _ in range(_GROUPS)
    )
    return "-".join(groups)
