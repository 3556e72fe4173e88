"""Eid flows: tokens, the way back, and codes that say what happened."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eztong.domain.codes.verification import Outcome
from eztong.domain.eid.eid_flow import (
    EID_TOKEN,
    MESSAGES,
    EidCode,
    code_of,
    comparison_of,
    eid_token_of,
    redirect_address,
)

TOKEN = "CE661F1A-0000-4000-8000-000000000000"


@given(st.binary(min_size=16, max_size=16))
def test_a_token_is_an_upper_case_uuid_of_36_characters(random: bytes) -> None:
    token = eid_token_of(random)
    assert EID_TOKEN.fullmatch(token)
    assert token == str(uuid.UUID(bytes=random, version=4)).upper()


@pytest.mark.parametrize(
    ("given_url", "address"),
    [
        ("https://m.example", f"https://m.example?token={TOKEN}"),
        ("https://m.example/cb", f"https://m.example/cb?token={TOKEN}"),
        ("https://m.example/cb?", f"https://m.example/cb?token={TOKEN}"),
        ("https://m.example/cb?o=1", f"https://m.example/cb?o=1&token={TOKEN}"),
        ("https://m.example/cb?o=1&", f"https://m.example/cb?o=1&token={TOKEN}"),
        ("https://m.example/cb?o=1#a?b", f"https://m.example/cb?o=1&token={TOKEN}#a?b"),
        ("https://m.example/#/cb", f"https://m.example/?token={TOKEN}#/cb"),
    ],
)
def test_the_token_joins_the_query_before_the_fragment(given_url: str, address: str) -> None:
    assert redirect_address(given_url, TOKEN) == address


@pytest.mark.parametrize(
    ("outcome", "reason", "code"),
    [
        (Outcome.PASSED, None, 0),
        (Outcome.NOT_PASSED, "holder_restricted", 302),
        (Outcome.NOT_PASSED, "expected_number_differs", 301),
        (Outcome.NOT_PASSED, "expected_name_differs", 2006),
        (Outcome.DECLINED, None, 17),
        (Outcome.UNAVAILABLE, None, 4),
    ],
)
def test_the_code_says_what_happened(outcome: Outcome, reason: str | None, code: int) -> None:
    assert code_of(outcome, reason) == code


def test_frozen_ended_and_switched_off_are_one_code() -> None:
    reasons = ("holder_frozen", "holder_terminated", "partner_switched_off", "something_new", None)
    assert {code_of(Outcome.NOT_PASSED, reason) for reason in reasons} == {EidCode.NO_USABLE_IDENTITY}


def test_only_a_pass_is_zero_and_every_code_has_its_words() -> None:
    assert [code for code in EidCode if code == 0] == [EidCode.PASSED]
    assert set(MESSAGES) == set(EidCode)
    assert MESSAGES[EidCode.PASSED] == "成功"


def test_what_ended_before_identities_were_compared_is_told_as_not_compared() -> None:
    compared = {code: comparison_of(code) for code in EidCode}
    assert compared[EidCode.PASSED] is EidCode.PASSED
    assert compared[EidCode.NAME_DIFFERS] is EidCode.NAME_DIFFERS
    for code in (EidCode.NUMBER_DIFFERS, EidCode.NOT_LIVE, EidCode.TIMED_OUT, EidCode.NOT_FINISHED):
        assert compared[code] is EidCode.NOT_COMPARED
