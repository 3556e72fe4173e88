"""The signed envelope of the authority protocol: one JSON object around bytes, their signer and the signature.

``{"key_id": ..., "payload": base64, "signature": base64}``. The SM2 signature (DER, default user id) covers
``context || 0x00 || payload``; the context tells the kinds of message apart, so that none can pass for another.
Formats are written down in docs/specs.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, NewType

from eztong.domain.canonical_json import DocumentMalformed, parse_document, render_canonical
from eztong.gm.sm2 import PublicKey
from eztong.gm.sm3 import sm3
from eztong.ports.keys import KeySignature

MAX_ENVELOPE_BYTES: Final = 16 * 1024
"""No envelope of this protocol comes near; longer ones are not read."""

MAX_TEXT: Final = 128
"""Characters of an id at most."""

_KEY_ID_HEX: Final = 16
_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")

VerifiedPayload = NewType("VerifiedPayload", bytes)
"""Bytes whose signature, under the key of a known sender, was checked."""


class Context(Enum):
    """What an envelope holds."""

    QUESTION = b"eztong/authority/v1/question"
    ANSWER = b"eztong/authority/v1/answer"
    HEALTH = b"eztong/authority/v1/health"
    REGISTRATION_QUESTION = b"eztong/authority/v1/registration-question"
    REGISTRATION_ANSWER = b"eztong/authority/v1/registration-answer"
    RELATION_QUESTION = b"eztong/authority/v1/relation-question"
    RELATION_ANSWER = b"eztong/authority/v1/relation-answer"


class SenderUnknown(Exception):
    """The key id is none of those that are pinned or registered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnverifiedEnvelope:
    """An envelope as it was read; nothing in it may be believed."""

    payload: bytes
    key_id: str
    signature: bytes


def key_id_of(key: PublicKey) -> str:
    """Return the id that the authority's keys go by: 16 hex digits of SM3 over the SubjectPublicKeyInfo."""
    return sm3(key.to_spki()).hex()[:_KEY_ID_HEX]


def seal_envelope(context: Context, payload: dict[str, Any], *, sign: Callable[[bytes], KeySignature]) -> bytes:
    """Return the canonical JSON of a signed envelope around the canonical JSON of ``payload``."""
    text = render_canonical(payload)
    signed = sign(_signed_bytes(context, text))
    return render_canonical(
        {"payload": encode_base64(text), "key_id": signed.key_id, "signature": encode_base64(signed.signature)}
    )


def parse_envelope(text: bytes) -> UnverifiedEnvelope:
    """Read an envelope.

    Raises:
        DocumentMalformed: not this JSON object, a field missing or too many, or not base64.
    """
    document = parse_document(text)
    check_fields(document, {"payload", "key_id", "signature"})
    return UnverifiedEnvelope(
        payload=decode_base64(read_text(document, "payload", limit=MAX_ENVELOPE_BYTES)),
        key_id=read_text(document, "key_id"),
        signature=decode_base64(read_text(document, "signature")),
    )


def verify_envelope(
    unverified: UnverifiedEnvelope, context: Context, *, senders: Mapping[str, PublicKey]
) -> VerifiedPayload:
    """Return the payload once its signature was checked under the key of a known sender.

    Raises:
        SenderUnknown: the key id is not among ``senders``.
        SignatureInvalid: the signature does not hold, or is of the other context.
    """
    key = senders.get(unverified.key_id)
    if key is None:
        raise SenderUnknown("no key with this id is known")
    key.verify(unverified.signature, _signed_bytes(context, unverified.payload))
    return VerifiedPayload(unverified.payload)


def check_fields(document: dict[str, Any], names: set[str]) -> None:
    """Return if ``document`` has exactly the fields ``names``.

    Raises:
        DocumentMalformed: one is missing or unknown.
    """
    if document.keys() != names:
        raise DocumentMalformed("A field is missing or unknown.")


def read_text(document: dict[str, Any], name: str, *, limit: int = MAX_TEXT) -> str:
    """Return a field that must be a string of 1 to ``limit`` characters, without lone surrogates.

    Raises:
        DocumentMalformed: it is not.
    """
    value = document.get(name)
    if not isinstance(value, str) or not 1 <= len(value) <= limit or _LONE_SURROGATE.search(value):
        raise DocumentMalformed(f"The field {name} is not a text of the right length.")
    return value


def encode_base64(data: bytes) -> str:
    """Return standard base64 with padding."""
    return base64.b64encode(data).decode("ascii")


def decode_base64(text: str) -> bytes:
    """Read what :func:`encode_base64` wrote.

    Raises:
        DocumentMalformed: any other form, including another padding of the same bytes.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise DocumentMalformed("A field is not base64.") from error
    if encode_base64(data) != text:
        raise DocumentMalformed("A field is not base64.")
    return data


def _signed_bytes(context: Context, payload: bytes) -> bytes:
    return context.value + b"\x00" + payload
