"""Passkeys without cryptography: an authenticator that answers in plain words, and who checks that."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from typing_extensions import override

from eztong.domain.access.passkey import PasskeyRefused
from eztong.ports.passkeys import MadePasskey, PasskeyVerifier, UsedPasskey
from tests.unit.usecases.fakes import Meanwhile


@dataclass(slots=True)
class PlainPasskeys(PasskeyVerifier):
    """Reads answers as :class:`Authenticator` writes them: JSON in which everything is told in clear.

    ``read`` counts the answers that were looked into; ``of`` is the site, as an answer to it says.
    """

    of: str = "eztong.example"
    read: int = 0
    meanwhile: Meanwhile = field(default_factory=Meanwhile)

    @property
    @override
    def site(self) -> str:
        return self.of

    @override
    def creation_options(self, *, challenge: bytes, user_handle: bytes, user_name: str, known: Sequence[bytes]) -> str:
        return json.dumps(
            {
                "site": self.of,
                "challenge": challenge.hex(),
                "user": user_handle.hex(),
                "name": user_name,
                "known": [one.hex() for one in known],
            }
        )

    @override
    def request_options(self, *, challenge: bytes, allowed: Sequence[bytes]) -> str:
        return json.dumps({"site": self.of, "challenge": challenge.hex(), "allowed": [one.hex() for one in allowed]})

    @override
    def unverified_challenge(self, response: str) -> bytes:
        self.read += 1
        return bytes.fromhex(_fields(response, "made")["challenge"])

    @override
    def unverified_use(self, response: str) -> UsedPasskey:
        self.read += 1
        said = _fields(response, "used")
        return UsedPasskey(credential_id=bytes.fromhex(said["credential"]), challenge=bytes.fromhex(said["challenge"]))

    @override
    def check_registration(self, response: str, *, challenge: bytes) -> MadePasskey:
        said = _fields(response, "made")
        if (said["site"], said["challenge"]) != (self.of, challenge.hex()):
            raise PasskeyRefused
        return MadePasskey(
            credential_id=bytes.fromhex(said["credential"]),
            public_key=said["key"].encode(),
            sign_count=int(said["count"]),
        )

    @override
    def check_assertion(self, response: str, *, challenge: bytes, public_key: bytes) -> int:
        said = _fields(response, "used")
        if (said["site"], said["challenge"], said["key"].encode()) != (self.of, challenge.hex(), public_key):
            raise PasskeyRefused
        self.meanwhile.pass_by()
        return int(said["count"])


def _fields(response: str, kind: str) -> dict[str, str]:
    try:
        said = json.loads(response)
    except ValueError as error:
        raise PasskeyRefused from error
    if not isinstance(said, dict) or said.get("kind") != kind:
        raise PasskeyRefused
    return {name: str(value) for name, value in said.items()}


@dataclass(slots=True)
class Authenticator:
    """A person's authenticator with one credential: answers what :class:`PlainPasskeys` asked."""

    credential: bytes = b"credential-1"
    key: str = "key-1"
    count: int = 0

    def make(self, options: str) -> str:
        """Return the answer to creation options."""
        return self._answer("made", options)

    def use(self, options: str) -> str:
        """Return the answer to request options; the counter moves on."""
        self.count += 1
        return self._answer("used", options)

    def _answer(self, kind: str, options: str) -> str:
        asked = json.loads(options)
        return json.dumps(
            {
                "kind": kind,
                "site": asked["site"],
                "challenge": asked["challenge"],
                "credential": self.credential.hex(),
                "key": self.key,
                "count": self.count,
            }
        )
