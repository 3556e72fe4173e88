"""Questions about a person that are answered without that person's act: companions of an identity service.

They stand outside the rule that nothing is answered without the holder (design rule 2), so each merchant needs the
operator's leave (ADR 0023). An answer says whether what the partner has already fits together; it tells nothing new
but a carrier and an age band.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from eztong.domain.errors import NotPermitted, TooMany
from eztong.domain.identifiers import PartnerId
from eztong.domain.identity.authority_answer import AuthorityVerdict
from eztong.domain.identity.phone import Phone

DAILY_ATTEMPTS: Final = 10
"""Questions about one person by one partner on one Shanghai day: more would be guessing."""


class CompanionsOff(NotPermitted):
    """The partner has no merchant that may ask about people without their own act."""

    code = "companions_off"
    advice = "Ask the operator to allow companion actions for a merchant, or open a flow that the person answers."


class AskedTooOften(TooMany):
    """The partner asked about this person as often as a day allows."""

    code = "asked_too_often"
    advice = "Ask again tomorrow, or open a flow that the person answers."


class Finding(StrEnum):
    """What came of a question. ``SOURCE_ERROR`` is never a mismatch: nothing was decided."""

    MATCH = "match"
    MISMATCH = "mismatch"
    ADULT = "adult"
    MINOR = "minor"
    NUMBER_INVALID = "number_invalid"
    NAME_INVALID = "name_invalid"
    PHONE_INVALID = "phone_invalid"
    VALIDITY_INVALID = "validity_invalid"
    IDENTITY_INVALID = "identity_invalid"
    NO_RECORD = "no_record"
    SEGMENT_UNSUPPORTED = "segment_unsupported"
    SOURCE_ERROR = "source_error"
    DAILY_LIMIT = "daily_limit"


class PhoneMismatch(StrEnum):
    """Which of the three does not fit the line's owner, in the contract's words."""

    NUMBER = "PhoneIdCardMismatch"
    NAME = "PhoneNameMismatch"
    BOTH = "PhoneNameIdCardMismatch"


class Carrier(StrEnum):
    """Whose number segment a phone is in, as the contract names it."""

    MOBILE = "移动"
    TELECOM = "电信"
    UNICOM = "联通"


# fmt: off
_SEGMENTS: Final = {
    Carrier.MOBILE: frozenset({
        "134", "135", "136", "137", "138", "139", "147", "148", "150", "151", "152", "157", "158", "159", "165", "172",
        "178", "182", "183", "184", "187", "188", "195", "197", "198",
    }),
    Carrier.TELECOM: frozenset({
        "133", "149", "153", "162", "173", "174", "177", "180", "181", "189", "190", "191", "193", "199",
    }),
    Carrier.UNICOM: frozenset({
        "130", "131", "132", "140", "145", "146", "155", "156", "166", "167", "171", "175", "176", "185", "186", "196",
    }),
}
# 170 is shared by the carriers' resellers; the fourth digit tells.
_SHARED: Final = {
    **dict.fromkeys(("1700", "1701", "1702"), Carrier.TELECOM),
    **dict.fromkeys(("1703", "1705", "1706"), Carrier.MOBILE),
    **dict.fromkeys(("1704", "1707", "1708", "1709"), Carrier.UNICOM),
}
# fmt: on


def carrier_of(phone: Phone) -> Carrier | None:
    """Return the carrier of the number segment; None for segments of others. Ported numbers keep their segment."""
    shared = _SHARED.get(phone.value[:4])
    if shared is not None:
        return shared
    return next((carrier for carrier, segments in _SEGMENTS.items() if phone.value[:3] in segments), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanionOutcome:
    """A finding with what some questions are told besides."""

    finding: Finding
    carrier: Carrier | None = None
    mismatch: PhoneMismatch | None = None
    age: int | None = None


_FINDINGS: Final = {
    AuthorityVerdict.MATCHED: Finding.MATCH,
    AuthorityVerdict.MISMATCH: Finding.MISMATCH,
    AuthorityVerdict.NO_RECORD: Finding.NO_RECORD,
    AuthorityVerdict.DECEASED: Finding.IDENTITY_INVALID,
    # Undecided: a person must look, or the case goes on.
    AuthorityVerdict.NEEDS_HUMAN: Finding.SOURCE_ERROR,
    AuthorityVerdict.PENDING: Finding.SOURCE_ERROR,
}


def finding_of(verdict: AuthorityVerdict) -> Finding:
    """Return what an authority's verdict means for a question of this kind."""
    return _FINDINGS[verdict]


@dataclass(frozen=True, slots=True)
class Validity:
    """When an identity card is valid; ``end`` is None for one that is valid for life."""

    begin: date
    end: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """One question in the ledger: who asked what, when, what came of it. Nothing about the person in clear.

    ``subject`` is a keyed hash of partner, day and person, so that rows of different days cannot be joined.
    """

    partner_id: PartnerId
    charge_id: str
    action: str
    day: str
    subject: bytes
    requested_at: datetime
    finding: Finding | None = None
    is_billed: bool = False
