"""The root key port: the one key that wraps all others of the service, wherever it lies.

A provider wraps the 16 secret bytes of a ring and opens them again. It never shows the root key itself. What it
wraps is bound to nothing: the ring's own check says to which ring the secret belongs.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, Protocol

SECRET_BYTES: Final = 16
"""How long the secret of a ring is."""


class RootKind(StrEnum):
    """Where a root key lies. The values stand in keyring files; none is renamed or taken out."""

    FILE = "file"
    TOKEN = "token"  # noqa: S105 - a word, no secret


class RootKey(Protocol):
    """A root key. Making one opens no file and no token; each use does. Safe to call from any thread."""

    @property
    def kind(self) -> RootKind:
        """Where it lies."""
        ...

    def name(self) -> str:
        """Return what tells this root key from others of its kind; it opens nothing.

        Raises:
            KeyringProblem: the root key is not there, or cannot be used.
        """
        ...

    def wrap(self, secret: bytes, *, nonce: bytes) -> bytes:
        """Wrap the :data:`SECRET_BYTES` of a ring. ``nonce`` is 12 fresh random bytes, for providers that need them.

        Raises:
            KeyringProblem: the root key is not there, or cannot be used.
        """
        ...

    def unwrap(self, wrapped: bytes) -> bytes:
        """Return what :meth:`wrap` of this root key wrapped.

        Raises:
            RootKeyWrong: another root key wrapped it, or it was changed.
            KeyringProblem: the root key is not there, or cannot be used.
        """
        ...

    def is_there(self) -> bool:
        """Say whether there is something at its place, without opening it."""
        ...

    def place(self) -> str:
        """Return where it lies, in words for the operator and without a secret."""
        ...
