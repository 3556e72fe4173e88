"""Citizen numbers: the personas, the published samples, and one refusal per fault."""

from __future__ import annotations

from datetime import date

import pytest

from eztong.domain.errors import EztongError, InputInvalid
from eztong.domain.identity.check_digits import mod_11_2_digit
from eztong.domain.identity.citizen_number import (
    CitizenNumber,
    DocumentType,
    NumberCharacter,
    NumberCheckDigitWrong,
    NumberDate,
    NumberForeigner2017,
    NumberInvalid,
    NumberKindOff,
    NumberLegacyCentenarian,
    NumberLength,
    NumberLookAlike,
    NumberRegion,
    Sex,
    parse_citizen_number,
)

TODAY = date(2026, 1, 15)

PERSONAS = {
    "P01": "11000019900307001X",
    "P02": "110000199003080023",
    "P03": "310000198506150030",
    "P04": "310000198506160044",
    "P05": "320000194001010052",
    "P06": "330000197809090062",
    "P07": "330000197809100072",
    "P08": "440000200906010087",
    "P09": "440000201806010092",
    "P10": "440000198806010100",
    "P11": "650000199202020117",
    "P12": "650000199202030120",
    "P13": "53000019950505013X",
    "P14": "530000199505060143",
    "P15": "61000019930704015X",
    "P16": "610000199307050163",
    "P17": "110000198911110174",
    "P18": "110000198911120188",
    "P19": "110000199701010196",
    "P20": "110000199701020204",
    "P21": "110000199701030218",
    "P22": "110000199701040221",
    "P23": "110000199701050235",
    "P24": "110000199701060249",
    "P25": "110000199701070252",
    "P26": "11000020000229026X",
    "P27": "440000201201150279",
    "P28": "440000200801150286",
    "P29": "110000196001010298",
    "P30": "110000196001020306",
    "P31": "110000199107010310",
    "P32": "110000199107020324",
}
FOREIGNERS = ["932682198501010017", "911124198108030024"]


def parse(text: str) -> CitizenNumber:
    """Parse on the sandbox's date with the default policy."""
    return parse_citizen_number(text, today=TODAY)


def numbered(body: str) -> str:
    """Complete 17 digits with their check character."""
    return body + mod_11_2_digit(body)


@pytest.mark.parametrize("number", PERSONAS.values(), ids=PERSONAS.keys())
def test_every_persona_is_a_resident(number: str) -> None:
    """All sandbox people have well-formed resident numbers of 18 characters."""
    parsed = parse(number)
    assert parsed.value == number
    assert parsed.document_type is DocumentType.RESIDENT_ID
    assert parsed.birth_date.strftime("%Y%m%d") == number[6:14]
    assert not parsed.legacy


def test_the_standards_sample_says_who_it_is() -> None:
    """GB 11643-1999's sample: a woman born on 31 December 1949."""
    parsed = parse("11010519491231002X")
    assert (parsed.birth_date, parsed.sex) == (date(1949, 12, 31), Sex.FEMALE)


def test_an_odd_order_is_a_man() -> None:
    """P01's 17th digit is 1."""
    assert parse(PERSONAS["P01"]).sex is Sex.MALE


@pytest.mark.parametrize(
    "typed",
    [
        "11000019900307001x",
        " 110000 19900307 001X ",
        "110000\u300019900307\u00a0001X",
        "110000\u200b19900307\ufeff001X\u200e",
        "１１００００１９９００３０７００１Ｘ",
        "11000019900307001ｘ",
        "\t11000019900307001X\r\n",
    ],
)
def test_ways_of_typing_are_folded(typed: str) -> None:
    """Spaces, zero-width characters, full-width forms and a small x make no difference."""
    assert parse(typed) == parse(PERSONAS["P01"])


@pytest.mark.parametrize("letter", ["Х", "х", "Χ", "χ", "×", "Ⅹ"])
def test_a_foreign_x_has_its_own_error(letter: str) -> None:
    """Cyrillic, Greek and mathematical X are refused with advice, not folded."""
    with pytest.raises(NumberLookAlike):
        parse(f"11000019900307001{letter}")


@pytest.mark.parametrize("typed", ["11OOOO199003080023", "l10000199003080023"])
def test_letters_for_digits_have_the_same_error(typed: str) -> None:
    """O and l look like digits; guessing would be wrong."""
    with pytest.raises(NumberLookAlike):
        parse(typed)


@pytest.mark.parametrize(
    "typed",
    ["测一一", "1100001990030700-1X", "X10000199003080023", "110000199003080023XX", "١" * 18, "²" * 18],
)
def test_other_characters_are_refused(typed: str) -> None:
    """Only ASCII digits and one last X belong into a number."""
    with pytest.raises(NumberCharacter):
        parse(typed)


@pytest.mark.parametrize("typed", ["", "  ", "1", "1" * 14, "1" * 16, "1" * 17, "1" * 19, "1" * 14 + "X"])
def test_other_lengths_are_refused(typed: str) -> None:
    """Eighteen characters, or the fifteen digits of old, nothing else."""
    with pytest.raises(NumberLength):
        parse(typed)


@pytest.mark.parametrize(
    "region", ["000000", "100000", "160000", "240000", "660000", "720000", "810001", "830100", "900000"]
)
def test_a_region_nobody_was_registered_in_is_refused(region: str) -> None:
    """Unknown province prefixes, and permit prefixes other than the three exact codes."""
    with pytest.raises(NumberRegion):
        parse(numbered(f"{region}19900307001"))


def test_an_abolished_district_is_no_fault() -> None:
    """Only the province is judged: the four digits after it may be of any year."""
    assert parse(numbered("13999919900307001")).document_type is DocumentType.RESIDENT_ID


@pytest.mark.parametrize("day", ["20010229", "19900230", "19901301", "19900100", "00000000", "17991231", "20260116"])
def test_a_birth_date_that_cannot_be_is_refused(day: str) -> None:
    """No such day, before 1800, or later than today."""
    with pytest.raises(NumberDate):
        parse(numbered(f"110000{day}001"))


@pytest.mark.parametrize("day", ["20000229", "18000101", "20260115"])
def test_the_edges_of_possible_birth_dates_are_in(day: str) -> None:
    """A leap day, the earliest day and today itself."""
    assert parse(numbered(f"110000{day}001")).value[6:14] == day


def test_x1_has_a_wrong_check_digit() -> None:
    """Persona X1 is stopped by format, before any authority is asked."""
    with pytest.raises(NumberCheckDigitWrong):
        parse("110000199003070011")


def test_x2_is_converted_and_flagged() -> None:
    """Persona X2's 15 digits become the 18 of the present card."""
    parsed = parse("110000670401300")
    assert parsed.value == "110000196704013006"
    assert parsed.legacy
    assert parsed.sex is Sex.FEMALE


def test_a_converted_number_equals_the_one_on_the_card() -> None:
    """Matching is on the 18 characters, however they were typed."""
    assert parse("110000670401300") == parse("110000196704013006")
    assert len({parse("110000670401300"), parse("110000196704013006")}) == 1


@pytest.mark.parametrize("order", ["996", "997", "998", "999"])
def test_a_centenarians_old_number_is_not_guessed(order: str) -> None:
    """Their century was not 19: converting would make somebody else's number."""
    with pytest.raises(NumberLegacyCentenarian):
        parse(f"110000670401{order}")


@pytest.mark.parametrize("region", ["810000", "830000", "911124", "000000"])
def test_old_numbers_are_residents_only(region: str) -> None:
    """Permits came long after the 15-digit generation."""
    with pytest.raises(NumberRegion):
        parse(f"{region}670401301")


def test_an_old_number_with_an_impossible_day_is_refused() -> None:
    """Converting does not excuse the date."""
    with pytest.raises(NumberDate):
        parse("110000670431300")


@pytest.mark.parametrize(
    ("number", "document_type"),
    [
        ("810000199408230021", DocumentType.HK_MACAU_RESIDENCE),
        (numbered("82000019940823002"), DocumentType.HK_MACAU_RESIDENCE),
        ("830000199201300022", DocumentType.TAIWAN_RESIDENCE),
    ],
)
def test_residence_permits_are_a_switch(number: str, document_type: DocumentType) -> None:
    """X3, X4 and Macau: taken by default with their type, refused once switched off."""
    assert parse(number).document_type is document_type
    with pytest.raises(NumberKindOff):
        parse_citizen_number(number, today=TODAY, accept_hk_macau_taiwan=False)


@pytest.mark.parametrize("number", FOREIGNERS)
def test_foreigners_are_off_until_switched_on(number: str) -> None:
    """X5 and the other official sample are recognised, and refused by default."""
    with pytest.raises(NumberKindOff):
        parse(number)
    parsed = parse_citizen_number(number, today=TODAY, accept_foreigners=True)
    assert parsed.document_type is DocumentType.FOREIGNER_PERMANENT_RESIDENCE


def test_the_official_foreign_sample_says_who_it_is() -> None:
    """Born on 1 January 1985, an odd order."""
    parsed = parse_citizen_number(FOREIGNERS[0], today=TODAY, accept_foreigners=True)
    assert (parsed.birth_date, parsed.sex) == (date(1985, 1, 1), Sex.MALE)


def test_a_foreigner_of_no_province_is_refused() -> None:
    """Digits 2 and 3 are the province applied in."""
    with pytest.raises(NumberRegion):
        parse_citizen_number(numbered("90068219850101001"), today=TODAY, accept_foreigners=True)


def test_a_slip_in_a_foreign_number_is_told_first() -> None:
    """What is mistyped is told before what is not accepted."""
    with pytest.raises(NumberCheckDigitWrong):
        parse("932682198501010018")


@pytest.mark.parametrize("typed", ["OMN310185010112", "usa110080010199", "ＵＳＡ110080010199"])
@pytest.mark.parametrize("accept_foreigners", [False, True])
def test_the_2017_foreign_number_has_its_own_error(typed: str, *, accept_foreigners: bool) -> None:
    """Three letters and twelve digits are recognised and never taken."""
    with pytest.raises(NumberForeigner2017):
        parse_citizen_number(typed, today=TODAY, accept_foreigners=accept_foreigners)


def test_printing_a_number_shows_nothing() -> None:
    """Neither repr, str nor format reveals number or birth date."""
    parsed = parse(PERSONAS["P01"])
    assert {repr(parsed), str(parsed), f"{parsed}"} == {"CitizenNumber(***)"}


def test_document_type_values_never_change() -> None:
    """They are hashed into identity marks."""
    assert {kind.name: kind.value for kind in DocumentType} == {
        "RESIDENT_ID": "01",
        "HK_MACAU_RESIDENCE": "HM",
        "TAIWAN_RESIDENCE": "TW",
        "FOREIGNER_PERMANENT_RESIDENCE": "FP",
    }


def test_error_codes_never_change() -> None:
    """Doors and translations hang on them."""
    assert {kind.code for kind in NumberInvalid.__subclasses__()} == {
        "number_lookalike",
        "number_character",
        "number_length",
        "number_region",
        "number_date",
        "number_check_digit",
        "number_legacy_centenarian",
        "number_kind_off",
        "number_foreigner_2017",
    }
    assert issubclass(NumberInvalid, InputInvalid)


@pytest.mark.parametrize(
    "typed", ["11000019900307001Х", "110000199013070013", "110000199003070011", "932682198501010017"]
)
def test_no_error_repeats_the_number(typed: str) -> None:
    """Messages may be logged: no four digits of the number in a row, nor in a chained cause."""
    with pytest.raises(EztongError) as raised:
        parse(typed)
    messages = f"{raised.value} {raised.value.__cause__}"
    assert not any(typed[at : at + 4] in messages for at in range(len(typed) - 3))
