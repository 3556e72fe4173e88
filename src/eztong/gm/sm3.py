"""SM3 (GB/T 32905-2016, GM/T 0004) and HMAC-SM3 (GB/T 15852.2, RFC 2104) by OpenSSL.

Starting a hash costs more than hashing a short message, so both keep prepared states and copy them.
"""

import functools
import hashlib
import hmac
from typing import TYPE_CHECKING, Final

from eztong.gm.errors import BackendUnavailable, KeyInvalid, SignatureInvalid

if TYPE_CHECKING:
    from _hashlib import HASH

DIGEST_SIZE: Final = 32
BLOCK_SIZE: Final = 64

_INNER_PAD: Final = bytes(byte ^ 0x36 for byte in range(256))
_OUTER_PAD: Final = bytes(byte ^ 0x5C for byte in range(256))


@functools.cache
def _empty_state() -> "HASH":
    """Return the state of SM3 over nothing; copy it, never update it."""
    try:
        return hashlib.new("sm3")
    except ValueError as error:
        raise BackendUnavailable("This Python's hashlib has no SM3") from error


def sm3_state(prefix: bytes = b"") -> "HASH":
    """Start an SM3 computation over `prefix`, to be copied or updated (hashlib interface).

    Raises:
        BackendUnavailable: OpenSSL was built without SM3.
    """
    state = _empty_state().copy()
    state.update(prefix)
    return state


def sm3(data: bytes) -> bytes:
    """Return the 32-byte SM3 digest of `data` (GB/T 32905-2016).

    Raises:
        BackendUnavailable: OpenSSL was built without SM3.
    """
    state = _empty_state().copy()
    state.update(data)
    return state.digest()


class HmacSm3Key:
    """An HMAC-SM3 key with both padded key blocks already hashed (RFC 2104 section 4).

    About twice as fast as a one-shot HMAC on short messages. Safe to share between threads.
    """

    __slots__ = ("_inner", "_outer")

    def __init__(self, key: bytes) -> None:
        """Prepare the key.

        Args:
            key: Secret bytes; 32 are recommended, more than 64 are hashed first.

        Raises:
            KeyInvalid: The key is empty.
            BackendUnavailable: OpenSSL was built without SM3.
        """
        if not key:
            raise KeyInvalid("an HMAC key must not be empty")
        block = (key if len(key) <= BLOCK_SIZE else sm3(key)).ljust(BLOCK_SIZE, b"\x00")
        self._inner = sm3_state(block.translate(_INNER_PAD))
        self._outer = sm3_state(block.translate(_OUTER_PAD))

    def digest(self, data: bytes) -> bytes:
        """Return the 32-byte HMAC-SM3 of `data`."""
        inner = self._inner.copy()
        inner.update(data)
        outer = self._outer.copy()
        outer.update(inner.digest())
        return outer.digest()

    def verify(self, data: bytes, digest: bytes) -> None:
        """Check the HMAC-SM3 of `data` in constant time.

        Raises:
            SignatureInvalid: `digest` is not the HMAC-SM3 of `data` under this key.
        """
        require_equal(self.digest(data), digest)


def hmac_sm3(key: bytes, data: bytes) -> bytes:
    """Return the 32-byte HMAC-SM3 of `data`; prefer `HmacSm3Key` for a key used twice.

    Raises:
        KeyInvalid: The key is empty.
        BackendUnavailable: OpenSSL was built without SM3.
    """
    return HmacSm3Key(key).digest(data)


def require_equal(expected: bytes, given: bytes) -> None:
    """Compare two byte strings in time that does not depend on where they differ.

    Raises:
        SignatureInvalid: They differ.
    """
    if not hmac.compare_digest(expected, given):
        raise SignatureInvalid("the keyed digest does not match")
