"""Encrypted parameters: the four published values, and both key wraps as integrators' libraries make them."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import UTC, datetime

import gmalg
import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.keys.keyring import FileKeyring, create_keyring
from eztong.domain.eid.encrypted_input import InputAlgorithm, InputUnreadable, parse_encrypted_input
from eztong.gm.sm2 import PublicKey
from eztong.ports.keys import InputPurpose
from eztong.tencentcloud.transport.errors import TencentError
from eztong.tencentcloud.transport.input_encryption import read_encrypted

PLAIN = {"IdCard": "100822119610104046", "Name": "张三"}
AES_KEY = b"1abrmh7jz83awn4585vzujiyxbhi5wsd"
AES_IV = "t9Uf9QJ50B0uHhE26JLNxw=="
AES = {"IdCard": "H+ZwsBfYVgbBWaHStriUV2GF0wX7MzYy0XMWNKZjZjQ=", "Name": "IS6wLE153MfBr639hqWmUQ=="}
SM4_KEY = b"45c3royvhyj6cavv"
SM4_IV = "bIGEqJyU+8MIJO3u"
SM4 = {"IdCard": "8qjVE9kEqW7R3x3Nd5AM5PDb", "Name": "JiRFz1O/"}
SM4_TAGS = {"IdCard": "wMyiG6JUzj4CIiZ+V5mqwA==", "Name": "msgrOgSfnMEK1ZzPtcaaFg=="}
ENCRYPTABLE = frozenset(PLAIN)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> FileKeyring:
    folder = tmp_path_factory.mktemp("keys") / "ring"
    start = datetime(2026, 1, 15, 1, tzinfo=UTC)
    return create_keyring(folder / "keyring.json", folder / "root.key", entropy=SystemEntropy(), now=start)


def spki(keys: FileKeyring, purpose: InputPurpose) -> bytes:
    return next(key.spki for key in keys.input_keys() if key.purpose is purpose)


def rsa_wrapped(keys: FileKeyring, session_key: bytes) -> str:
    public = load_der_public_key(spki(keys, InputPurpose.RSA))
    assert isinstance(public, RSAPublicKey)
    return base64.b64encode(public.encrypt(session_key, PKCS1v15())).decode()


def sm2_wrapped(keys: FileKeyring, session_key: bytes) -> str:
    """Wrap with another implementation: C1C3C2 with its leading 04."""
    point = PublicKey.from_spki(spki(keys, InputPurpose.SM2)).point()
    return base64.b64encode(gmalg.SM2(pk=point).encrypt(session_key)).decode()


def aes_call(keys: FileKeyring, **changes: object) -> dict[str, object]:
    envelope = {"EncryptList": ["IdCard", "Name"], "CiphertextBlob": rsa_wrapped(keys, AES_KEY), "Iv": AES_IV}
    return {**AES, "Encryption": envelope | changes}


def sm4_call(keys: FileKeyring, **changes: object) -> dict[str, object]:
    envelope = {
        "EncryptList": ["Name", "IdCard"],
        "CiphertextBlob": sm2_wrapped(keys, SM4_KEY),
        "Iv": SM4_IV,
        "Algorithm": "SM4-GCM",
        "TagList": [SM4_TAGS["Name"], SM4_TAGS["IdCard"]],
    }
    return {**SM4, "Encryption": envelope | changes}


def opened(params: Mapping[str, object], keys: FileKeyring) -> dict[str, object]:
    return read_encrypted(params, encryptable=ENCRYPTABLE, keys=keys).params()


def refused(params: Mapping[str, object], keys: FileKeyring) -> str:
    with pytest.raises(TencentError) as caught:
        opened(params, keys)
    return caught.value.code


def test_the_published_aes_values_open() -> None:
    found = parse_encrypted_input(InputAlgorithm.AES_256_CBC, iv=AES_IV, values=list(AES.values()), tags=())
    assert found.open(AES_KEY) == list(PLAIN.values())


def test_the_published_sm4_values_open() -> None:
    tags = list(SM4_TAGS.values())
    found = parse_encrypted_input(InputAlgorithm.SM4_GCM, iv=SM4_IV, values=list(SM4.values()), tags=tags)
    assert found.open(SM4_KEY) == list(PLAIN.values())


def test_a_raw_initial_vector_of_sixteen_characters_is_taken() -> None:
    found = parse_encrypted_input(InputAlgorithm.AES_256_CBC, iv="0123456789abcdef", values=(), tags=())
    assert found.iv == b"0123456789abcdef"


def test_both_wraps_open_in_the_order_of_the_list(keys: FileKeyring) -> None:
    more = {"VerifyMode": "1"}
    assert opened(aes_call(keys) | more, keys) == PLAIN | more
    assert opened(sm4_call(keys) | more, keys) == PLAIN | more


def test_the_flat_form_opens(keys: FileKeyring) -> None:
    call = aes_call(keys)
    envelope = call.pop("Encryption")
    assert isinstance(envelope, dict)
    assert opened(call | envelope, keys) == PLAIN


def test_nothing_encrypted_is_left_as_it_is(keys: FileKeyring) -> None:
    flat = {"CiphertextBlob": "", "EncryptList": [], "Iv": ""}
    assert opened({**PLAIN, **flat}, keys) == PLAIN


def test_a_field_that_cannot_be_encrypted_is_named_as_such(keys: FileKeyring) -> None:
    call = aes_call(keys, EncryptList=["MerchantId"])
    assert refused(call, keys) == "InvalidParameter.UnsupportEncryptField"


def test_every_way_of_being_undecryptable_has_one_code(keys: FileKeyring) -> None:
    zeros = base64.b64encode(bytes(256)).decode()
    calls = (
        aes_call(keys, CiphertextBlob=zeros),
        aes_call(keys, CiphertextBlob=rsa_wrapped(keys, AES_KEY[:16])),
        aes_call(keys, CiphertextBlob=rsa_wrapped(keys, AES_KEY[::-1])),
        aes_call(keys, CiphertextBlob=zeros[:40]),
        aes_call(keys, CiphertextBlob="?"),
        aes_call(keys, Iv="short"),
        aes_call(keys) | {"Name": AES["Name"][:-4]},
        {**AES, "Name": None, "Encryption": aes_call(keys)["Encryption"]},
        sm4_call(keys, TagList=[SM4_TAGS["IdCard"], SM4_TAGS["Name"]]),
        sm4_call(keys, TagList=[SM4_TAGS["Name"]]),
        sm4_call(keys, CiphertextBlob=rsa_wrapped(keys, SM4_KEY)),
        sm4_call(keys, CiphertextBlob=sm2_wrapped(keys, SM4_KEY[:15])),
    )
    assert {refused(call, keys) for call in calls} == {"FailedOperation.DecryptSystemError"}


def test_rsa_answers_a_wrong_padding_with_a_key_that_is_always_the_same(keys: FileKeyring) -> None:
    """Implicit rejection: neither an error nor a repetition tells that the padding was wrong."""
    for wrong in (bytes(256), bytes(255) + b"\x01", b"", b"x" * 300, bytes(2048)):
        first, second = (keys.open_input(InputPurpose.RSA, wrong)[0] for _ in range(2))
        assert (len(first), first) == (32, second)
    distinct = {bytes(keys.open_input(InputPurpose.RSA, bytes([n]) * 256)[0]) for n in range(8)}
    assert len(distinct) == 8


def test_a_session_key_in_several_rsa_blocks_is_put_together(keys: FileKeyring) -> None:
    parts = (rsa_wrapped(keys, AES_KEY[:20]), rsa_wrapped(keys, AES_KEY[20:]))
    blob = base64.b64encode(b"".join(base64.b64decode(part) for part in parts)).decode()
    assert opened(aes_call(keys, CiphertextBlob=blob), keys) == PLAIN


def test_sm2_without_the_leading_04_opens_too(keys: FileKeyring) -> None:
    raw = base64.b64encode(base64.b64decode(sm2_wrapped(keys, SM4_KEY))[1:]).decode()
    assert opened(sm4_call(keys, CiphertextBlob=raw), keys) == PLAIN


def test_what_was_wrapped_before_a_rotation_still_opens(keys: FileKeyring) -> None:
    before = (aes_call(keys), sm4_call(keys))
    later = datetime(2026, 1, 16, tzinfo=UTC)
    for purpose in InputPurpose:
        keys.rotate(purpose, entropy=SystemEntropy(), now=later)
    for call in (*before, aes_call(keys), sm4_call(keys)):
        assert opened(call, keys) == PLAIN
    with pytest.raises(InputUnreadable):
        parse_encrypted_input(InputAlgorithm.SM4_GCM, iv=AES_IV, values=(), tags=())
