"""SM4 agrees with GB/T 32907-2016, RFC 8998, Wycheproof and the Tencent developer guide."""

from base64 import b64decode

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import ECB

from eztong.gm.dangerous import (
    dangerous_sm4_cbc_decrypt,
    dangerous_sm4_cbc_encrypt,
    dangerous_sm4_ecb_decrypt,
    dangerous_sm4_ecb_encrypt,
)
from eztong.gm.errors import DecryptionFailed
from eztong.gm.sm4 import open_gcm, seal_gcm

KEY = bytes.fromhex("0123456789abcdeffedcba9876543210")
RFC8998_NONCE = bytes.fromhex("00001234567800000000abcd")
RFC8998_AAD = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
RFC8998_PLAINTEXT = bytes.fromhex(
    "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
    "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa"
)
RFC8998_SEALED = bytes.fromhex(
    "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
    "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
    "83de3541e4c2b58177e065a9bf7b62ec"
)


def test_one_block() -> None:
    """GB/T 32907-2016 appendix A.1: one block, both ways."""
    ciphertext = bytes.fromhex("681edf34d206965e86b3e94f536e4246")
    assert dangerous_sm4_ecb_encrypt(KEY, KEY) == ciphertext
    assert dangerous_sm4_ecb_decrypt(KEY, ciphertext) == KEY


def test_one_million_blocks() -> None:
    """GB/T 32907-2016 appendix A.2: a block encrypted a million times (about a second)."""
    update = Cipher(SM4(KEY), ECB()).encryptor().update  # noqa: S305 - the example is ECB
    block = KEY
    for _ in range(1_000_000):
        block = update(block)
    assert block.hex() == "595298c7c6fd271f0402f804c33d3f66"


def test_cbc() -> None:
    """SM4-CBC with PKCS#7 of a published test suite (made with gmssl, checked with OpenSSL)."""
    iv = bytes.fromhex("000102030405060708090a0b0c0d0e0f")
    plaintext = bytes.fromhex("00112233445566778899aabbccddeeff" * 2)
    ciphertext = bytes.fromhex(
        "4691e99a3261b6144f6aa68bea48dbbd16e96658f113bf22cbe041bb87f2e01145d4184544ee7728d4f5e61653665de5"
    )
    assert dangerous_sm4_cbc_encrypt(KEY, iv, plaintext) == ciphertext
    assert dangerous_sm4_cbc_decrypt(KEY, iv, ciphertext) == plaintext


def test_gcm_seals_as_rfc8998() -> None:
    """RFC 8998 appendix A.1: ciphertext and tag."""
    assert seal_gcm(KEY, RFC8998_NONCE, RFC8998_PLAINTEXT, RFC8998_AAD) == RFC8998_SEALED


def test_gcm_opens_rfc8998() -> None:
    """RFC 8998 appendix A.1: plaintext."""
    assert open_gcm(KEY, RFC8998_NONCE, RFC8998_SEALED, RFC8998_AAD) == RFC8998_PLAINTEXT


def test_gcm_refuses_rfc8998_with_wrong_tag() -> None:
    """One flipped bit in the published tag is enough."""
    wrong = RFC8998_SEALED[:-1] + bytes([RFC8998_SEALED[-1] ^ 1])
    with pytest.raises(DecryptionFailed):
        open_gcm(KEY, RFC8998_NONCE, wrong, RFC8998_AAD)


@pytest.mark.parametrize(
    ("key", "nonce", "plaintext", "sealed"),
    [
        (
            "bedcfb5a011ebc84600fcb296c15af0d",
            "438a547a94ea88dce46c6c85",
            "",
            "a486a45596cb92cf529de2038583707d",
        ),
        (
            "384ea416ac3c2f51a76e7d8226346d4e",
            "b30c084727ad1c592ac21d12",
            "35",
            "a3" + "a06f50a378b116e9dd2363a6e8babd88",
        ),
    ],
)
def test_gcm_seals_as_wycheproof(key: str, nonce: str, plaintext: str, sealed: str) -> None:
    """Wycheproof sm4_gcm tcId 2 and 3: nothing, and a single byte."""
    key_, nonce_, plaintext_ = map(bytes.fromhex, (key, nonce, plaintext))
    assert seal_gcm(key_, nonce_, plaintext_, b"").hex() == sealed


@pytest.mark.parametrize(
    ("ciphertext", "tag", "plaintext"),
    [
        ("8qjVE9kEqW7R3x3Nd5AM5PDb", "wMyiG6JUzj4CIiZ+V5mqwA==", "100822119610104046"),
        ("JiRFz1O/", "msgrOgSfnMEK1ZzPtcaaFg==", "张三"),
    ],
)
def test_gcm_opens_tencent_samples(ciphertext: str, tag: str, plaintext: str) -> None:
    """The sample fields in Tencent's guide open with its sample key, without context."""
    sealed = b64decode(ciphertext) + b64decode(tag)
    opened = open_gcm(b"45c3royvhyj6cavv", b64decode("bIGEqJyU+8MIJO3u"), sealed, b"")
    assert opened.decode() == plaintext
