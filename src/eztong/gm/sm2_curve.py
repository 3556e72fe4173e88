"""The recommended SM2 curve (GB/T 32918.5-2017, GM/T 0003.5) and the identity digest Z.

Only public values are handled here, so plain integer arithmetic is safe.
"""

from typing import TYPE_CHECKING, Final

from eztong.gm.errors import EncodingInvalid, KeyInvalid
from eztong.gm.sm3 import sm3, sm3_state

if TYPE_CHECKING:
    from _hashlib import HASH

DEFAULT_USER_ID: Final = b"1234567812345678"
"""The user id of GM/T 0009-2012 section 10 and RFC 8998, used unless parties agree on another."""

COORDINATE_SIZE: Final = 32
POINT_SIZE: Final = 65
UNCOMPRESSED: Final = b"\x04"

P: Final = 0xFFFFFFFE_FFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFF_00000000_FFFFFFFF_FFFFFFFF
A: Final = P - 3
B: Final = 0x28E9FA9E_9D9F5E34_4D5A9E4B_CF6509A7_F39789F5_15AB8F92_DDBCBD41_4D940E93
N: Final = 0xFFFFFFFE_FFFFFFFF_FFFFFFFF_FFFFFFFF_7203DF6B_21C6052B_53BBF409_39D54123
GX: Final = 0x32C4AE2C_1F198119_5F990446_6A39C994_8FE30BBF_F2660BE1_715A4589_334C74C7
GY: Final = 0xBC3736A2_F4F6779C_59BDCEE3_6B692153_D0A9877C_C62A4740_02DF32E5_2139F0A0

_MAX_USER_ID_SIZE: Final = 0xFFFF // 8
_DOMAIN: Final = b"".join(value.to_bytes(COORDINATE_SIZE, "big") for value in (A, B, GX, GY))


def check_on_curve(x: int, y: int) -> None:
    """Require reduced coordinates that solve y^2 = x^3 + ax + b (GB/T 32918.1 section 3.2.1).

    Raises:
        KeyInvalid: (x, y) is not an affine point of the curve.
    """
    if not (0 <= x < P and 0 <= y < P) or (y * y - (x * x + A) * x - B) % P:
        raise KeyInvalid("the point is not on the SM2 curve")


def z_value(point: bytes, user_id: bytes) -> bytes:
    """Return Z = SM3(ENTL || ID || a || b || xG || yG || xA || yA) (GB/T 32918.2 section 5.5).

    Args:
        point: The signer's public key as 0x04 || x || y.
        user_id: The signer's distinguishing identifier, at most 8191 bytes.

    Raises:
        EncodingInvalid: The user id does not fit its 16-bit length in bits.
    """
    if len(user_id) > _MAX_USER_ID_SIZE:
        raise EncodingInvalid(f"an SM2 user id has at most {_MAX_USER_ID_SIZE} bytes")
    length_in_bits = (len(user_id) * 8).to_bytes(2, "big")
    return sm3(length_in_bits + user_id + _DOMAIN + point[1:])


class MessageDigester:
    """Makes e = SM3(Z || M) for one public key, with Z hashed once for the default user id."""

    __slots__ = ("_default_state", "_point")

    def __init__(self, point: bytes) -> None:
        """Prepare the state after Z for `DEFAULT_USER_ID`."""
        self._point = point
        self._default_state = self._state_after_z(DEFAULT_USER_ID)

    def digest(self, message: bytes, user_id: bytes) -> bytes:
        """Return e (GB/T 32918.2 section 6.1, steps A1 and A2)."""
        is_default = user_id == DEFAULT_USER_ID
        state = self._default_state.copy() if is_default else self._state_after_z(user_id)
        state.update(message)
        return state.digest()

    def _state_after_z(self, user_id: bytes) -> "HASH":
        return sm3_state(z_value(self._point, user_id))
