"""SM2 keys as OpenSSL EVP objects: raw digests and ciphertexts in, exceptions out.

Two rules of this file:

- An operation context is used by one thread at a time. Each key keeps idle contexts in a list;
  `list.pop` and `list.append` are atomic, so a context has one user and is reused afterwards.
- Python's `ssl` module reads the same per-thread OpenSSL error queue, so every failure empties it.

Private to `eztong.gm`.
"""

import ctypes
import sys
from typing import Any, Final, NoReturn

from typing_extensions import override

from eztong.gm._libcrypto import libcrypto
from eztong.gm.errors import BackendUnavailable, DecryptionFailed, KeyInvalid, SignatureInvalid

CURVE_OID: Final = b"1.2.156.10197.1.301"
POINT_SIZE: Final = 65
SCALAR_SIZE: Final = 32
_DIGEST_SIZE: Final = 32
_MAX_SIGNATURE_SIZE: Final = 72
_MAX_CIPHERTEXT_OVERHEAD: Final = 128

_UNCOMPRESSED: Final = 4  # POINT_CONVERSION_UNCOMPRESSED
_CONSTANT_TIME: Final = 4  # BN_FLG_CONSTTIME
_SELECT_PUBLIC: Final = 0x86  # EVP_PKEY_PUBLIC_KEY
_SELECT_KEYPAIR: Final = 0x87  # EVP_PKEY_KEYPAIR
_PARAM_UNSIGNED: Final = 2  # OSSL_PARAM_UNSIGNED_INTEGER
_PARAM_UTF8: Final = 4  # OSSL_PARAM_UTF8_STRING
_PARAM_OCTETS: Final = 5  # OSSL_PARAM_OCTET_STRING


class _Parameter(ctypes.Structure):
    """`OSSL_PARAM` of <openssl/core.h>."""

    _fields_ = (
        ("key", ctypes.c_char_p),
        ("data_type", ctypes.c_uint),
        ("data", ctypes.c_void_p),
        ("data_size", ctypes.c_size_t),
        ("return_size", ctypes.c_size_t),
    )


class _Contexts:
    """Idle contexts of one key for one operation; each is held by at most one thread."""

    __slots__ = ("_idle", "_initialise", "_library", "_pkey")

    def __init__(self, library: ctypes.CDLL, pkey: int, initialise: str) -> None:
        self._library = library
        self._pkey = pkey
        self._initialise = initialise
        self._idle: list[int] = []

    def take(self) -> int:
        """Return a context that nobody else holds."""
        try:
            return self._idle.pop()
        except IndexError:
            return self._new()

    def give_back(self, context: int) -> None:
        """Make the context available to other threads."""
        self._idle.append(context)

    def free(self) -> None:
        """Release every idle context."""
        while self._idle:
            self._library.EVP_PKEY_CTX_free(self._idle.pop())

    def _new(self) -> int:
        context: int | None = self._library.EVP_PKEY_CTX_new_from_pkey(None, self._pkey, None)
        if context is None or getattr(self._library, self._initialise)(context) != 1:
            self._library.EVP_PKEY_CTX_free(context)
            self._library.ERR_clear_error()
            raise BackendUnavailable(f"OpenSSL refused {self._initialise} for an SM2 key")
        return context


class EvpKey:
    """An owned `EVP_PKEY` holding an SM2 public key or key pair; freed with the object."""

    __slots__ = ("_decrypting", "_encrypting", "_library", "_pkey", "_signing", "_verifying")

    def __init__(self, library: ctypes.CDLL, pkey: int) -> None:
        """Take ownership of `pkey`."""
        self._library = library
        self._pkey = pkey
        self._signing = _Contexts(library, pkey, "EVP_PKEY_sign_init")
        self._verifying = _Contexts(library, pkey, "EVP_PKEY_verify_init")
        self._encrypting = _Contexts(library, pkey, "EVP_PKEY_encrypt_init")
        self._decrypting = _Contexts(library, pkey, "EVP_PKEY_decrypt_init")

    def __del__(self) -> None:
        """Free the contexts, then the key."""
        for contexts in (self._signing, self._verifying, self._encrypting, self._decrypting):
            contexts.free()
        self._library.EVP_PKEY_free(self._pkey)

    @override
    def __reduce__(self) -> NoReturn:
        """Refuse copying and pickling: the pointer has one owner and the secret stays here."""
        raise TypeError("an OpenSSL key cannot be copied or pickled")

    def sign_digest(self, digest: bytes) -> bytes:
        """Sign e = SM3(Z || M) and return DER (r, s)."""
        signature = ctypes.create_string_buffer(_MAX_SIGNATURE_SIZE)
        size = ctypes.c_size_t(_MAX_SIGNATURE_SIZE)
        context = self._signing.take()
        status = self._library.EVP_PKEY_sign(context, signature, ctypes.byref(size), digest, len(digest))
        self._signing.give_back(context)
        if status != 1:
            self._library.ERR_clear_error()
            raise BackendUnavailable("OpenSSL could not sign with SM2")
        return signature.raw[: size.value]

    def verify_digest(self, signature: bytes, digest: bytes) -> None:
        """Check DER (r, s) over e = SM3(Z || M) or raise `SignatureInvalid`."""
        if len(digest) != _DIGEST_SIZE:
            raise SignatureInvalid("an SM3 digest has 32 bytes")
        context = self._verifying.take()
        status = self._library.EVP_PKEY_verify(context, signature, len(signature), digest, len(digest))
        self._verifying.give_back(context)
        if status != 1:
            self._library.ERR_clear_error()
            raise SignatureInvalid("the SM2 signature does not match")

    def encrypt(self, plaintext: bytes) -> bytes:
        """Encrypt to this key and return the GM/T 0009 DER ciphertext."""
        size = ctypes.c_size_t(len(plaintext) + _MAX_CIPHERTEXT_OVERHEAD)
        ciphertext = ctypes.create_string_buffer(size.value)
        context = self._encrypting.take()
        status = self._library.EVP_PKEY_encrypt(context, ciphertext, ctypes.byref(size), plaintext, len(plaintext))
        self._encrypting.give_back(context)
        if status != 1:
            self._library.ERR_clear_error()
            raise BackendUnavailable("OpenSSL could not encrypt with SM2")
        return ciphertext.raw[: size.value]

    def decrypt(self, ciphertext: bytes) -> bytes:
        """Decrypt a GM/T 0009 DER ciphertext or raise `DecryptionFailed`."""
        size = ctypes.c_size_t(len(ciphertext))
        plaintext = ctypes.create_string_buffer(size.value)
        context = self._decrypting.take()
        status = self._library.EVP_PKEY_decrypt(context, plaintext, ctypes.byref(size), ciphertext, len(ciphertext))
        self._decrypting.give_back(context)
        if status != 1:
            self._library.ERR_clear_error()
            raise DecryptionFailed("the SM2 ciphertext was not made for this key or was altered")
        result = ctypes.string_at(plaintext, size.value)
        ctypes.memset(plaintext, 0, len(ciphertext))
        return result

    def scalar(self) -> int:
        """Return the private scalar d; only for export."""
        return _private_scalar(self._library, self._pkey)


def public_evp_key(point: bytes) -> EvpKey:
    """Build a public key from 0x04 || x || y; a point off the curve raises `KeyInvalid`."""
    return _from_parameters(_SELECT_PUBLIC, _point_parameter(point))


def private_evp_key(scalar: int, point: bytes) -> EvpKey:
    """Build a key pair from a scalar in [1, n - 2] and its own point."""
    # OSSL_PARAM integers are in the byte order of the host.
    native = ctypes.create_string_buffer(scalar.to_bytes(SCALAR_SIZE, sys.byteorder), SCALAR_SIZE)
    try:
        secret = _parameter(b"priv", _PARAM_UNSIGNED, native, SCALAR_SIZE)
        return _from_parameters(_SELECT_KEYPAIR, _point_parameter(point), secret)
    finally:
        ctypes.memset(native, 0, SCALAR_SIZE)


def generate_scalar() -> int:
    """Draw a fresh private scalar with OpenSSL's key generation and its private DRBG."""
    library = libcrypto()
    context = _named_context(library)
    pkey = ctypes.c_void_p()
    try:
        done = (
            library.EVP_PKEY_keygen_init(context) == 1 and library.EVP_PKEY_generate(context, ctypes.byref(pkey)) == 1
        )
        if not done:
            library.ERR_clear_error()
            raise BackendUnavailable("OpenSSL could not generate an SM2 key")
        return _private_scalar(library, pkey.value)
    finally:
        library.EVP_PKEY_free(pkey)
        library.EVP_PKEY_CTX_free(context)


def derive_point(scalar: int) -> bytes:
    """Return [scalar]G as 0x04 || x || y, by OpenSSL's constant-time ladder."""
    library = libcrypto()
    group = library.EC_GROUP_new_by_curve_name(library.OBJ_txt2nid(CURVE_OID))
    if group is None:
        library.ERR_clear_error()
        raise BackendUnavailable("OpenSSL does not know the SM2 curve")
    number = _secret_number(library, scalar)
    point = library.EC_POINT_new(group)
    encoded = ctypes.create_string_buffer(POINT_SIZE)
    try:
        done = (
            library.EC_POINT_mul(group, point, number, None, None, None) == 1
            and library.EC_POINT_point2oct(group, point, _UNCOMPRESSED, encoded, POINT_SIZE, None) == POINT_SIZE
        )
    finally:
        library.EC_POINT_free(point)
        library.BN_clear_free(number)
        library.EC_GROUP_free(group)
    if not done:
        library.ERR_clear_error()
        raise KeyInvalid("the scalar has no public point")
    return encoded.raw


def _secret_number(library: ctypes.CDLL, scalar: int) -> int:
    """Return a BIGNUM in OpenSSL's secure heap, flagged for constant-time arithmetic."""
    number: int = library.BN_secure_new()
    library.BN_set_flags(number, _CONSTANT_TIME)
    library.BN_bin2bn(scalar.to_bytes(SCALAR_SIZE, "big"), SCALAR_SIZE, number)
    return number


def _private_scalar(library: ctypes.CDLL, pkey: int | None) -> int:
    """Read d out of a key pair."""
    number = ctypes.c_void_p()
    octets = ctypes.create_string_buffer(SCALAR_SIZE)
    done = (
        library.EVP_PKEY_get_bn_param(pkey, b"priv", ctypes.byref(number)) == 1
        and library.BN_bn2binpad(number, octets, SCALAR_SIZE) == SCALAR_SIZE
    )
    library.BN_clear_free(number)
    if not done:
        library.ERR_clear_error()
        raise KeyInvalid("the key has no private scalar")
    scalar = int.from_bytes(octets.raw, "big")
    ctypes.memset(octets, 0, SCALAR_SIZE)
    return scalar


def _named_context(library: ctypes.CDLL) -> int:
    """Return a context for making SM2 keys; the caller frees it."""
    context: int | None = library.EVP_PKEY_CTX_new_from_name(None, b"SM2", None)
    if context is None:
        library.ERR_clear_error()
        raise BackendUnavailable("OpenSSL was built without SM2")
    return context


def _parameter(key: bytes, kind: int, data: Any, size: int) -> _Parameter:  # noqa: ANN401 - ctypes
    """Describe one buffer, which must outlive the call it is used in."""
    return _Parameter(key, kind, ctypes.cast(data, ctypes.c_void_p), size, 0)


def _point_parameter(point: bytes) -> _Parameter:
    return _parameter(b"pub", _PARAM_OCTETS, ctypes.c_char_p(point), len(point))


def _from_parameters(selection: int, *parameters: _Parameter) -> EvpKey:
    """Import key material into an `EVP_PKEY`; OpenSSL checks that the point is on the curve."""
    library = libcrypto()
    group = _parameter(b"group", _PARAM_UTF8, ctypes.c_char_p(b"SM2"), 3)
    listed = (_Parameter * (len(parameters) + 2))(group, *parameters)  # ends with an empty one
    context = _named_context(library)
    pkey = ctypes.c_void_p()
    try:
        done = (
            library.EVP_PKEY_fromdata_init(context) == 1
            and library.EVP_PKEY_fromdata(context, ctypes.byref(pkey), selection, listed) == 1
        )
    finally:
        library.EVP_PKEY_CTX_free(context)
    if not done or pkey.value is None:
        library.ERR_clear_error()
        raise KeyInvalid("not an SM2 key: the point is not on the curve")
    return EvpKey(library, pkey.value)
