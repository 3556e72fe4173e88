"""Decrypting parameters is no oracle: a session key serves the account and initialisation vector of its first use."""

from __future__ import annotations

import base64
import itertools
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from eztong.adapters.authority.synthetic import synthetic_citizen
from eztong.adapters.entropy import SystemEntropy
from tests.simulators.service import Service
from tests.tencentcloud.signers import Keys
from tests.tencentcloud.test_companions import encrypted, refused, result

_somebody = itertools.count(700_000)
UNREADABLE = "FailedOperation.DecryptSystemError"


@pytest.fixture(scope="module")
def public_key(service: Service) -> RSAPublicKey:
    published = service.http.get("/.well-known/eztong-input-keys.json").json()["keys"]
    rsa = next(key for key in published if key["algorithm"] == "AES-256-CBC")
    key = load_pem_public_key(base64.b64decode(rsa["pem_base64"]))
    assert isinstance(key, RSAPublicKey)
    return key


class Sender:
    """An integrator's client with a fresh session key."""

    def __init__(self, public_key: RSAPublicKey) -> None:
        self.key, self.iv = SystemEntropy().token(32), SystemEntropy().token(16)
        self.blob = public_key.encrypt(self.key, PKCS1v15())
        # Everybody is asked about ten times a day at most: each sender asks about somebody else.
        name, number = synthetic_citizen(next(_somebody))
        self.person = {"Name": name, "IdCard": number}

    def call(self, *, iv: bytes | None = None, blob: bytes | None = None) -> dict[str, Any]:
        """Return the parameters of a call, with the vector or the wrapped key exchanged."""
        secret = {name: encrypted(value, key=self.key, iv=self.iv) for name, value in self.person.items()}
        envelope = {
            "EncryptList": ["IdCard", "Name"],
            "CiphertextBlob": base64.b64encode(blob or self.blob).decode(),
            "Iv": base64.b64encode(iv or self.iv).decode(),
        }
        return secret | {"Encryption": envelope}


def changed(iv: bytes, at: int) -> bytes:
    """Return another initialisation vector: the first block of the plaintext changes there and nowhere else."""
    return iv[:at] + bytes([iv[at] ^ 1]) + iv[at + 1 :]


def test_a_session_key_serves_again_with_its_vector(hotel: Keys, public_key: RSAPublicKey) -> None:
    sender = Sender(public_key)
    assert [result(hotel, "IdCardVerification", **sender.call()) for _ in range(2)] == ["0", "0"]


def test_a_captured_ciphertext_is_of_no_use_to_another_account(
    hotel: Keys, game: Keys, public_key: RSAPublicKey
) -> None:
    """Whoever recorded a call cannot ask about it, neither as it was nor with a changed vector."""
    sender = Sender(public_key)
    assert result(hotel, "IdCardVerification", **sender.call()) == "0"
    assert refused(game, "IdCardVerification", **sender.call()) == UNREADABLE
    for at in (0, 5, 15):
        assert refused(game, "IdCardVerification", **sender.call(iv=changed(sender.iv, at))) == UNREADABLE
    assert result(hotel, "IdCardVerification", **sender.call()) == "0", "its owner goes on"


def test_one_vector_is_one_question(hotel: Keys, public_key: RSAPublicKey) -> None:
    """A vector that keeps the padding right and one that breaks it are answered alike, also to the same account."""
    sender = Sender(public_key)
    assert result(hotel, "IdCardVerification", **sender.call()) == "0"
    answers = {refused(hotel, "IdCardVerification", **sender.call(iv=changed(sender.iv, at))) for at in (0, 15)}
    assert answers == {UNREADABLE}


def test_a_first_failed_try_binds_as_well(hotel: Keys, game: Keys, public_key: RSAPublicKey) -> None:
    """A call that never arrived and was captured gives one try, not one for each vector."""
    sender = Sender(public_key)
    control = bytearray(sender.iv)
    control[5] ^= 0xFF
    assert refused(game, "IdCardVerification", **sender.call(iv=bytes(control))) == UNREADABLE
    assert refused(game, "IdCardVerification", **sender.call()) == UNREADABLE, "even the right vector"
    assert refused(hotel, "IdCardVerification", **sender.call()) == UNREADABLE


def test_another_wrapping_of_the_same_key_is_the_same_key(hotel: Keys, game: Keys, public_key: RSAPublicKey) -> None:
    """The key counts, not its ciphertext: an empty block behind it makes another text of the same key."""
    sender = Sender(public_key)
    assert result(hotel, "IdCardVerification", **sender.call()) == "0"
    longer = sender.blob + public_key.encrypt(b"", PKCS1v15())
    assert refused(game, "IdCardVerification", **sender.call(blob=longer)) == UNREADABLE
    other_iv = sender.call(blob=longer, iv=changed(sender.iv, 3))
    assert refused(hotel, "IdCardVerification", **other_iv) == UNREADABLE


def test_an_account_that_keeps_failing_waits(
    service: Service, given: dict[str, Keys], public_key: RSAPublicKey
) -> None:
    parcel = given["parcel"]
    for _ in range(20):
        junk = SystemEntropy().token(256)
        assert refused(parcel, "IdCardVerification", **Sender(public_key).call(blob=junk)) == UNREADABLE
    sender = Sender(public_key)
    assert refused(parcel, "IdCardVerification", **sender.call()) == UNREADABLE, "a right one waits, too"
    assert result(given["hotel"], "IdCardVerification", **Sender(public_key).call()) == "0", "others do not"
    service.advance(15 * 60 + 1)
    assert result(parcel, "IdCardVerification", **sender.call()) == "0"


def test_what_is_wrong_with_an_encrypted_name_is_not_told(hotel: Keys, public_key: RSAPublicKey) -> None:
    sender = Sender(public_key)
    odd = {"IdCard": encrypted("11-22", key=sender.key, iv=sender.iv)}
    call = sender.call() | odd | {"MerchantId": hotel.merchant_id}
    assert refused(hotel, "GetEidToken", **call) == UNREADABLE
    plain = {"MerchantId": hotel.merchant_id, "Name": "测一一", "IdCard": "11-22"}
    assert refused(hotel, "GetEidToken", **plain) == "InvalidParameterValue"
