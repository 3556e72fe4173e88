"""A form passes with the token of its own browser only; keys may be rotated under it."""

from collections.abc import Sequence
from typing import cast

import pytest

from eztong.gm.sm3 import hmac_sm3
from eztong.http.csrf import FormForged, check_csrf, csrf_token
from eztong.ports.keys import Keys, MacPurpose

TOKEN = "A" * 43


class TwoKeys:
    """The part of the keys port that forms need: a session key, and the ones before it."""

    def __init__(self, active: bytes, *retiring: bytes) -> None:
        self.keys = (active, *retiring)

    def mac(self, purpose: MacPurpose, data: bytes) -> bytes:
        return self.macs(purpose, data)[0]

    def macs(self, purpose: MacPurpose, data: bytes) -> Sequence[bytes]:
        return [hmac_sm3(key + purpose.value.encode(), data) for key in self.keys]


OLD = cast("Keys", TwoKeys(b"old"))
ROTATED = cast("Keys", TwoKeys(b"new", b"old"))
OTHER = cast("Keys", TwoKeys(b"other"))


def test_the_own_token_passes() -> None:
    check_csrf(csrf_token(TOKEN, keys=OLD), session_token=TOKEN, keys=OLD)


def test_a_page_from_before_a_rotation_passes() -> None:
    check_csrf(csrf_token(TOKEN, keys=OLD), session_token=TOKEN, keys=ROTATED)


@pytest.mark.parametrize(
    "presented", ["", "00", "x" * 64, "é" * 64, csrf_token("B" * 43, keys=OLD), csrf_token(TOKEN, keys=OTHER)]
)
def test_anything_else_does_not(presented: str) -> None:
    with pytest.raises(FormForged):
        check_csrf(presented, session_token=TOKEN, keys=OLD)


def test_nothing_passes_without_the_cookie() -> None:
    with pytest.raises(FormForged):
        check_csrf(csrf_token(TOKEN, keys=OLD), session_token=None, keys=OLD)


def test_the_token_does_not_give_the_session_away() -> None:
    assert TOKEN not in csrf_token(TOKEN, keys=OLD)
    assert csrf_token(TOKEN, keys=OLD) != hmac_sm3(b"oldsession", b"session\x00" + TOKEN.encode()).hex()
