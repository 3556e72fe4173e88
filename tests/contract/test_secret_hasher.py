"""Whatever hashes secrets: the right one is right, others are not, and nobody's takes as long as somebody's."""

import pytest

from eztong.adapters.secret_hasher import Argon2Hasher, HashCost
from eztong.ports.secret_hasher import SALT_BYTES, SecretHasher

CHEAP = HashCost(memory_kib=64, passes=1)
SALT = bytes(range(SALT_BYTES))


@pytest.fixture(scope="module")
def hasher() -> SecretHasher:
    return Argon2Hasher(CHEAP, at_once=1)


def test_only_the_secret_itself_is_right(hasher: SecretHasher) -> None:
    encoded = hasher.make_hash("correct horse", salt=SALT)
    assert hasher.is_right("correct horse", encoded)
    assert not hasher.is_right("correct hors", encoded)


def test_the_same_secret_has_another_hash_under_another_salt_and_neither_shows_it(hasher: SecretHasher) -> None:
    one, other = (hasher.make_hash("805217", salt=salt) for salt in (SALT, SALT[::-1]))
    assert one != other
    assert "805217" not in one
    assert one.startswith("$argon2id$v=19$m=64,t=1,p=1$")


def test_nobody_has_no_secret_that_is_right(hasher: SecretHasher) -> None:
    assert not hasher.is_right("", None)
    assert not hasher.is_right("000000", None)


def test_what_is_no_hash_makes_nothing_right(hasher: SecretHasher) -> None:
    assert not hasher.is_right("", "")
    assert not hasher.is_right("x", "$argon2id$cut")


def test_a_hash_of_an_earlier_cost_is_still_right(hasher: SecretHasher) -> None:
    encoded = hasher.make_hash("805217", salt=SALT)
    assert Argon2Hasher(HashCost(memory_kib=128, passes=2), at_once=1).is_right("805217", encoded)
