"""SM2 public-key encryption (GB/T 32918.4-2016, GM/T 0003.4) and its three layouts.

- DER: `SEQUENCE { x INTEGER, y INTEGER, C3 OCTET STRING, C2 OCTET STRING }` (GM/T 0009-2012
  section 7.2), which `encrypt` and `decrypt` use;
- raw with leading 04: 0x04 || x || y || C3 || C2, the C1C3C2 order of the 2012 standard;
- raw without it: x || y || C3 || C2, used by some integrators' libraries.

(x, y) is C1, C3 is the SM3 tag, C2 is as long as the plaintext. C3 detects tampering, but nothing
says who encrypted.
"""

from dataclasses import dataclass
from typing import Final, Self

from eztong.gm import _der
from eztong.gm.errors import BackendUnavailable, DecryptionFailed, EncodingInvalid, KeyInvalid
from eztong.gm.sm2 import PrivateKey, PublicKey
from eztong.gm.sm2_curve import COORDINATE_SIZE, UNCOMPRESSED, check_on_curve
from eztong.gm.sm3 import DIGEST_SIZE

_POINT_SIZE: Final = 2 * COORDINATE_SIZE
_MAX_DRAWS: Final = 64


def encrypt(public_key: PublicKey, plaintext: bytes) -> bytes:
    """Encrypt to a public key with a fresh ephemeral key from OpenSSL (GB/T 32918.4 section 6.1).

    Args:
        public_key: The receiver.
        plaintext: At least one byte; a symmetric key rather than a document.

    Returns:
        The GM/T 0009 DER ciphertext; different at each call.

    Raises:
        EncodingInvalid: The plaintext is empty.
        BackendUnavailable: OpenSSL cannot encrypt or its random generator is broken.
    """
    if not plaintext:
        raise EncodingInvalid("SM2 cannot encrypt an empty plaintext")
    for _ in range(_MAX_DRAWS):
        ciphertext = public_key.evp().encrypt(plaintext)
        # Step A5: an all-zero key stream leaves the plaintext bare; draw again. Older OpenSSL
        # versions skip this check, which matters for plaintexts of one or two bytes.
        if _Parts.from_der(ciphertext).c2 != plaintext:
            return ciphertext
    raise BackendUnavailable("SM2 encryption draws only empty key streams")


def decrypt(private_key: PrivateKey, ciphertext: bytes) -> bytes:
    """Decrypt and check C3 (GB/T 32918.4 section 7.1).

    Args:
        private_key: The receiver.
        ciphertext: GM/T 0009 DER; use `raw_to_der` first for the raw layouts.

    Raises:
        DecryptionFailed: Not DER, not for this key, or altered. One error for all causes.
    """
    try:
        parts = _Parts.from_der(ciphertext)
    except EncodingInvalid as error:
        raise DecryptionFailed("the SM2 ciphertext is malformed") from error
    plaintext = private_key.evp().decrypt(ciphertext)
    if plaintext == parts.c2:
        raise DecryptionFailed("the SM2 ciphertext carries its plaintext bare (step B4)")
    return plaintext


def der_to_raw(der: bytes, *, leading_04: bool) -> bytes:
    """Convert a DER ciphertext to C1C3C2.

    Args:
        der: GM/T 0009 DER ciphertext.
        leading_04: Whether C1 starts with its point format byte 0x04.

    Returns:
        97 bytes with, or 96 bytes without the leading byte, plus the length of the plaintext.

    Raises:
        EncodingInvalid: Not a canonical DER ciphertext, or C1 is not on the curve.
    """
    raw = _Parts.from_der(der).to_raw()
    return UNCOMPRESSED + raw if leading_04 else raw


def raw_to_der(raw: bytes) -> bytes:
    """Convert C1C3C2, with or without the leading 04, to DER.

    The byte 0x04 alone decides nothing, because x may begin with it: the layout is the one whose
    C1 is on the curve. Both being on it has a chance of about 2^-256.

    Raises:
        EncodingInvalid: Too short, or C1 is not on the curve in either layout.
    """
    if raw[:1] == UNCOMPRESSED:
        try:
            return _Parts.from_raw(raw[1:]).to_der()
        except EncodingInvalid:
            pass  # x itself begins with 0x04
    return _Parts.from_raw(raw).to_der()


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of a ciphertext; (x, y) is on the curve, c3 has 32 bytes, c2 at least one."""

    x: int
    y: int
    c3: bytes
    c2: bytes

    def __post_init__(self) -> None:
        if len(self.c3) != DIGEST_SIZE or not self.c2:
            raise EncodingInvalid("SM2 ciphertext is too short")
        try:
            check_on_curve(self.x, self.y)
        except KeyInvalid as error:
            raise EncodingInvalid("C1 of the SM2 ciphertext is not on the curve") from error

    @classmethod
    def from_der(cls, der: bytes) -> Self:
        outer = _der.DerReader(der)
        reader = outer.nested(_der.SEQUENCE)
        outer.finish()
        x = reader.unsigned_integer(max_octets=COORDINATE_SIZE)
        y = reader.unsigned_integer(max_octets=COORDINATE_SIZE)
        c3 = reader.content(_der.OCTET_STRING)
        c2 = reader.content(_der.OCTET_STRING)
        reader.finish()
        return cls(x, y, c3, c2)

    @classmethod
    def from_raw(cls, raw: bytes) -> Self:
        """Read x || y || C3 || C2."""
        return cls(
            int.from_bytes(raw[:COORDINATE_SIZE], "big"),
            int.from_bytes(raw[COORDINATE_SIZE:_POINT_SIZE], "big"),
            raw[_POINT_SIZE : _POINT_SIZE + DIGEST_SIZE],
            raw[_POINT_SIZE + DIGEST_SIZE :],
        )

    def to_der(self) -> bytes:
        return _der.encode(
            _der.SEQUENCE,
            _der.encode_integer(self.x),
            _der.encode_integer(self.y),
            _der.encode(_der.OCTET_STRING, self.c3),
            _der.encode(_der.OCTET_STRING, self.c2),
        )

    def to_raw(self) -> bytes:
        """Write x || y || C3 || C2."""
        x, y = (value.to_bytes(COORDINATE_SIZE, "big") for value in (self.x, self.y))
        return x + y + self.c3 + self.c2
