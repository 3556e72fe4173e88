"""A token that signs with SM2, as no module here does."""

from __future__ import annotations

from typing_extensions import override

from eztong.adapters.keys.problems import TokenMissing
from eztong.gm.sm2 import PrivateKey
from eztong.ports.signing_token import SigningToken, TokenAlgorithm


class FakeSigningToken(SigningToken):
    """Keys in memory, by label; it may be taken out, and it may sign something else than it is asked to."""

    def __init__(self, *labels: str) -> None:
        self._keys = {label: PrivateKey.generate() for label in labels}
        self.is_out = False
        self.is_wrong = False
        self.signed = 0

    @override
    def public_key(self, label: str, algorithm: TokenAlgorithm) -> bytes:
        return self._key(label).public_key().to_spki()

    @override
    def sign(self, label: str, algorithm: TokenAlgorithm, message: bytes) -> bytes:
        self.signed += 1
        return self._key(label).sign(b"something else" if self.is_wrong else message)

    def _key(self, label: str) -> PrivateKey:
        if self.is_out or label not in self._keys:
            raise TokenMissing(f"There is no key {label} in the token.")
        return self._keys[label]
