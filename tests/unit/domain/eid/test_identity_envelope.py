"""The identity envelope opens with other implementations, in both layouts, and with every padding rule."""

from __future__ import annotations

import base64
import json

import gmalg
import pytest

from eztong.domain.eid.identity_envelope import PointPrefix, ReleasedIdentity, render_user_info, seal_identity
from eztong.gm.dangerous import dangerous_sm4_ecb_decrypt
from eztong.gm.errors import KeyInvalid
from eztong.gm.sm2 import DEFAULT_USER_ID, PrivateKey
from eztong.gm.sm2_encrypt import decrypt, raw_to_der

SCALAR = 2**255 + 12345
SESSION_KEY = bytes(range(16))
IDENTITY = ReleasedIdentity("张三", "11010519491231002X")
FIELDS = {"name": "张三", "idtype": "01", "idnum": "11010519491231002X"}


def opened_with_gmalg(des_key: str, user_info: str, *, prefix: PointPrefix) -> bytes:
    """Open an envelope with gmalg alone, which wants the leading 04."""
    sm2 = gmalg.SM2(SCALAR.to_bytes(32, "big"), DEFAULT_USER_ID)
    sealed = base64.b64decode(des_key)
    key = sm2.decrypt(sealed if prefix is PointPrefix.UNCOMPRESSED else b"\x04" + sealed)
    sm4 = gmalg.SM4(key)
    data = base64.b64decode(user_info)
    return b"".join(sm4.decrypt(data[start : start + 16]) for start in range(0, len(data), 16))


@pytest.mark.parametrize("prefix", PointPrefix)
def test_gmalg_opens_the_envelope(prefix: PointPrefix) -> None:
    public_key = PrivateKey.from_scalar(SCALAR).public_key()
    sealed = seal_identity(IDENTITY, to=public_key, session_key=SESSION_KEY, point_prefix=prefix)
    assert json.loads(opened_with_gmalg(sealed.des_key, sealed.user_info, prefix=prefix)) == FIELDS


@pytest.mark.parametrize(("prefix", "size"), [(PointPrefix.UNCOMPRESSED, 113), (PointPrefix.NONE, 112)])
def test_the_session_key_is_sealed_in_the_layout_that_was_chosen(prefix: PointPrefix, size: int) -> None:
    private_key = PrivateKey.from_scalar(SCALAR)
    sealed = seal_identity(IDENTITY, to=private_key.public_key(), session_key=SESSION_KEY, point_prefix=prefix)
    raw = base64.b64decode(sealed.des_key)
    assert len(raw) == size
    assert decrypt(private_key, raw_to_der(raw)) == SESSION_KEY


def test_another_key_does_not_open_the_user_info() -> None:
    public_key = PrivateKey.from_scalar(SCALAR).public_key()
    sealed = seal_identity(IDENTITY, to=public_key, session_key=SESSION_KEY, point_prefix=PointPrefix.NONE)
    wrong = dangerous_sm4_ecb_decrypt(bytes(16), base64.b64decode(sealed.user_info))
    assert b"name" not in wrong


@pytest.mark.parametrize("length", range(1, 34))
def test_the_filled_text_is_whole_blocks_valid_pkcs7_and_json(length: int) -> None:
    filled = render_user_info(ReleasedIdentity("甲" * length, "11010519491231002X"))
    assert len(filled) % 16 == 0
    assert filled[-10:] == b"\n" * 10
    assert filled[-11:-10] == b"}"
    assert json.loads(filled) == json.loads(filled[: -filled[-1]])
    assert json.loads(filled)["name"] == "甲" * length


def test_a_session_key_of_another_length_is_refused() -> None:
    public_key = PrivateKey.from_scalar(SCALAR).public_key()
    with pytest.raises(KeyInvalid):
        seal_identity(IDENTITY, to=public_key, session_key=b"short", point_prefix=PointPrefix.NONE)


def test_a_released_identity_hides_the_person_when_printed() -> None:
    assert "张三" not in repr(IDENTITY)
