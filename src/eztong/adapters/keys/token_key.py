"""An SM2 signing key of the ring that stays in a token: the ring knows its label and its public key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

from typing_extensions import override

from eztong.adapters.keys.problems import KeyringDamaged, TokenMissing, TokenProblem
from eztong.gm.errors import GmError
from eztong.gm.sm2 import PublicKey
from eztong.ports.signing_token import SigningToken, TokenAlgorithm

_MARK: Final = b"token\x00"
_PROBE: Final = b"eztong/token-probe/v1"


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A key in a token. Without a token it verifies, and does not sign."""

    label: str
    public: PublicKey
    token: SigningToken | None

    @classmethod
    def find(cls, label: str, *, token: SigningToken) -> Self:
        """Return the key with this label, after it has signed something.

        Raises:
            TokenProblem: it is not there, or does not sign as SM2 does.
        """
        spki = token.public_key(label, TokenAlgorithm.SM2)
        found = cls(label, PublicKey.from_spki(spki), token)
        found.check()
        return found

    @classmethod
    def read(cls, secret: bytes, *, token: SigningToken | None) -> Self:
        """Read what the ring keeps of it.

        Raises:
            KeyringDamaged: it is none.
        """
        try:
            label, _, spki = secret.removeprefix(_MARK).partition(b"\x00")
            return cls(label.decode(), PublicKey.from_spki(spki), token)
        except (GmError, UnicodeDecodeError) as error:
            raise KeyringDamaged(f"A key in a token is malformed. {KeyringDamaged.advice}") from error

    def stored(self) -> bytes:
        """Return what the ring keeps of it."""
        return _MARK + self.label.encode() + b"\x00" + self.public.to_spki()

    def public_key(self) -> PublicKey:
        """Return the public half."""
        return self.public

    def sign(self, message: bytes) -> bytes:
        """Sign in the token.

        Raises:
            TokenMissing: the settings name none.
            TokenProblem: it cannot be used.
        """
        if self.token is None:
            raise TokenMissing(f"The key {self.label} signs in a token: set EZTONG_TOKEN_MODULE and the rest.")
        return self.token.sign(self.label, TokenAlgorithm.SM2, message)

    def check(self) -> None:
        """Sign something, and verify it: a wrong mechanism shall not be found out by partners.

        Raises:
            TokenProblem: the signature is not right, or there is none.
        """
        try:
            self.public.verify(self.sign(_PROBE), _PROBE)
        except GmError as error:
            raise TokenProblem(
                f"What the token signs with {self.label} is no SM2 signature of its public key over an SM3 digest: "
                "check EZTONG_TOKEN_VENDOR_MECHANISM."
            ) from error

    @override
    def __repr__(self) -> str:
        return f"TokenKey({self.label})"


def is_in_token(secret: bytes) -> bool:
    """Say whether what the ring keeps of a key names one in a token."""
    return secret.startswith(_MARK)
