"""Partner codes: fixed by sector, generation and mark; nothing else moves them."""

from __future__ import annotations

import base64

import pytest

from eztong.domain.partners.partner_code import PartnerCode, derive_partner_code
from eztong.gm.sm3 import hmac_sm3

MARK = bytes(range(36))


def code(
    *, key: bytes = b"k" * 32, sector: str = "sector-hotel", generation: bytes = b"1", mark: bytes = MARK
) -> PartnerCode:
    """Derive a code."""
    return derive_partner_code(
        mac=lambda data: hmac_sm3(key, data), sector_id=sector, generation=generation, eid_mark=mark
    )


def test_the_code_is_the_one_of_the_specification() -> None:
    message = b"eztong/partner-code/v1\x00sector-hotel\x001\x00" + MARK
    assert code() == base64.b64encode(hmac_sm3(b"k" * 32, message) + b"1000").decode()
    assert len(code()) == 48


def test_the_same_facts_give_the_same_code() -> None:
    assert code() == code()


@pytest.mark.parametrize(
    "other",
    [
        code(sector="sector-game"),
        code(generation=b"2"),
        code(mark=MARK[::-1]),
        code(key=b"l" * 32),
        code(sector="sector-hotel\x001"),
    ],
)
def test_any_other_fact_gives_another_code(other: PartnerCode) -> None:
    assert other != code()
