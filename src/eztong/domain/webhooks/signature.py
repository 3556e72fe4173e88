"""Signatures of deliveries, as Standard Webhooks 1.0 has them: ``v1`` HMAC-SHA256 and ``v1a`` Ed25519.

Each endpoint has a secret and a key pair of its own. A key for all would let one partner send another what it was sent
itself, under a signature that is right.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from eztong.domain.webhooks.event import MessageId

SECRET_BYTES: Final = 32
SEED_BYTES: Final = 32
_SECRET, _PUBLIC = "whsec_", "whpk_"


@dataclass(frozen=True, slots=True)
class SigningSecret:
    """What signs for one endpoint: 32 random bytes for the HMAC, and 32 as the seed of the Ed25519 key."""

    secret: bytes = field(repr=False)
    seed: bytes = field(repr=False)

    def stored(self) -> bytes:
        """Return both in a row, to be sealed."""
        return self.secret + self.seed

    def text(self) -> str:
        """Return the secret as its partner gets it: ``whsec_`` and base64."""
        return _SECRET + base64.b64encode(self.secret).decode()

    def public_text(self) -> str:
        """Return the public key as it is published: ``whpk_`` and base64."""
        return _PUBLIC + base64.b64encode(self._key().public_key().public_bytes_raw()).decode()

    def sign(self, content: bytes) -> tuple[str, str]:
        """Return the two signatures of ``content``."""
        mac = hmac.digest(self.secret, content, "sha256")
        signature = self._key().sign(content)
        return f"v1,{base64.b64encode(mac).decode()}", f"v1a,{base64.b64encode(signature).decode()}"

    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def read_secret(stored: bytes) -> SigningSecret:
    """Return what :meth:`SigningSecret.stored` made.

    Raises:
        ValueError: another number of bytes (programmer's mistake).
    """
    if len(stored) != SECRET_BYTES + SEED_BYTES:
        raise ValueError("a signing secret has 64 bytes")
    return SigningSecret(stored[:SECRET_BYTES], stored[SECRET_BYTES:])


def signed_headers(
    secrets: Sequence[SigningSecret], *, message_id: MessageId, body: str, now: datetime
) -> dict[str, str]:
    """Return the three headers of one try, signed by every secret that counts now: the newest first."""
    timestamp = str(int(now.timestamp()))
    content = f"{message_id}.{timestamp}.{body}".encode()
    signatures = [signature for one in secrets for signature in one.sign(content)]
    return {"webhook-id": message_id, "webhook-timestamp": timestamp, "webhook-signature": " ".join(signatures)}
