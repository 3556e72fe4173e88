"""SM2 keys and signatures (GB/T 32918.2-2016, GM/T 0003.2, GM/T 0009-2012).

Signatures are DER `SEQUENCE { r, s }` over e = SM3(Z || M), where Z binds the user id and the
public key. Private scalars stay inside OpenSSL; Python sees them only during import and export.
All keys may be shared between threads, and every operation releases the GIL.

On x86-64 OpenSSL multiplies secret scalars with a constant-time ladder. OpenSSL 3.2.0 to 3.6.1 on
aarch64 is reported to leak zero nibbles of SM2 scalars through timing: prefer 3.0 or x86-64 there.
"""

from typing import Final, Self

from typing_extensions import override

from eztong.gm import _der, _evp
from eztong.gm.errors import EncodingInvalid, KeyInvalid, SignatureInvalid
from eztong.gm.sm2_curve import (
    COORDINATE_SIZE,
    DEFAULT_USER_ID,
    POINT_SIZE,
    UNCOMPRESSED,
    MessageDigester,
    N,
)

__all__ = ["DEFAULT_USER_ID", "PrivateKey", "PublicKey"]

# AlgorithmIdentifier { id-ecPublicKey 1.2.840.10045.2.1, sm2 1.2.156.10197.1.301 } (GM/T 0006)
_ALGORITHM: Final = bytes.fromhex("301306072a8648ce3d020106082a811ccf5501822d")
_CURVE_PARAMETERS: Final = bytes.fromhex("06082a811ccf5501822d")


class PublicKey:
    """A point on the SM2 curve: verifies signatures and receives ciphertexts. Immutable."""

    __slots__ = ("_digester", "_evp", "_point")

    def __init__(self, point: bytes) -> None:
        """See `from_point`."""
        if len(point) != POINT_SIZE or point[:1] != UNCOMPRESSED:
            raise EncodingInvalid(f"a public key is 0x04 || x || y in {POINT_SIZE} bytes")
        self._point = bytes(point)
        self._evp = _evp.public_evp_key(self._point)
        self._digester = MessageDigester(self._point)

    @classmethod
    def from_point(cls, point: bytes) -> Self:
        """Read the uncompressed point 0x04 || x || y (GB/T 32918.1 section 4.2.9).

        Raises:
            EncodingInvalid: Not 65 bytes, or not uncompressed.
            KeyInvalid: The point is not on the SM2 curve.
            BackendUnavailable: OpenSSL was built without SM2.
        """
        return cls(point)

    @classmethod
    def from_spki(cls, der: bytes) -> Self:
        """Read a DER SubjectPublicKeyInfo with id-ecPublicKey and 1.2.156.10197.1.301 (RFC 5480).

        Raises:
            EncodingInvalid: Another key type or curve, not DER, or a compressed point.
            KeyInvalid: The point is not on the SM2 curve.
            BackendUnavailable: OpenSSL was built without SM2.
        """
        outer = _der.DerReader(der)
        info = outer.nested(_der.SEQUENCE)
        outer.finish()
        _require_sm2_algorithm(info)
        point = info.bit_string()
        info.finish()
        return cls(point)

    def to_spki(self) -> bytes:
        """Return the one DER SubjectPublicKeyInfo of this key: 91 bytes, always the same."""
        return _der.encode(_der.SEQUENCE, _ALGORITHM, _der.encode_bit_string(self._point))

    def point(self) -> bytes:
        """Return 0x04 || x || y, 65 bytes."""
        return self._point

    def verify(self, signature: bytes, message: bytes, *, user_id: bytes = DEFAULT_USER_ID) -> None:
        """Check a signature (GB/T 32918.2 section 7.1); returning means that it is valid.

        Args:
            signature: DER SEQUENCE { r, s } (GM/T 0009-2012 section 7.3).
            message: The bytes that were signed.
            user_id: The user id that the signer used.

        Raises:
            SignatureInvalid: Not this key's signature of this message under this user id, or not
                the one DER encoding of it.
            EncodingInvalid: The user id is longer than 8191 bytes.
        """
        _check_signature_encoding(signature)
        self._evp.verify_digest(signature, self.digest_to_sign(message, user_id))

    def digest_to_sign(self, message: bytes, user_id: bytes) -> bytes:
        """Return e = SM3(Z || M) of a message under this key (GB/T 32918.2 section 6.1).

        Raises:
            EncodingInvalid: The user id is longer than 8191 bytes.
        """
        return self._digester.digest(message, user_id)

    def evp(self) -> _evp.EvpKey:
        """Return the OpenSSL key, for `eztong.gm` only."""
        return self._evp

    @override
    def __eq__(self, other: object) -> bool:
        """Compare points, which are public."""
        return self._point == other._point if isinstance(other, PublicKey) else NotImplemented

    @override
    def __hash__(self) -> int:
        """Hash the point."""
        return hash(self._point)

    @override
    def __repr__(self) -> str:
        """Show the start of x, enough to tell keys apart."""
        return f"PublicKey({self._point[1:9].hex()}...)"


class PrivateKey:
    """An SM2 key pair: signs and decrypts. The scalar is never shown, copied or pickled."""

    __slots__ = ("_evp", "_public")

    def __init__(self, scalar: int) -> None:
        """See `from_scalar`."""
        if not 1 <= scalar <= N - 2:
            raise KeyInvalid("an SM2 private key is an integer from 1 to n - 2")
        self._public = PublicKey(_evp.derive_point(scalar))
        self._evp = _evp.private_evp_key(scalar, self._public.point())

    @classmethod
    def generate(cls) -> Self:
        """Draw a new key pair from OpenSSL's private random generator (GB/T 32918.1 section 6.1).

        Raises:
            BackendUnavailable: OpenSSL was built without SM2 or cannot draw randomness.
        """
        return cls(_evp.generate_scalar())

    @classmethod
    def from_scalar(cls, scalar: int) -> Self:
        """Make the key pair of the private scalar d.

        Raises:
            KeyInvalid: d is not in [1, n - 2] (GB/T 32918.1 section 6.1).
            BackendUnavailable: OpenSSL was built without SM2.
        """
        return cls(scalar)

    @classmethod
    def from_pkcs8(cls, der: bytes) -> Self:
        """Read an unencrypted DER PrivateKeyInfo (RFC 5208) holding an ECPrivateKey (RFC 5915).

        Raises:
            EncodingInvalid: Another key type or curve, or not DER.
            KeyInvalid: The scalar is out of range, or the stored public key is not its point.
            BackendUnavailable: OpenSSL was built without SM2.
        """
        outer = _der.DerReader(der)
        info = outer.nested(_der.SEQUENCE)
        outer.finish()
        _require_version(info, 0)
        _require_sm2_algorithm(info)
        scalar, stored_point = _read_ec_private_key(info.content(_der.OCTET_STRING))
        info.finish()
        key = cls(scalar)
        if stored_point is not None and stored_point != key.public_key().point():
            raise KeyInvalid("the stored public key does not belong to the private key")
        return key

    def to_pkcs8(self) -> bytes:
        """Return the SECRET key as unencrypted DER PrivateKeyInfo, with the public key inside."""
        ec_private_key = _der.encode(
            _der.SEQUENCE,
            _der.encode_integer(1),
            _der.encode(_der.OCTET_STRING, self._evp.scalar().to_bytes(COORDINATE_SIZE, "big")),
            _der.encode(_der.CONTEXT_1, _der.encode_bit_string(self._public.point())),
        )
        return _der.encode(
            _der.SEQUENCE,
            _der.encode_integer(0),
            _ALGORITHM,
            _der.encode(_der.OCTET_STRING, ec_private_key),
        )

    def public_key(self) -> PublicKey:
        """Return the public half."""
        return self._public

    def sign(self, message: bytes, *, user_id: bytes = DEFAULT_USER_ID) -> bytes:
        """Sign (GB/T 32918.2 section 6.1) with a fresh random nonce from OpenSSL.

        Args:
            message: Any bytes; hashed here.
            user_id: The distinguishing identifier bound into the signature.

        Returns:
            DER SEQUENCE { r, s }, 8 to 72 bytes; different at each call.

        Raises:
            EncodingInvalid: The user id is longer than 8191 bytes.
        """
        return self._evp.sign_digest(self._public.digest_to_sign(message, user_id))

    def evp(self) -> _evp.EvpKey:
        """Return the OpenSSL key pair, for `eztong.gm` only."""
        return self._evp

    @override
    def __repr__(self) -> str:
        """Show which key it is by its public half only."""
        return f"PrivateKey(of {self._public!r})"


def _check_signature_encoding(signature: bytes) -> None:
    """Refuse every signature that is not DER SEQUENCE { r, s } with r and s in [1, n - 1]."""
    outer = _der.DerReader(signature)
    try:
        numbers = outer.nested(_der.SEQUENCE)
        outer.finish()
        r = numbers.unsigned_integer(max_octets=COORDINATE_SIZE)
        s = numbers.unsigned_integer(max_octets=COORDINATE_SIZE)
        numbers.finish()
    except EncodingInvalid as error:
        raise SignatureInvalid("the signature is not DER") from error
    if not (1 <= r < N and 1 <= s < N):
        raise SignatureInvalid("r or s is out of range")


def _require_sm2_algorithm(info: _der.DerReader) -> None:
    """Consume the AlgorithmIdentifier of an SM2 key."""
    if info.element(_der.SEQUENCE) != _ALGORITHM:
        raise EncodingInvalid("not an SM2 key: needs id-ecPublicKey with 1.2.156.10197.1.301")


def _require_version(reader: _der.DerReader, version: int) -> None:
    """Consume a version number."""
    if reader.unsigned_integer(max_octets=1) != version:
        raise EncodingInvalid(f"expected structure version {version}")


def _read_ec_private_key(der: bytes) -> tuple[int, bytes | None]:
    """Read an RFC 5915 ECPrivateKey: the scalar, and the public point if it is there."""
    outer = _der.DerReader(der)
    reader = outer.nested(_der.SEQUENCE)
    outer.finish()
    _require_version(reader, 1)
    scalar = reader.content(_der.OCTET_STRING)
    if len(scalar) != COORDINATE_SIZE:
        raise EncodingInvalid(f"an SM2 private key has {COORDINATE_SIZE} bytes")
    if reader.next_tag() == _der.CONTEXT_0 and reader.content(_der.CONTEXT_0) != _CURVE_PARAMETERS:
        raise EncodingInvalid("not an SM2 key: the private key names another curve")
    point = None
    if reader.next_tag() == _der.CONTEXT_1:
        wrapper = reader.nested(_der.CONTEXT_1)
        point = wrapper.bit_string()
        wrapper.finish()
    reader.finish()
    return int.from_bytes(scalar, "big"), point
