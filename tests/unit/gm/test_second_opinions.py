"""Two other implementations agree, both ways: gmalg (pure Python) and the openssl command."""

import shutil
import subprocess
from pathlib import Path

import gmalg
import pytest

from eztong.gm import sm2_encrypt
from eztong.gm.csr import build_csr, verify_csr
from eztong.gm.sm2 import DEFAULT_USER_ID, PrivateKey, PublicKey
from eztong.gm.sm3 import sm3
from eztong.gm.sm4 import seal_gcm

MESSAGE = "授权书 agreement 2026".encode()
DISTID = "distid:1234567812345678"

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl command")


def _gmalg_of(key: PrivateKey, scalar: int) -> gmalg.SM2:
    return gmalg.SM2(scalar.to_bytes(32, "big"), DEFAULT_USER_ID, key.public_key().point())


def _numbers(signature: bytes) -> tuple[bytes, bytes]:
    """Take DER (r, s) apart by hand."""
    end = 4 + signature[3]
    return signature[4:end].lstrip(b"\x00"), signature[end + 2 :].lstrip(b"\x00")


def _signature(r: bytes, s: bytes) -> bytes:
    """Put DER (r, s) together by hand; gmalg drops leading zeros."""
    parts = [b"\x00" + n if n[0] & 0x80 else n for n in (r.lstrip(b"\x00"), s.lstrip(b"\x00"))]
    content = b"".join(bytes([2, len(part)]) + part for part in parts)
    return bytes([0x30, len(content)]) + content


@pytest.mark.parametrize("scalar", [7, 2**255 + 12345, 0xA5 << 200])
def test_gmalg_agrees_on_signatures(scalar: int) -> None:
    """Gmalg verifies ours, and we verify gmalg's."""
    key = PrivateKey.from_scalar(scalar)
    other = _gmalg_of(key, scalar)
    assert other.generate_pk(scalar.to_bytes(32, "big")) == key.public_key().point()
    for _ in range(3):
        assert other.verify(MESSAGE, *_numbers(key.sign(MESSAGE)))
        key.public_key().verify(_signature(*other.sign(MESSAGE)), MESSAGE)


@pytest.mark.parametrize("scalar", [7, 2**255 + 12345])
def test_gmalg_agrees_on_encryption(scalar: int) -> None:
    """Gmalg opens our raw C1C3C2, and we open gmalg's."""
    key = PrivateKey.from_scalar(scalar)
    other = _gmalg_of(key, scalar)
    ours = sm2_encrypt.der_to_raw(sm2_encrypt.encrypt(key.public_key(), MESSAGE), leading_04=True)
    assert other.decrypt(ours) == MESSAGE
    theirs = sm2_encrypt.raw_to_der(other.encrypt(MESSAGE))
    assert sm2_encrypt.decrypt(key, theirs) == MESSAGE


def test_gmalg_agrees_on_sm3() -> None:
    """The same digest around the block boundaries."""
    for size in (0, 1, 55, 56, 63, 64, 65, 1000):
        other = gmalg.SM3()
        other.update(b"x" * size)
        assert other.value() == sm3(b"x" * size)


def test_gmalg_agrees_on_the_first_gcm_block() -> None:
    """SM4-GCM's first ciphertext block is SM4 of nonce || 2 over the plaintext."""
    key, nonce = b"k" * 16, b"n" * 12
    stream = gmalg.SM4(key).encrypt(nonce + (2).to_bytes(4, "big"))
    assert seal_gcm(key, nonce, bytes(16), b"")[:16] == stream


def _openssl(*arguments: str | Path) -> bytes:
    done = subprocess.run(["openssl", *arguments], capture_output=True, check=True)
    return done.stdout


@pytest.fixture
def openssl_key(tmp_path: Path) -> Path:
    """Return the PEM file of a key that openssl made."""
    path = tmp_path / "key.pem"
    _openssl("genpkey", "-algorithm", "SM2", "-out", path)
    return path


def _load(path: Path) -> PrivateKey:
    return PrivateKey.from_pkcs8(_openssl("pkcs8", "-topk8", "-nocrypt", "-in", path, "-outform", "DER"))


@needs_openssl
def test_openssl_reads_our_keys_alike(tmp_path: Path) -> None:
    """Our PKCS#8 gives openssl the same SPKI as ours."""
    key = PrivateKey.generate()
    path = tmp_path / "key.der"
    path.write_bytes(key.to_pkcs8())
    spki = _openssl("pkey", "-in", path, "-inform", "DER", "-pubout", "-outform", "DER")
    assert spki == key.public_key().to_spki()
    assert PublicKey.from_spki(spki) == key.public_key()


@needs_openssl
def test_openssl_agrees_on_signatures(openssl_key: Path, tmp_path: Path) -> None:
    """Openssl verifies ours, and we verify openssl's."""
    key = _load(openssl_key)
    message, signature = tmp_path / "message", tmp_path / "signature"
    message.write_bytes(MESSAGE)
    signature.write_bytes(key.sign(MESSAGE))
    _openssl(
        *("dgst", "-sm3", "-prverify", openssl_key, "-sigopt", DISTID),
        *("-signature", signature, message),
    )
    theirs = _openssl("dgst", "-sm3", "-sign", openssl_key, "-sigopt", DISTID, message)
    key.public_key().verify(theirs, MESSAGE)


@needs_openssl
def test_openssl_agrees_on_encryption(openssl_key: Path, tmp_path: Path) -> None:
    """Openssl opens ours, and we open openssl's."""
    key = _load(openssl_key)
    plain, cipher = tmp_path / "plain", tmp_path / "cipher"
    plain.write_bytes(MESSAGE)
    cipher.write_bytes(sm2_encrypt.encrypt(key.public_key(), MESSAGE))
    assert _openssl("pkeyutl", "-decrypt", "-inkey", openssl_key, "-in", cipher) == MESSAGE
    theirs = _openssl("pkeyutl", "-encrypt", "-inkey", openssl_key, "-in", plain)
    assert sm2_encrypt.decrypt(key, theirs) == MESSAGE


@needs_openssl
def test_openssl_verifies_our_request(tmp_path: Path) -> None:
    """Openssl accepts the signature on our CSR."""
    path = tmp_path / "request.der"
    path.write_bytes(build_csr(PrivateKey.generate(), "Example Bank"))
    shown = _openssl(
        *("req", "-verify", "-vfyopt", DISTID, "-in", path, "-inform", "DER"),
        *("-noout", "-subject"),
    )
    assert b"Example Bank" in shown


@needs_openssl
def test_we_verify_the_request_of_openssl(openssl_key: Path) -> None:
    """A CSR as an integrator makes it is read with its name and key."""
    csr = _openssl(
        *("req", "-new", "-utf8", "-sm3", "-key", openssl_key, "-sigopt", DISTID),
        *("-subj", "/C=CN/O=示例/CN=example.test", "-outform", "DER"),
    )
    name, key = verify_csr(csr)
    assert name == "example.test"
    assert key == _load(openssl_key).public_key()
