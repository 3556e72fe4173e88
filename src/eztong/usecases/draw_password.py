"""Passwords that the service makes: read from one screen and typed at another."""

from __future__ import annotations

from collections.abc import Iterable

from eztong.ports.entropy import Entropy
from eztong.ports.keys import Keys, MacPurpose

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


def password_of_form(once: str, *, of: Iterable[str], keys: Keys, entropy: Entropy) -> str:
    """Return the password that a form makes: the same again when the same form is sent twice.

    It comes from what the form carries, under a key of the service, so that nobody else can make it, and nothing of it
    is stored. ``of`` says who sends which form for whom. A form that carries nothing makes another one each time.
    """
    if not once:
        return make_password(entropy=entropy)
    parts = b"".join(len(part.encode()).to_bytes(4) + part.encode() for part in (*of, once))
    number = int.from_bytes(keys.mac(MacPurpose.SESSION, b"password-of-a-form\x00" + parts))
    letters = []
    for _ in range(_GROUPS * _GROUP_LENGTH):
        number, place = divmod(number, len(_PASSWORD_ALPHABET))
        letters.append(_PASSWORD_ALPHABET[place])
    groups = ("".join(letters[at : at + _GROUP_LENGTH]) for at in range(0, len(letters), _GROUP_LENGTH))
    return "-".join(groups)
