"""E-mail addresses as mailboxes have them, and nothing that could become a header or another receiver."""

from __future__ import annotations

import pytest

from eztong.domain.identity.email_address import MAX_LENGTH, EmailInvalid, mask_email, parse_email


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("li@example.org", "li@example.org"),
        (" Li.Si+eid@Mail.EXAMPLE.cn\n", "Li.Si+eid@mail.example.cn"),
        ("ｌｉ＠ｅｘａｍｐｌｅ．ｏｒｇ", "li@example.org"),
    ],
)
def test_an_address_is_read_with_its_host_in_small_letters(typed: str, read: str) -> None:
    found = parse_email(typed)
    assert found.value == read
    assert read not in repr(found)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "li",
        "@example.org",
        "li@",
        "li@localhost",
        "li@example.org, wang@example.org",
        "li@example.org\nBcc: wang@example.org",
        '"li si"@example.org',
        "li@[127.0.0.1]",
        "li..si@example.org",
        "li@-example.org",
        "李@example.org",
        f"{'l' * 65}@example.org",
        f"li@{'a.' * MAX_LENGTH}org",
    ],
)
def test_what_is_no_single_plain_address_is_refused(typed: str) -> None:
    with pytest.raises(EmailInvalid):
        parse_email(typed)


def test_a_mask_shows_where_it_is_and_not_whose() -> None:
    assert mask_email("li.si@example.org") == "l***@example.org"
