"""Operators' passkeys: a second way to sign in, and a proof that the operator is at the browser right now.

A credential belongs to one operator for good. One that turns up under another name shows that both names are one
person: what takes two of them is not done by these two.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from eztong.domain.access.passkey import PasskeyRefused
from eztong.domain.errors import InputInvalid

LONGEST_LABEL = 40


class PasskeyOfAnother(PasskeyRefused):
    """The authenticator answered with a passkey of another operator."""

    code = "passkey_of_another"
    advice = "Use your own passkey. From now on both names count as one person for what takes two."


class PasskeyUnnamed(InputInvalid):
    """A passkey would have no name, or one that is too long."""

    code = "passkey_unnamed"
    advice = f"Name the passkey by what it is on, such as «blue key»: 1 to {LONGEST_LABEL} characters."


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorPasskey:
    """A credential of an operator. One that was removed keeps its row: it still tells whose it was."""

    credential_id: bytes
    operator: str
    public_key: bytes = field(repr=False)
    sign_count: int
    label: str
    created_at: datetime
    last_used_at: datetime | None = None
    removed_at: datetime | None = None

    @property
    def passkey_id(self) -> str:
        """The name of it on pages and in the audit."""
        return self.credential_id.hex()[:16]


def parse_label(text: str) -> str:
    """Return the name of a passkey.

    Raises:
        PasskeyUnnamed: nothing, or too much.
    """
    label = " ".join(text.split())
    if not label or len(label) > LONGEST_LABEL or not label.isprintable():
        raise PasskeyUnnamed
    return label
