"""The port of signatures by keys that stay inside a token.

ES256 and Ed25519 are standard mechanisms of PKCS#11. SM2 is none: a token's maker gives it a number of its own, and the
settings name it. This port was tried for SM2 against a fake of itself alone, and never with a real token.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol


class TokenAlgorithm(StrEnum):
    """How a key in a token signs."""

    SM2 = "sm2"
    """A DER signature over SM3(Z || M) with the user id ``1234567812345678``."""

    ES256 = "es256"
    """``r || s``, 64 bytes, over SHA-256 of the message (RFC 7518)."""

    ED25519 = "ed25519"
    """64 bytes (RFC 8032)."""


class SigningToken(Protocol):
    """A token that signs. Safe to call from any thread."""

    def public_key(self, label: str, algorithm: TokenAlgorithm) -> bytes:
        """Return the public key with this label as DER SubjectPublicKeyInfo.

        Raises:
            TokenProblem: it is not there, is of another kind, or the token cannot be used.
        """
        ...

    def sign(self, label: str, algorithm: TokenAlgorithm, message: bytes) -> bytes:
        """Sign with the private key of this label, in the form that the algorithm's own line says.

        Raises:
            TokenMechanismMissing: the token does not sign so.
            TokenProblem: the key is not there, or the token cannot be used.
        """
        ...
