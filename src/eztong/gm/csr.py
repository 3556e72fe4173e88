"""PKCS#10 certificate requests (RFC 2986) signed with SM2-with-SM3.

The algorithm is 1.2.156.10197.1.501 (GM/T 0006).

A request proves that its sender holds the private key; it proves nothing about the name in it.
"""

from typing import Final, NamedTuple

from eztong.gm import _der
from eztong.gm.errors import EncodingInvalid, SignatureInvalid
from eztong.gm.sm2 import PrivateKey, PublicKey

_SM2_WITH_SM3: Final = bytes.fromhex("06082a811ccf55018375")
_DER_NULL: Final = bytes.fromhex("0500")
_COMMON_NAME: Final = bytes.fromhex("550403")
_MAX_COMMON_NAME: Final = 64  # ub-common-name, RFC 5280 appendix A.1
_TEXT_ENCODINGS: Final = {_der.UTF8_STRING: "utf-8", _der.PRINTABLE_STRING: "ascii"}


class UserIdMissing(SignatureInvalid):
    """The key signed the request under an empty user id, which is the default of OpenSSL's command line."""


class VerifiedRequest(NamedTuple):
    """What a correctly signed request says. The common name is the sender's claim."""

    common_name: str
    public_key: PublicKey


def build_csr(private_key: PrivateKey, common_name: str) -> bytes:
    """Make a DER certificate request with one subject attribute and no extensions.

    Args:
        private_key: The key to be certified; it signs the request with the default user id.
        common_name: The subject, 1 to 64 printable characters.

    Raises:
        EncodingInvalid: The common name is empty, too long or not printable.
    """
    _check_common_name(common_name)
    attribute = _der.encode(
        _der.SEQUENCE,
        _der.encode(_der.OBJECT_IDENTIFIER, _COMMON_NAME),
        _der.encode(_der.UTF8_STRING, common_name.encode()),
    )
    info = _der.encode(
        _der.SEQUENCE,
        _der.encode_integer(0),
        _der.encode(_der.SEQUENCE, _der.encode(_der.SET, attribute)),
        private_key.public_key().to_spki(),
        _der.encode(_der.CONTEXT_0),
    )
    return _der.encode(
        _der.SEQUENCE,
        info,
        _der.encode(_der.SEQUENCE, _SM2_WITH_SM3),
        _der.encode_bit_string(private_key.sign(info)),
    )


def verify_csr(der: bytes) -> VerifiedRequest:
    """Read a DER certificate request and check that its own key signed it.

    Checked: strict DER, SM2 key on the curve, SM2-with-SM3 signature under the default user id,
    exactly one common name. Ignored: other subject attributes and requested extensions.

    Raises:
        UserIdMissing: It is signed by the key, but under another user id than the default: some tools leave it empty.
        SignatureInvalid: The signature is not by the key in the request.
        EncodingInvalid: Not a canonical request, another algorithm, or no single common name.
        KeyInvalid: The public key is not on the curve.
    """
    outer = _der.DerReader(der)
    request = outer.nested(_der.SEQUENCE)
    outer.finish()
    info = request.element(_der.SEQUENCE)
    _require_sm2_with_sm3(request.content(_der.SEQUENCE))
    signature = request.bit_string()
    request.finish()
    unverified = _read_info(info)
    _require_own_signature(unverified.public_key, signature, info)
    return unverified


def _require_own_signature(key: PublicKey, signature: bytes, info: bytes) -> None:
    try:
        key.verify(signature, info)
    except SignatureInvalid as error:
        if _is_signed(key, signature, info, user_id=b""):
            raise UserIdMissing("signed under an empty user id") from error
        raise


def _is_signed(key: PublicKey, signature: bytes, info: bytes, *, user_id: bytes) -> bool:
    try:
        key.verify(signature, info, user_id=user_id)
    except SignatureInvalid:
        return False
    return True


def _read_info(info: bytes) -> VerifiedRequest:
    """Read a CertificationRequestInfo whose signature is not checked yet."""
    reader = _der.DerReader(info).nested(_der.SEQUENCE)
    if reader.unsigned_integer(max_octets=1) != 0:
        raise EncodingInvalid("expected certificate request version 0")
    common_name = _read_common_name(reader.nested(_der.SEQUENCE))
    public_key = PublicKey.from_spki(reader.element(_der.SEQUENCE))
    reader.content(_der.CONTEXT_0)
    reader.finish()
    return VerifiedRequest(common_name, public_key)


def _read_common_name(name: _der.DerReader) -> str:
    """Find the single common name in an RDNSequence."""
    found: list[str] = []
    while name.next_tag() is not None:
        attributes = name.nested(_der.SET)
        while attributes.next_tag() is not None:
            attribute = attributes.nested(_der.SEQUENCE)
            if attribute.content(_der.OBJECT_IDENTIFIER) == _COMMON_NAME:
                found.append(_read_text(attribute))
    if len(found) != 1:
        raise EncodingInvalid("the subject needs exactly one common name")
    _check_common_name(found[0])
    return found[0]


def _read_text(attribute: _der.DerReader) -> str:
    """Consume the last element of an attribute as text."""
    tag = attribute.next_tag()
    if tag not in _TEXT_ENCODINGS:
        raise EncodingInvalid("the common name must be a UTF8String or PrintableString")
    octets = attribute.content(tag)
    attribute.finish()
    try:
        return octets.decode(_TEXT_ENCODINGS[tag])
    except UnicodeDecodeError as error:
        raise EncodingInvalid("the common name is not valid text") from error


def _check_common_name(common_name: str) -> None:
    if not 1 <= len(common_name) <= _MAX_COMMON_NAME or not common_name.isprintable():
        raise EncodingInvalid(f"a common name has 1 to {_MAX_COMMON_NAME} printable characters")


def _require_sm2_with_sm3(algorithm: bytes) -> None:
    """Accept absent parameters (RFC 8998) and the NULL that some toolkits write."""
    if algorithm not in (_SM2_WITH_SM3, _SM2_WITH_SM3 + _DER_NULL):
        raise EncodingInvalid("the request is not signed with SM2-with-SM3")
