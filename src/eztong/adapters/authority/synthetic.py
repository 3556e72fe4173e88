"""Synthetic citizens: as many invented people as a load test wants, without a list of them.

A number is counted out of an index; the name follows from the number. So the sandbox authority recognises each one by
computing, and no two installations disagree. The numbers cannot be anybody's: their region codes are a province's,
never issued to a person, and orders from 500 keep them apart from the personas.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from eztong.domain.identity.check_digits import mod_11_2_digit
from eztong.domain.identity.regions import PROVINCES
from eztong.gm.sm3 import sm3

_TAIWAN_PREFIX: Final = "71"
_REGIONS: Final = tuple(sorted(f"{prefix}0000" for prefix in PROVINCES if prefix != _TAIWAN_PREFIX))
_FIRST_BIRTH: Final = date(1950, 1, 1)
_LAST_BIRTH: Final = date(2005, 12, 31)
_DAYS: Final = (_LAST_BIRTH - _FIRST_BIRTH).days + 1
# Prime and no divisor of _DAYS: neighbours in index are years apart, and every day is met once a round.
_DAY_STRIDE: Final = 7919
_FIRST_ORDER: Final = 500
_ORDERS: Final = 500
_NUMBER_LENGTH: Final = 18

SYNTHETIC_CITIZENS: Final = len(_REGIONS) * _DAYS * _ORDERS
"""How many there are: about 317 million."""

_FAMILY_NAME: Final = "测"
_GIVEN_NAMES: Final = (
    "安邦诚川达恩方刚海和弘嘉建江杰静康兰乐丽林敏明宁平齐琴青清仁荣瑞"
    "山尚思松泰天田彤文希祥欣雅阳怡永宇雨玉元远云泽哲真正志中竹卓子"
)
_NAME_LABEL: Final = b"eztong/synthetic-name/v1\x00"
_LONG_NAME_SHARE: Final = 192


def synthetic_citizen(index: int) -> tuple[str, str]:
    """Return name and 18-character number of the synthetic citizen ``index``; different ones for different indices.

    Raises:
        ValueError: ``index`` is not in ``[0, SYNTHETIC_CITIZENS)``.
    """
    if not 0 <= index < SYNTHETIC_CITIZENS:
        raise ValueError(f"there are synthetic citizens 0 to {SYNTHETIC_CITIZENS - 1}")
    rest, region = divmod(index, len(_REGIONS))
    order, step = divmod(rest, _DAYS)
    birth = _FIRST_BIRTH + timedelta(days=step * _DAY_STRIDE % _DAYS)
    body = f"{_REGIONS[region]}{birth:%Y%m%d}{_FIRST_ORDER + order}"
    number = body + mod_11_2_digit(body)
    return _name_of(number), number


def synthetic_name(number: str, *, birth_date: date) -> str | None:
    """Return the name of the synthetic citizen with this valid number, or ``None`` if there is none.

    ``birth_date`` is the number's own, as ``parse_citizen_number`` read it.
    """
    if len(number) != _NUMBER_LENGTH or number[:6] not in _REGIONS:
        return None
    if not _FIRST_BIRTH <= birth_date <= _LAST_BIRTH or int(number[14:17]) < _FIRST_ORDER:
        return None
    return _name_of(number)


def _name_of(number: str) -> str:
    """Return 测 with one or, three times out of four, two given characters drawn from the number's SM3."""
    digest = sm3(_NAME_LABEL + number.encode("ascii"))
    given = [_GIVEN_NAMES[byte % len(_GIVEN_NAMES)] for byte in digest[:2]]
    return _FAMILY_NAME + "".join(given if digest[2] < _LONG_NAME_SHARE else given[:1])
