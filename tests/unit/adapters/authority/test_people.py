"""The invented people: complete, valid, distinct, and recognised by computing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eztong.adapters.authority.eid_mark import EidMarkKey
from eztong.adapters.authority.personas import (
    PERSONAS,
    ExpectedKind,
    find_by_number,
    personas_with_number,
)
from eztong.adapters.authority.synthetic import SYNTHETIC_CITIZENS, synthetic_citizen, synthetic_name
from eztong.domain.identity.citizen_number import NumberCheckDigitWrong, NumberKindOff, parse_citizen_number
from eztong.domain.identity.phone import parse_phone
from eztong.domain.identity.real_name import parse_real_name
from eztong.domain.registration import Reason
from eztong.gm.errors import KeyInvalid

TODAY = date(2026, 1, 15)
OF_THE_POLICY = {
    ExpectedKind.RESTRICTED,
    ExpectedKind.REFUSED,
    ExpectedKind.UNDER_REVIEW,
    ExpectedKind.SUPPLEMENT,
}
indices = st.integers(min_value=0, max_value=SYNTHETIC_CITIZENS - 1)


def test_the_cast_is_complete() -> None:
    """P01 to P32 and X1 to X6, in order."""
    assert list(PERSONAS) == [f"P{n:02d}" for n in range(1, 33)] + [f"X{n}" for n in range(1, 7)]


@pytest.mark.parametrize("key", [key for key in PERSONAS if key != "X1"])
def test_personas_have_valid_data(key: str) -> None:
    """Number, names and phone pass our own parsers, typed as the page says."""
    persona = PERSONAS[key]
    typed = parse_citizen_number(persona.number_as_typed, today=TODAY, accept_foreigners=True)
    assert typed.value == persona.number
    assert parse_real_name(persona.name).is_readable
    assert all(parse_real_name(entry.name).is_readable for entry in persona.names_on_file)
    assert parse_phone(persona.phone).value == persona.phone


def test_invalid_numbers_are_invalid_as_stated() -> None:
    """X1's check digit is wrong; X5 is a foreigner's card, which is switched off by default."""
    with pytest.raises(NumberCheckDigitWrong) as wrong:
        parse_citizen_number(PERSONAS["X1"].number, today=TODAY)
    with pytest.raises(NumberKindOff) as off:
        parse_citizen_number(PERSONAS["X5"].number, today=TODAY)
    assert str(PERSONAS["X1"].expected) == f"input_error:{wrong.value.code}"
    assert str(PERSONAS["X5"].expected) == f"input_error:{off.value.code}"


def test_outcomes_use_the_policys_words() -> None:
    """A detail of a decided outcome is one of the policy's reasons."""
    for persona in PERSONAS.values():
        if persona.expected.kind in OF_THE_POLICY:
            assert persona.expected.detail in set(Reason)


def test_numbers_and_phones_are_of_one_persona_each() -> None:
    """Only X6 shares a number, with P02; no phone is shared."""
    assert [persona.key for persona in personas_with_number(PERSONAS["P02"].number)] == ["P02", "X6"]
    assert len({persona.number for persona in PERSONAS.values()}) == len(PERSONAS) - 1
    assert len({persona.phone for persona in PERSONAS.values()}) == len(PERSONAS)


def test_personas_are_found_by_number() -> None:
    """As typed or as converted; strangers are not found."""
    assert find_by_number("110000670401300") is find_by_number("110000196704013006") is PERSONAS["X2"]
    assert find_by_number("110105194912310021") is None


def test_stories_are_told_in_both_languages() -> None:
    """One sentence each, and no two alike."""
    stories = [persona.story for persona in PERSONAS.values()]
    assert all(story.zh.endswith("。") and story.en.endswith(".") for story in stories)
    assert len({story.zh for story in stories}) == len({story.en for story in stories}) == len(stories)


@given(indices)
def test_synthetic_citizens_are_valid_and_recognised(index: int) -> None:
    """Number and name pass the parsers; the name is found again from the number alone."""
    name, text = synthetic_citizen(index)
    number = parse_citizen_number(text, today=TODAY)
    assert synthetic_name(text, birth_date=number.birth_date) == name
    assert parse_real_name(name).is_readable
    assert text[2:6] == "0000"
    assert find_by_number(text) is None


@given(indices, indices)
def test_synthetic_citizens_are_distinct(one: int, other: int) -> None:
    """Different indices are different people."""
    assert (synthetic_citizen(one)[1] == synthetic_citizen(other)[1]) is (one == other)


def test_the_first_twenty_thousand_are_distinct() -> None:
    """A small load test's whole population, counted."""
    assert len({synthetic_citizen(index)[1] for index in range(20_000)}) == 20_000


@pytest.mark.parametrize("index", [-1, SYNTHETIC_CITIZENS])
def test_there_is_an_end_to_synthetic_citizens(index: int) -> None:
    """An index outside is refused rather than wrapped around."""
    with pytest.raises(ValueError, match="synthetic citizens"):
        synthetic_citizen(index)


def test_synthetic_people_do_not_change() -> None:
    """Installations agree on them: these two are fixed for good."""
    assert [synthetic_citizen(index) for index in (0, 123_456)] == [
        ("测平宇", "110000195001015000"),
        ("测田康", "370000198711275001"),
    ]


@pytest.mark.parametrize(
    "number", ["110000199003070492", "110101199003075003", "710000199003075003", "110000670401300"]
)
def test_others_are_no_synthetic_citizens(number: str) -> None:
    """A low order, a district's code, Taiwan's province code and an unconverted number are somebody else's."""
    assert synthetic_name(number, birth_date=date(1990, 3, 7)) is None


def test_a_short_mark_key_is_refused() -> None:
    """Numbers have few bits: only a strong key keeps marks from being guessed."""
    with pytest.raises(KeyInvalid):
        EidMarkKey(bytes(31))
