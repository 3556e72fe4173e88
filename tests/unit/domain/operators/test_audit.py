"""What an entry of the audit says it was done to: an id, never what somebody typed about a person."""

from __future__ import annotations

import pytest

from eztong.domain.operators.audit import TYPED, plain_subject


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "hld_01KF0000000000000000000000",
        "li.na",
        "li@hotel",
        "front-desk",
        "1234567890",
        "/partner/people/li/role",
        "operator=li*&what=sign_in&from=2026-03-05",
    ],
)
def test_ids_and_names_of_ours_stand_as_they_are(subject: str) -> None:
    assert plain_subject(subject) == subject


@pytest.mark.parametrize(
    "typed",
    [
        "张三",
        "zhang san",
        "11000019900307001X",
        "11000019900307001x",
        "110000199003070018",
        "110000900307001",
        "13900001111",
        "+8613900001111",
        "86-13900001111",
        "/partner/people/13900001111/role",
        "subject=13900001111&what=sign_in",
        "li.na@example.com",
        "=cmd\x00",
        "li\nna",
        "a" * 501,
    ],
)
def test_what_may_be_a_persons_is_left_out(typed: str) -> None:
    assert plain_subject(typed) == TYPED
