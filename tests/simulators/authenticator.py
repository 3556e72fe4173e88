"""An authenticator in software that verifies its user: it signs what a browser would hand it."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from eztong.domain.holder import Holder
from eztong.domain.passkey import Passkey
from eztong.ports.services import Services

_PRESENT_AND_VERIFIED = 0x05


@dataclass
class Authenticator:
    """One passkey of one site."""

    credential_id: bytes
    site: str
    origin: str
    count: int = 0
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def cose(self) -> bytes:
        """Return the public key as the service keeps it."""
        numbers = self.key.public_key().public_numbers()
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)})

    def answer(self, options: dict[str, Any]) -> str:
        """Answer a challenge."""
        self.count += 1
        client = json.dumps(
            {"type": "webauthn.get", "challenge": options["challenge"], "origin": self.origin, "crossOrigin": False}
        ).encode()
        data = hashlib.sha256(self.site.encode()).digest() + bytes([_PRESENT_AND_VERIFIED]) + self.count.to_bytes(4)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        name = _text(self.credential_id)
        response = {
            "clientDataJSON": _text(client),
            "authenticatorData": _text(data),
            "signature": _text(signature),
        }
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def give_passkey(services: Services, holder: Holder) -> Authenticator:
    """Add a passkey to the account's primary device."""
    site = services.passkeys.site
    origin = services.deployment.public_url.replace("127.0.0.1", site)
    made = Authenticator(services.entropy.token(16), site, origin)
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


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
