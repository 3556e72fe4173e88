"""The citizen number, GB 11643-1999, and the document numbers of the same shape.

Eighteen characters: 6 region, 8 birth date, 3 order (the last of them odd for a man, even for a
woman) and one ISO 7064 MOD 11-2 check character. ``parse_citizen_number`` is the only way in:

1. normalise: drop spaces, full-width to ASCII, ``x`` to ``X``; refuse look-alike letters;
2. recognise the kind of number by length and first characters;
3. check region, birth date and check digit, the most telling error first;
4. last, ask whether this deployment takes that kind of document.

A well-formed number is not a person: whether it exists, and whose it is, only the authority says.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from typing_extensions import override

from eztong.domain.errors import InputInvalid
from eztong.domain.identity.check_digits import CheckDigitWrong, check_mod_11_2, mod_11_2_digit
from eztong.domain.identity.regions import HONG_KONG_RESIDENCE, MACAU_RESIDENCE, PROVINCES, TAIWAN_RESIDENCE

LENGTH: Final = 18
"""Characters of a citizen number."""

LEGACY_LENGTH: Final = 15
"""Digits of a number of the first generation, without century and check digit."""

EARLIEST_BIRTH: Final = date(1800, 1, 1)
"""Before this a birth date is a typing error: the first numbers were issued in the 1980s."""

_ALLOWED = re.compile(r"[0-9]*X?")
_FOREIGNER_2017 = re.compile(r"[A-Z]{3}[0-9]{12}")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
# NFKC folds none of these to a Latin X, nor these letters to digits; and guessing would be wrong.
_LOOK_ALIKES = frozenset("ХхΧχ×✕✖╳Ⅹⅹㄨ乂OoОоΟοIlІ")
# In the first generation these orders marked people born before 1900: the century is not 19.
_LEGACY_CENTENARIANS = frozenset({"996", "997", "998", "999"})


class DocumentType(StrEnum):
    """Whose document the number is on. The values are stored and hashed: they never change.

    ``01`` is the eID services' own code for the resident identity card, the only one they list as
    live; the two-letter values are ours, so that they can never meet a later official digit code.
    """

    RESIDENT_ID = "01"
    """居民身份证."""

    HK_MACAU_RESIDENCE = "HM"
    """港澳居民居住证, region 810000 or 820000."""

    TAIWAN_RESIDENCE = "TW"
    """台湾居民居住证, region 830000."""

    FOREIGNER_PERMANENT_RESIDENCE = "FP"
    """外国人永久居留身份证 as issued since 2023-12-01, 18 characters starting with 9."""


class Sex(StrEnum):
    """The sex that the 17th character states."""

    FEMALE = "female"
    MALE = "male"


class NumberInvalid(InputInvalid):
    """The text is no number this service can take; the subclass says why."""

    code = "number_invalid"
    advice = "Compare the number with the card and type it again."


class NumberLookAlike(NumberInvalid):
    """A character only looks like the right one.

    Cause: a Cyrillic, Greek or mathematical X, or a letter O, I or l for a digit.
    What to do: 最后一位请输入大写字母 X; type every other place as a digit.
    """

    code = "number_lookalike"
    advice = "If the last character is X type the Latin letter X; everything else is a digit 0 to 9."


class NumberCharacter(NumberInvalid):
    """Something other than digits and a last X is in the number.

    Cause: Chinese text, punctuation or a letter was typed or pasted along.
    What to do: type the characters on the card only.
    """

    code = "number_character"
    advice = "Type only the digits on the card, and X if it is the last character."


class NumberLength(NumberInvalid):
    """The number has neither 18 characters nor the 15 of the first generation.

    Cause: a digit is missing or was typed twice.
    What to do: type all 18 characters on the card.
    """

    code = "number_length"
    advice = "Type all 18 characters of the number."


class NumberRegion(NumberInvalid):
    """The first digits are no province's, nor those of a residence permit.

    Cause: a slip in the first six digits.
    What to do: compare the first six digits with the card.
    """

    code = "number_region"
    advice = "Compare the first six digits with the card."


class NumberDate(NumberInvalid):
    """The birth date in the number does not exist, lies in the future or before 1800.

    Cause: a slip in digits 7 to 14.
    What to do: compare digits 7 to 14 with the birth date on the card.
    """

    code = "number_date"
    advice = "Compare digits 7 to 14 with the birth date on the card."


class NumberCheckDigitWrong(NumberInvalid):
    """The last character does not fit the 17 before it.

    Cause: any one character is wrong, or two neighbours are swapped.
    What to do: read the number again, character by character.
    """

    code = "number_check_digit"
    advice = "One character is wrong or two are swapped: read the number again."


class NumberLegacyCentenarian(NumberInvalid):
    """A 15-digit number of somebody born before 1900 cannot be converted.

    Cause: orders 996 to 999 mark them, so putting 19 before the year would make another number.
    What to do: type the 18 characters of the present card.
    """

    code = "number_legacy_centenarian"
    advice = "Type the 18-character number of the present card."


class NumberKindOff(NumberInvalid):
    """The number is well formed, but of a document this deployment does not take.

    Cause: residence permits or foreigners' cards are switched off here.
    What to do: use a resident identity card, or ask the operator for another way.
    """

    code = "number_kind_off"
    advice = "This kind of document is not accepted here; ask the operator for another way."


class NumberForeigner2017(NumberInvalid):
    """The 15-character number of a foreigner's permanent residence card of 2017.

    It states neither century nor sex and changes with the 2023 card, so no account can be rooted
    in it, whether or not foreigners are accepted.
    What to do: use the 18-digit number of the 2023 card.
    """

    code = "number_foreigner_2017"
    advice = "Numbers of the 2017 card are not accepted; use the 18-digit number of the 2023 card."


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CitizenNumber:
    """A well-formed number, as ``parse_citizen_number`` verified it. Printing it shows nothing.

    Two are equal when their 18 characters are, however they were typed.
    """

    value: str
    """Eighteen characters: digits, the last perhaps a capital ``X``."""

    document_type: DocumentType
    birth_date: date
    sex: Sex

    legacy: bool = field(default=False, compare=False)
    """Converted from a 15-digit number: worth telling the person and the authority."""

    @override
    def __repr__(self) -> str:
        """Hide the number and the birth date: neither may reach a log."""
        return "CitizenNumber(***)"


def parse_citizen_number(
    text: str,
    *,
    today: date,
    accept_hk_macau_taiwan: bool = True,
    accept_foreigners: bool = False,
) -> CitizenNumber:
    """Return the number in ``text``, normalised and checked on the Shanghai day ``today``.

    Raises:
        NumberLookAlike: a foreign letter stands for X or for a digit.
        NumberCharacter: something else that is neither digit nor a last X.
        NumberLength: not 18 characters, nor 15.
        NumberRegion: the first digits belong to no province and no permit.
        NumberDate: no such day, later than ``today`` or before 1800.
        NumberCheckDigitWrong: the check character does not fit.
        NumberLegacyCentenarian: a 15-digit number whose century is unknown.
        NumberForeigner2017: a 2017 foreigner's number, never accepted.
        NumberKindOff: a well-formed number of a kind that is switched off.
    """
    value, legacy = _eighteen(_normalised(text))
    document_type = _document_type_of(value)
    if legacy and document_type is not DocumentType.RESIDENT_ID:
        # The first generation ended long before there were residence permits of this shape.
        raise NumberRegion
    birth_date = _birth_date_of(value, today=today)
    try:
        check_mod_11_2(value)
    except CheckDigitWrong as wrong:
        raise NumberCheckDigitWrong from wrong
    if document_type not in types_taken(
        accept_hk_macau_taiwan=accept_hk_macau_taiwan, accept_foreigners=accept_foreigners
    ):
        raise NumberKindOff
    sex = Sex.MALE if int(value[16]) % 2 else Sex.FEMALE
    return CitizenNumber(
        value=value,
        document_type=document_type,
        birth_date=birth_date,
        sex=sex,
        legacy=legacy,
    )


def parse_number_of_any_kind(text: str, *, today: date) -> CitizenNumber:
    """Return the number in ``text``, also of a kind that is switched off: who was taken before keeps every way in.

    Raises:
        NumberInvalid: it can be nobody's, as :func:`parse_citizen_number` says.
    """
    return parse_citizen_number(text, today=today, accept_hk_macau_taiwan=True, accept_foreigners=True)


def types_taken(*, accept_hk_macau_taiwan: bool, accept_foreigners: bool) -> frozenset[DocumentType]:
    """Return the kinds of document that an installation with these two switches takes."""
    taken = {DocumentType.RESIDENT_ID}
    if accept_hk_macau_taiwan:
        taken |= {DocumentType.HK_MACAU_RESIDENCE, DocumentType.TAIWAN_RESIDENCE}
    if accept_foreigners:
        taken.add(DocumentType.FOREIGNER_PERMANENT_RESIDENCE)
    return frozenset(taken)


def _normalised(text: str) -> str:
    """Fold what is only a way of typing; refuse what only looks right."""
    visible = "".join(char for char in text if not _is_invisible(char))
    number = visible.translate(_FULL_WIDTH)
    if _FOREIGNER_2017.fullmatch(number.upper()) and number.isascii():
        raise NumberForeigner2017
    if not _LOOK_ALIKES.isdisjoint(number):
        raise NumberLookAlike
    number = number.replace("x", "X")
    if not _ALLOWED.fullmatch(number):
        raise NumberCharacter
    return number


def _is_invisible(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) == "Cf"


def _eighteen(number: str) -> tuple[str, bool]:
    """Return the 18-character form and whether it had to be converted."""
    if len(number) == LEGACY_LENGTH and number.isdigit():
        if number[-3:] in _LEGACY_CENTENARIANS:
            raise NumberLegacyCentenarian
        body = f"{number[:6]}19{number[6:]}"
        return body + mod_11_2_digit(body), True
    if len(number) != LENGTH:
        raise NumberLength
    return number, False


def _document_type_of(value: str) -> DocumentType:
    region = value[:6]
    if region in {HONG_KONG_RESIDENCE, MACAU_RESIDENCE}:
        return DocumentType.HK_MACAU_RESIDENCE
    if region == TAIWAN_RESIDENCE:
        return DocumentType.TAIWAN_RESIDENCE
    if value[0] == "9" and value[1:3] in PROVINCES:
        # Digits 4 to 6 are the nationality, ISO 3166-1 numeric; the authority judges it.
        return DocumentType.FOREIGNER_PERMANENT_RESIDENCE
    if value[:2] in PROVINCES:
        return DocumentType.RESIDENT_ID
    raise NumberRegion


def _birth_date_of(value: str, *, today: date) -> date:
    try:
        born = date(int(value[6:10]), int(value[10:12]), int(value[12:14]))
    except ValueError:
        # The chained text would name the day: part of the number.
        raise NumberDate from None
    if not EARLIEST_BIRTH <= born <= today:
        raise NumberDate
    return born
