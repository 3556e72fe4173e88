"""Signatures in a token: ES256 and Ed25519 in SoftHSM, SM2 over the port's fake alone (no module here does it)."""

from __future__ import annotations

from pathlib import Path

import pkcs11
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.keys.keyring import FileKeyring, create_keyring
from eztong.adapters.keys.problems import (
    KeyringExists,
    TokenMechanismMissing,
    TokenMissing,
    TokenProblem,
)
from eztong.adapters.keys.token import Token
from eztong.adapters.keys.token_signatures import Pkcs11SigningToken, vendor_mechanism
from eztong.domain.keys.inventory import KeyPlace
from eztong.domain.keys.rotation import RotationRefused
from eztong.ports.keys import SignPurpose
from eztong.ports.signing_token import SigningToken, TokenAlgorithm
from tests.contract.keys.conftest import HOUR, START
from tests.contract.keys.fake_signing_token import FakeSigningToken
from tests.simulators.outside.softhsm import SoftHsm

ENTROPY = SystemEntropy()
STANDARD = (TokenAlgorithm.ES256, TokenAlgorithm.ED25519)
MESSAGE = b"a message that is signed"
VENDOR = 0x80000201


@pytest.fixture(scope="module")
def token(softhsm: SoftHsm) -> Token:
    return softhsm.token("signing")


def verify(token: SigningToken, algorithm: TokenAlgorithm, signature: bytes, message: bytes, label: str) -> None:
    public = load_der_public_key(token.public_key(label, algorithm))
    if algorithm is TokenAlgorithm.ED25519:
        assert isinstance(public, Ed25519PublicKey)
        public.verify(signature, message)
        return
    assert isinstance(public, EllipticCurvePublicKey)
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    public.verify(encode_dss_signature(r, s), message, ECDSA(SHA256()))


@pytest.mark.parametrize("algorithm", STANDARD)
def test_what_a_key_in_the_token_signs_another_library_verifies(token: Token, algorithm: TokenAlgorithm) -> None:
    signs, label = Pkcs11SigningToken(token), f"{algorithm}-1"
    signs.make(label, algorithm)
    signature = signs.sign(label, algorithm, MESSAGE)
    assert len(signature) == 64
    verify(signs, algorithm, signature, MESSAGE, label)
    with pytest.raises(InvalidSignature):
        verify(signs, algorithm, signature, MESSAGE + b"!", label)
    with pytest.raises(KeyringExists):
        signs.make(label, algorithm)


@pytest.mark.parametrize("algorithm", STANDARD)
def test_a_key_that_is_not_there_is_named(token: Token, algorithm: TokenAlgorithm) -> None:
    signs = Pkcs11SigningToken(token)
    with pytest.raises(TokenMissing, match="private key nobody"):
        signs.sign("nobody", algorithm, MESSAGE)
    with pytest.raises(TokenMissing, match="public key nobody"):
        signs.public_key("nobody", algorithm)


def sign_by_vendor(session: pkcs11.Session) -> bytes:
    """Ask for a mechanism that SoftHSM lacks, as the adapter asks for it."""
    key = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label="no-sm2")
    made: bytes = key.sign(bytes(32), mechanism=vendor_mechanism(VENDOR))  # type: ignore[attr-defined]  # it signs
    return made


def test_sm2_needs_the_number_of_its_mechanism_and_a_token_that_has_it(token: Token) -> None:
    signs = Pkcs11SigningToken(token, sm2_mechanism=VENDOR)
    signs.make("no-sm2", TokenAlgorithm.ES256)
    with pytest.raises(TokenMechanismMissing, match="EZTONG_TOKEN_VENDOR_MECHANISM"):
        Pkcs11SigningToken(token).sign("no-sm2", TokenAlgorithm.SM2, MESSAGE)
    with pytest.raises(TokenMechanismMissing, match="maker"):
        signs.make("sm2", TokenAlgorithm.SM2)
    with pytest.raises(TokenProblem, match="none for sm2"):
        signs.sign("no-sm2", TokenAlgorithm.SM2, MESSAGE)
    with pytest.raises(TokenMechanismMissing, match="MechanismInvalid"):
        token.use(sign_by_vendor)


class TestSm2InTheToken:
    """Over the fake: no real module was tried."""

    def test_results_are_signed_there_and_proofs_of_before_verify(self, tmp_path: Path) -> None:
        path, root, token = tmp_path / "data" / "keyring.json", tmp_path / "root" / "key", FakeSigningToken("results")
        create_keyring(path, root, entropy=ENTROPY, now=START)
        keys = FileKeyring(path, root, token=token)
        before = keys.sign(SignPurpose.RESULTS, MESSAGE)
        secret = keys.signer_in_token("results", purpose="results")
        keys.rotate("results", entropy=ENTROPY, now=START + HOUR, secret=secret)
        tried = token.signed
        after = FileKeyring(path, root, token=token).sign(SignPurpose.RESULTS, MESSAGE)
        assert token.signed > tried
        assert (before.key_id, after.key_id) == ("results-1", "results-2")
        # Whoever only verifies needs no token.
        published = {key.key_id: key.public_key for key in FileKeyring(path, root).published()}
        published["results-1"].verify(before.signature, MESSAGE)
        published["results-2"].verify(after.signature, MESSAGE)
        places = {key.key_id: key.place for key in keys.describe()}
        assert (places["results-1"], places["results-2"]) == (KeyPlace.MEMORY, KeyPlace.TOKEN)

    def test_it_comes_back_into_memory_by_a_rotation(self, tmp_path: Path) -> None:
        path, root, token = tmp_path / "data" / "keyring.json", tmp_path / "root" / "key", FakeSigningToken("results")
        create_keyring(path, root, entropy=ENTROPY, now=START)
        keys = FileKeyring(path, root, token=token)
        secret = keys.signer_in_token("results", purpose="results")
        keys.rotate("results", entropy=ENTROPY, now=START + HOUR, secret=secret)
        signed = keys.sign(SignPurpose.RESULTS, MESSAGE)
        keys.rotate("results", entropy=ENTROPY, now=START + 2 * HOUR)
        token.is_out = True
        assert keys.sign(SignPurpose.RESULTS, MESSAGE).key_id == "results-3"
        keys.published()[1].public_key.verify(signed.signature, MESSAGE)

    def test_a_token_that_is_gone_or_signs_wrongly_stops_the_start_and_the_rotation(self, tmp_path: Path) -> None:
        path, root, token = tmp_path / "data" / "keyring.json", tmp_path / "root" / "key", FakeSigningToken("results")
        create_keyring(path, root, entropy=ENTROPY, now=START)
        keys = FileKeyring(path, root, token=token)
        token.is_wrong = True
        with pytest.raises(TokenProblem, match="EZTONG_TOKEN_VENDOR_MECHANISM"):
            keys.signer_in_token("results", purpose="results")
        token.is_wrong = False
        with pytest.raises(TokenMissing, match="other"):
            keys.signer_in_token("other", purpose="results")
        with pytest.raises(RotationRefused, match="only authority_client, results"):
            keys.signer_in_token("results", purpose="session")
        with pytest.raises(TokenMissing, match="EZTONG_TOKEN_MODULE"):
            FileKeyring(path, root).signer_in_token("results", purpose="results")
        secret = keys.signer_in_token("results", purpose="results")
        keys.rotate("results", entropy=ENTROPY, now=START + HOUR, secret=secret)
        token.is_out = True
        with pytest.raises(TokenMissing):
            FileKeyring(path, root, token=token)
        with pytest.raises(TokenMissing, match="EZTONG_TOKEN_MODULE"):
            FileKeyring(path, root).sign(SignPurpose.RESULTS, MESSAGE)
