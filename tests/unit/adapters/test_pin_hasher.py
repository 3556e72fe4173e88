"""The PIN hasher: right is right, wrong is wrong, and nobody's PIN is never right."""

from eztong.adapters.pin_hasher import Argon2PinHasher, HashCost

CHEAP = HashCost(memory_kib=64, passes=1)
SALT = bytes(range(16))


def test_only_the_right_digits_are_right() -> None:
    hasher = Argon2PinHasher(CHEAP, at_once=1)
    encoded = hasher.make_hash("805217", salt=SALT)
    assert hasher.is_right("805217", encoded)
    assert not hasher.is_right("805218", encoded)


def test_the_same_pin_has_another_hash_under_another_salt_and_neither_shows_it() -> None:
    hasher = Argon2PinHasher(CHEAP, at_once=1)
    one, other = (hasher.make_hash("805217", salt=salt) for salt in (SALT, SALT[::-1]))
    assert one != other
    assert "805217" not in one
    assert one.startswith("$argon2id$v=19$m=64,t=1,p=1$")


def test_nobody_s_pin_is_never_right() -> None:
    hasher = Argon2PinHasher(CHEAP, at_once=1)
    assert not hasher.is_right("", None)
    assert not hasher.is_right("000000", None)


def test_a_hash_of_an_earlier_cost_still_verifies() -> None:
    encoded = Argon2PinHasher(CHEAP, at_once=1).make_hash("805217", salt=SALT)
    assert Argon2PinHasher(HashCost(memory_kib=128, passes=2), at_once=1).is_right("805217", encoded)
