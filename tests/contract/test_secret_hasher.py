"""Whatever hashes secrets: the right one fits, others do not, and nobody's takes as long as somebody's."""

import pytest

from eztong.adapters.secret_hasher import Argon2Hasher
from eztong.ports.secret_hasher import SecretHasher


@pytest.fixture(scope="module")
def hasher() -> SecretHasher:
    return Argon2Hasher()


def test_only_the_secret_itself_fits(hasher: SecretHasher) -> None:
    encoded = hasher.hash("correct horse")
    assert hasher.fits("correct horse", encoded)
    assert not hasher.fits("correct hors", encoded)


def test_the_same_secret_is_hashed_differently_each_time(hasher: SecretHasher) -> None:
    assert hasher.hash("same") != hasher.hash("same")


def test_nobody_has_no_secret_that_fits(hasher: SecretHasher) -> None:
    assert not hasher.fits("nobody's", None)


def test_what_is_no_hash_fits_nothing(hasher: SecretHasher) -> None:
    assert not hasher.fits("", "")


def test_the_hash_names_argon2id_and_hides_the_secret(hasher: SecretHasher) -> None:
    encoded = hasher.hash("correct horse")
    assert encoded.startswith("$argon2id$")
    assert "correct" not in encoded
