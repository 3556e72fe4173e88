"""Claims: what a partner may be told beyond «passed» (design.md rule 3). Nothing in clear beyond this list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Final

import msgspec

from eztong.domain.identity.age import is_over
from eztong.domain.identity.masking import mask_name


class Claim(StrEnum):
    """A single statement about the holder."""

    IS_PERSON = "is_person"
    AGE_OVER_14 = "age_over_14"
    AGE_OVER_16 = "age_over_16"
    AGE_OVER_18 = "age_over_18"
    MASKED_NAME = "masked_name"


AGE_CLAIMS: Mapping[Claim, int] = {Claim.AGE_OVER_14: 14, Claim.AGE_OVER_16: 16, Claim.AGE_OVER_18: 18}


class Withheld(StrEnum):
    """Why a wanted claim was not told."""

    NOT_GRANTED = "not_granted"


class Release(msgspec.Struct, frozen=True):
    """What leaves, and what was wanted but stays."""

    told: Mapping[Claim, bool | str]
    withheld: Mapping[Claim, Withheld]


PERSON_ALONE: Final = frozenset({Claim.IS_PERSON})
"""What is wanted where nothing more is; it needs no grant and opens nothing."""

ONLY_A_PERSON: Final = Release({Claim.IS_PERSON: True}, {})


class IdentityReader(msgspec.Struct, frozen=True):
    """Opens sealed identity fields only when a claim needs them."""

    birth_date: Callable[[], date]
    name: Callable[[], str]


def release_claims(
    wants: frozenset[Claim], *, granted: frozenset[Claim], identity: IdentityReader, now: datetime
) -> Release:
    """Decide which wanted claims leave. ``is_person`` always does; the others need a live grant."""
    told: dict[Claim, bool | str] = {Claim.IS_PERSON: True}
    withheld: dict[Claim, Withheld] = {}
    for claim in wants - {Claim.IS_PERSON}:
        if claim not in granted:
            withheld[claim] = Withheld.NOT_GRANTED
        elif claim is Claim.MASKED_NAME:
            told[claim] = mask_name(identity.name())
        else:
            told[claim] = is_over(identity.birth_date(), AGE_CLAIMS[claim], now=now)
    return Release(told, withheld)
