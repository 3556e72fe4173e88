"""An authenticator in software: makes passkeys (ES256, no attestation, user verified) and signs with them."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from eztong.adapters.entropy import SystemEntropy
from eztong.domain.access.passkey import Passkey
from eztong.domain.holder import Holder
from eztong.ports.services import Services

_MADE, _USED = 0x45, 0x05  # user present and verified; with a credential when one is made
_COORDINATE_BYTES = 32


@dataclass
class Authenticator:
    """One credential for one site. ``origin`` is the page that asks, ``site`` the relying party."""

    origin: str
    site: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: SystemEntropy().token(16))
    count: int = 0

    def make(self, options: dict[str, Any]) -> str:
        """Answer what a site asks in order to register, as JSON."""
        credential = bytes(16) + len(self.credential_id).to_bytes(2) + self.credential_id + self.cose()
        attestation = {"fmt": "none", "attStmt": {}, "authData": self._data(_MADE) + credential}
        return self._answer(
            clientDataJSON=self._client_data("webauthn.create", options), attestationObject=cbor2.dumps(attestation)
        )

    def cose(self) -> bytes:
        """Return the public key as the service keeps it."""
        numbers = self.key.public_key().public_numbers()
        point = {-2: numbers.x.to_bytes(_COORDINATE_BYTES), -3: numbers.y.to_bytes(_COORDINATE_BYTES)}
        return cbor2.dumps({1: 2, 3: -7, -1: 1, **point})

    def sign(self, options: dict[str, Any]) -> str:
        """Answer what a site asks in order to sign in or unlock, as JSON."""
        self.count += 1
        data, client_data = self._data(_USED), self._client_data("webauthn.get", options)
        signature = self.key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=client_data, authenticatorData=data, signature=signature)

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.site.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)

    def _client_data(self, kind: str, options: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": options["challenge"], "origin": self.origin}).encode()

    def _answer(self, **response: bytes) -> str:
        name = _text(self.credential_id)
        told = {key: _text(value) for key, value in response.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": told})


def give_passkey(services: Services, holder: Holder) -> Authenticator:
    """Add a passkey to the account's primary device."""
    site = services.passkeys.site
    made = Authenticator(services.deployment.public_url.replace("127.0.0.1", site), site)
    with services.store.read() as stored:
        device = stored.devices.primary(holder.holder_id)
    assert device is not None
    passkey = Passkey(
        credential_id=made.credential_id,
        holder_id=holder.holder_id,
        device_id=device.device_id,
        public_key=made.cose(),
        sign_count=0,
        label="",
        created_at=services.clock.now(),
    )
    services.store.write(lambda uow: uow.passkeys.add(passkey))
    return made


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
