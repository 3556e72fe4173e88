"""Tickets: what is typed by hand is understood, and what cannot be understood says so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eztong.domain.feedback.ticket import (
    MAX_WORDS,
    TicketKind,
    TicketKindMissing,
    TicketUnknown,
    WordsMissing,
    WordsTooLong,
    grouped,
    grouped_secret,
    parse_kind,
    parse_number,
    parse_secret,
    parse_words,
    spell_secret,
)


def test_words_are_kept_without_white_space_around_them() -> None:
    assert parse_words(" 一\r\n二\n") == "一\n二"
    assert parse_words("字" * MAX_WORDS) == "字" * MAX_WORDS
    with pytest.raises(WordsMissing):
        parse_words(" \n")
    with pytest.raises(WordsTooLong):
        parse_words("字" * (MAX_WORDS + 1))


def test_a_kind_is_one_of_ours() -> None:
    assert parse_kind("report") is TicketKind.REPORT
    for wrong in ("", "praise"):
        with pytest.raises(TicketKindMissing):
            parse_kind(wrong)


def test_a_number_may_be_grouped() -> None:
    assert grouped("4821093755") == "48210 93755"
    assert grouped("139****0009") == "139****0009"
    for typed in ("48210 93755", "4821 0937-55", " 4 8210\u00a093755 ", "482109\u30003755"):
        assert parse_number(typed) == "4821093755"
    for wrong in ("", "482109375", "48210937555", "482109375x"):
        with pytest.raises(TicketUnknown):
            parse_number(wrong)


@given(st.binary(min_size=10, max_size=10))
def test_a_secret_is_read_back_however_it_is_written_down(random: bytes) -> None:
    secret = spell_secret(random)
    assert len(secret) == 16
    assert parse_secret(grouped_secret(secret)) == secret
    assert parse_secret(secret.lower()) == secret
    assert parse_secret(secret.replace("0", "O").replace("1", "l")) == secret


def test_different_secrets_are_spelt_differently() -> None:
    assert spell_secret(bytes(10)) == "0" * 16
    assert spell_secret(b"\xff" * 10) == "Z" * 16
    assert spell_secret(bytes(9) + b"\x01") == "0" * 15 + "1"
    with pytest.raises(ValueError, match="ten bytes"):
        spell_secret(bytes(9))


@pytest.mark.parametrize("wrong", ["", "0" * 15, "0" * 17, "U" * 16, "0" * 15 + "é"])
def test_what_is_no_secret_is_unknown(wrong: str) -> None:
    with pytest.raises(TicketUnknown):
        parse_secret(wrong)
