"""SM2 keys: what is read, what is written, what is refused and what is never shown."""

import copy
import pickle

import pytest

from eztong.gm.errors import EncodingInvalid, KeyInvalid
from eztong.gm.sm2 import PrivateKey, PublicKey
from eztong.gm.sm2_curve import N, P, check_on_curve
from tests.vectors.gm import gbt32918 as published

SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200") + published.POINT
SM2_CURVE = bytes.fromhex("06082a811ccf5501822d")
P256_CURVE = bytes.fromhex("06082a8648ce3d030107")


def test_generated_keys_differ() -> None:
    """Two drawn keys are not the same."""
    assert PrivateKey.generate().public_key() != PrivateKey.generate().public_key()


def test_pkcs8_round_trip() -> None:
    """A key survives export and import."""
    key = PrivateKey.generate()
    again = PrivateKey.from_pkcs8(key.to_pkcs8())
    assert again.public_key() == key.public_key()
    assert again.to_pkcs8() == key.to_pkcs8()


def test_pkcs8_without_public_key_is_read() -> None:
    """The public half is optional in RFC 5915 and is computed."""
    der = bytes.fromhex(
        "3041020100301306072a8648ce3d020106082a811ccf5501822d0427302502010104203945208f"
        "7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8"
    )
    assert PrivateKey.from_pkcs8(der).public_key().point() == published.POINT


def test_pkcs8_with_the_public_key_of_another_is_refused() -> None:
    """A swapped public half would bind signatures to somebody else's Z."""
    key, other = PrivateKey.generate(), PrivateKey.generate()
    forged = key.to_pkcs8().replace(key.public_key().point(), other.public_key().point())
    with pytest.raises(KeyInvalid):
        PrivateKey.from_pkcs8(forged)


def test_pkcs8_of_another_curve_is_refused() -> None:
    """A P-256 algorithm identifier does not make an SM2 key."""
    der = PrivateKey.generate().to_pkcs8()
    with pytest.raises(EncodingInvalid):
        PrivateKey.from_pkcs8(der.replace(SM2_CURVE, P256_CURVE))


@pytest.mark.parametrize("scalar", [-1, 0, N - 1, N, 2**256, 2**300])
def test_scalar_out_of_range_is_refused(scalar: int) -> None:
    """D must be in [1, n - 2]; d = n - 1 has no inverse of 1 + d."""
    with pytest.raises(KeyInvalid):
        PrivateKey.from_scalar(scalar)


@pytest.mark.parametrize("scalar", [1, 2, N - 2])
def test_scalar_at_the_edge_signs(scalar: int) -> None:
    """The ends of the range work."""
    key = PrivateKey.from_scalar(scalar)
    key.public_key().verify(key.sign(b"edge"), b"edge")


def test_spki_is_deterministic() -> None:
    """The SPKI is the published algorithm identifier and the point, 91 bytes."""
    key = PublicKey.from_point(published.POINT)
    assert key.to_spki() == SPKI
    assert PublicKey.from_spki(key.to_spki()) == key
    assert hash(PublicKey.from_spki(key.to_spki())) == hash(key)


@pytest.mark.parametrize(
    "der",
    [
        SPKI + b"\x00",
        SPKI[:-1],
        SPKI.replace(SM2_CURVE, P256_CURVE),
        b"\x30\x81" + SPKI[1:],
        b"",
    ],
    ids=["trailing", "short", "p256", "ber-length", "empty"],
)
def test_spki_in_another_encoding_is_refused(der: bytes) -> None:
    """A public key has one encoding."""
    with pytest.raises(EncodingInvalid):
        PublicKey.from_spki(der)


@pytest.mark.parametrize(
    "point",
    [
        published.POINT[:-1] + b"\x00",
        b"\x04" + bytes(64),
        b"\x04" + P.to_bytes(32, "big") + published.POINT[33:],
        b"\x04" + b"\xff" * 64,
    ],
)
def test_point_off_the_curve_is_refused(point: bytes) -> None:
    """Invalid-curve attack: the point must solve the curve equation, reduced."""
    with pytest.raises(KeyInvalid):
        PublicKey.from_point(point)


@pytest.mark.parametrize(
    "point",
    [b"", b"\x00", b"\x02" + published.POINT[1:33], b"\x06" + published.POINT[1:]],
    ids=["empty", "infinity", "compressed", "hybrid"],
)
def test_point_in_another_format_is_refused(point: bytes) -> None:
    """Only 0x04 || x || y is a public key."""
    with pytest.raises(EncodingInvalid):
        PublicKey.from_point(point)


@pytest.mark.parametrize(("dx", "dy"), [(P, 0), (0, P), (-P, 0), (0, 1), (1, 0)])
def test_unreduced_coordinates_are_refused(dx: int, dy: int) -> None:
    """A point has one pair of coordinates, though x + p solves the equation as well."""
    x, y = (int.from_bytes(published.POINT[at : at + 32], "big") for at in (1, 33))
    check_on_curve(x, y)
    with pytest.raises(KeyInvalid):
        check_on_curve(x + dx, y + dy)


def test_private_key_shows_no_secret() -> None:
    """Neither repr nor str contains the scalar."""
    shown = repr(PrivateKey.from_scalar(published.SCALAR)).lower()
    assert f"{published.SCALAR:x}"[:8] not in shown
    assert str(published.SCALAR)[:8] not in shown


def test_private_key_cannot_be_copied_or_pickled() -> None:
    """A secret does not slip into a cache, a queue or a crash dump."""
    key = PrivateKey.generate()
    with pytest.raises(TypeError):
        pickle.dumps(key)
    with pytest.raises(TypeError):
        copy.deepcopy(key)
