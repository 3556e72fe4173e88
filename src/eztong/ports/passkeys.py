"""The passkey port: what is asked of a browser's authenticator, and whether its answer holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class MadePasskey:
    """A credential that an authenticator has just made, verified."""

    credential_id: bytes
    public_key: bytes = field(repr=False)
    sign_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedPasskey:
    """An assertion as it came, before it is verified: which credential, which challenge."""

    credential_id: bytes
    challenge: bytes = field(repr=False)


class PasskeyVerifier(Protocol):
    """Speaks WebAuthn; user verification is always required. Safe to call from any thread."""

    @property
    def site(self) -> str:
        """The relying party id: passkeys work only on pages of this host."""
        ...

    def creation_options(self, *, challenge: bytes, user_handle: bytes, user_name: str, known: Sequence[bytes]) -> str:
        """Return the JSON of PublicKeyCredentialCreationOptions; ``known`` credentials are not made again."""
        ...

    def request_options(self, *, challenge: bytes, allowed: Sequence[bytes]) -> str:
        """Return the JSON of PublicKeyCredentialRequestOptions; nobody allowed means any discoverable passkey."""
        ...

    def unverified_challenge(self, response: str) -> bytes:
        """Return the challenge that a registration answers.

        Raises:
            PasskeyRefused: it is no answer at all.
        """
        ...

    def unverified_use(self, response: str) -> UsedPasskey:
        """Return what an assertion says of itself.

        Raises:
            PasskeyRefused: it is no assertion at all.
        """
        ...

    def check_registration(self, response: str, *, challenge: bytes) -> MadePasskey:
        """Verify a registration.

        Raises:
            PasskeyRefused: another site, challenge or purpose, or the user was not verified.
        """
        ...

    def check_assertion(self, response: str, *, challenge: bytes, public_key: bytes) -> int:
        """Verify an assertion; return the authenticator's counter.

        Raises:
            PasskeyRefused: as for a registration, or another key signed.
        """
        ...
