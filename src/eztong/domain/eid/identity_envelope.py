"""The identity envelope: name and number for one merchant's key only (docs/specs/identity-envelope.md).

``DesKey`` is a fresh 16-byte session key, sealed to the merchant's certified SM2 key in the raw C1C3C2 layout;
``UserInfo`` is the identity's JSON under SM4-ECB with that key. ECB and the layouts are those of the contract that
existing back ends were written for; the session key is used once, so equal blocks tell nothing across envelopes.

The plaintext ends so that every decoder in use reads it: spaces before the final brace until its length is 6 modulo
16, then ten line feeds. That is PKCS#7 padding and trailing JSON white space at once.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from typing_extensions import override

from eztong.gm.dangerous import BLOCK_SIZE, KEY_SIZE, dangerous_sm4_ecb_encrypt
from eztong.gm.sm2 import PublicKey
from eztong.gm.sm2_encrypt import der_to_raw, encrypt

SESSION_KEY_BYTES: Final = KEY_SIZE
RESIDENT_ID_TYPE: Final = "01"
_FILL: Final = b"\n" * 10
_FILLED_FROM: Final = BLOCK_SIZE - len(_FILL)


class PointPrefix(StrEnum):
    """How C1 begins in ``DesKey``: libraries disagree, so the merchant chooses."""

    UNCOMPRESSED = "04"
    NONE = "raw"


@dataclass(frozen=True, slots=True)
class ReleasedIdentity:
    """What the holder released to one merchant. Keep it no longer than it takes to seal it."""

    name: str
    number: str
    type_code: str = RESIDENT_ID_TYPE

    @override
    def __repr__(self) -> str:
        """Hide the person."""
        return "ReleasedIdentity()"


@dataclass(frozen=True, slots=True)
class IdentityEnvelope:
    """Both parts as they are sent: base64 texts."""

    des_key: str
    user_info: str


def seal_identity(
    identity: ReleasedIdentity, *, to: PublicKey, session_key: bytes, point_prefix: PointPrefix
) -> IdentityEnvelope:
    """Seal ``identity`` to the merchant's key.

    Args:
        identity: What the holder released.
        to: The merchant's certified key.
        session_key: 16 fresh random bytes, used for nothing else.
        point_prefix: The layout that the merchant's library reads.

    Raises:
        eztong.gm.errors.KeyInvalid: the session key is not 16 bytes.
    """
    user_info = dangerous_sm4_ecb_encrypt(session_key, render_user_info(identity))
    sealed_key = der_to_raw(encrypt(to, session_key), leading_04=point_prefix is PointPrefix.UNCOMPRESSED)
    return IdentityEnvelope(base64.b64encode(sealed_key).decode(), base64.b64encode(user_info).decode())


def render_user_info(identity: ReleasedIdentity) -> bytes:
    """Return the JSON of ``UserInfo``, filled up to whole blocks."""
    fields = {"name": identity.name, "idtype": identity.type_code, "idnum": identity.number}
    body = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode().removesuffix(b"}")
    spaces = (_FILLED_FROM - 1 - len(body)) % BLOCK_SIZE
    return body + b" " * spaces + b"}" + _FILL
