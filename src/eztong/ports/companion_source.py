"""The companion source port: what identity answers do not tell - whose a phone is, and when a card is valid.

Values go out and a finding comes back; the source hands no personal data in. Never asked inside a unit of work.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from eztong.domain.companions import CompanionOutcome, Validity
from eztong.domain.identity.citizen_number import CitizenNumber
from eztong.domain.identity.phone import Phone
from eztong.domain.identity.real_name import RealName


class DigestAlgorithm(StrEnum):
    """How a partner hashed what it does not want to send in clear."""

    MD5 = "1"
    SHA256 = "2"
    SM3 = "3"


class CompanionSource(Protocol):
    """Asks registers beside the authority's. All methods may take seconds.

    Raises (all methods):
        Unavailable: no source, or no answer in time. Nothing is decided.
    """

    def match_phone(self, phone: Phone, *, name: RealName, number: CitizenNumber | None) -> CompanionOutcome:
        """Say whether the line is registered to this name and, where one is given, this number."""
        ...

    def match_digests(self, algorithm: DigestAlgorithm, *, number: str, name: str, phone: str) -> CompanionOutcome:
        """Do the same for lower-case hexadecimal digests; the carrier is told where the line is found."""
        ...

    def match_validity(self, validity: Validity, *, number: CitizenNumber) -> CompanionOutcome:
        """Say whether the card of this number is valid for exactly this time."""
        ...

    def age_by_phone(self, phone: Phone) -> CompanionOutcome:
        """Return the age of the line's registered owner, with ``MATCH``; ``NO_RECORD`` if nobody is known."""
        ...
