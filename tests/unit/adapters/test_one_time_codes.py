"""One-time codes are those of RFC 6238, and only those around now count."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from eztong.adapters.one_time_codes import TotpCodes
from tests.unit.usecases.fakes import SetClock

KEY = b"12345678901234567890"
AT = datetime(2026, 1, 15, 1, 0, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "digits"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_vectors_of_rfc_6238_appendix_b_hold(seconds: int, digits: str) -> None:
    assert TotpCodes(SetClock()).code_of(KEY, seconds // 30) == digits[-6:]


@pytest.mark.parametrize(("around", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_codes_of_the_half_minute_before_and_after_count(around: int, *, is_taken: bool) -> None:
    codes = TotpCodes(SetClock(AT))
    step = codes.step() + around
    assert codes.step_of(KEY, codes.code_of(KEY, step)) == (step if is_taken else None)


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "一二三四五六", "abcdef"])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert TotpCodes(SetClock(AT)).step_of(KEY, typed) is None


def test_an_app_reads_name_issuer_and_key_from_the_address() -> None:
    address = urlsplit(TotpCodes(SetClock(AT)).address(KEY, operator="li.na", issuer="示范市 eID"))
    asked = parse_qs(address.query)
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert asked["secret"] == ["GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"]
    assert asked["issuer"] == ["示范市 eID"]
