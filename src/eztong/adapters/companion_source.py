"""Companion sources: the sandbox's, over the personas; and none, which decides nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, Never

from typing_extensions import override

from eztong.adapters.authority.persona_model import Persona
from eztong.adapters.authority.personas import PERSONAS, find_by_number
from eztong.domain.companions import CompanionOutcome, Finding, PhoneMismatch, Validity, carrier_of
from eztong.domain.errors import Unavailable
from eztong.domain.identity.age import age_on, service_date
from eztong.domain.identity.citizen_number import CitizenNumber, NumberInvalid, parse_number_of_any_kind
from eztong.domain.identity.phone import Phone
from eztong.domain.identity.real_name import NameOutcome, RealName, compare_names, parse_real_name
from eztong.gm.sm3 import sm3
from eztong.ports.clock import Clock
from eztong.ports.companion_source import CompanionSource, DigestAlgorithm

_YEARS_OF_A_CARD: Final = 10
_LIFELONG_SINCE: Final = date(2020, 1, 1)
_DIGESTS: Final[Mapping[DigestAlgorithm, Callable[[bytes], str]]] = {
    DigestAlgorithm.MD5: lambda data: hashlib.md5(data, usedforsecurity=False).hexdigest(),
    DigestAlgorithm.SHA256: lambda data: hashlib.sha256(data).hexdigest(),
    DigestAlgorithm.SM3: lambda data: sm3(data).hex(),
}


class SandboxCompanions(CompanionSource):
    """Answers about personas, on the day that the movable clock tells.

    Every persona's line is registered to it. A card is valid for ten years up to its last day, a lifelong one from
    2020-01-01.
    """

    def __init__(self, clock: Clock) -> None:
        """Tell ages and names by ``clock``."""
        self._clock = clock

    @override
    def match_phone(self, phone: Phone, *, name: RealName, number: CitizenNumber | None) -> CompanionOutcome:
        owners = [persona for persona in PERSONAS.values() if persona.phone == phone.value]
        fits = [(self._has_name(owner, name), number is None or owner.number == number.value) for owner in owners]
        return _phone_outcome(phone, fits)

    @override
    def match_digests(self, algorithm: DigestAlgorithm, *, number: str, name: str, phone: str) -> CompanionOutcome:
        digest = _DIGESTS[algorithm]
        owners = [persona for persona in PERSONAS.values() if digest(persona.phone.encode()) == phone]
        if not owners:
            return CompanionOutcome(finding=Finding.NO_RECORD)
        today = service_date(self._clock.now())
        fits = [
            (digest(owner.name_on(today).encode()) == name, digest(owner.number.encode()) == number) for owner in owners
        ]
        return _phone_outcome(Phone(value=owners[0].phone), fits)

    @override
    def match_validity(self, validity: Validity, *, number: CitizenNumber) -> CompanionOutcome:
        persona = find_by_number(number.value)
        if persona is None:
            return CompanionOutcome(finding=Finding.NO_RECORD)
        if validity != card_validity(persona):
            return CompanionOutcome(finding=Finding.MISMATCH)
        is_over = validity.end is not None and validity.end < service_date(self._clock.now())
        return CompanionOutcome(finding=Finding.IDENTITY_INVALID if is_over else Finding.MATCH)

    @override
    def age_by_phone(self, phone: Phone) -> CompanionOutcome:
        today = service_date(self._clock.now())
        for persona in PERSONAS.values():
            birth = _birth_date(persona, today=today) if persona.phone == phone.value else None
            if birth is not None:
                return CompanionOutcome(finding=Finding.MATCH, age=age_on(birth, today))
        return CompanionOutcome(finding=Finding.NO_RECORD)

    def _has_name(self, owner: Persona, name: RealName) -> bool:
        on_file = parse_real_name(owner.name_on(service_date(self._clock.now())))
        return compare_names(name, on_file).outcome in {NameOutcome.MATCH, NameOutcome.MATCH_WITH_NOTE}


class MissingCompanions(CompanionSource):
    """No such register is connected: every question is undecided, and nobody is told that something does not fit."""

    @override
    def match_phone(self, phone: Phone, *, name: RealName, number: CitizenNumber | None) -> CompanionOutcome:
        return _refuse()

    @override
    def match_digests(self, algorithm: DigestAlgorithm, *, number: str, name: str, phone: str) -> CompanionOutcome:
        return _refuse()

    @override
    def match_validity(self, validity: Validity, *, number: CitizenNumber) -> CompanionOutcome:
        return _refuse()

    @override
    def age_by_phone(self, phone: Phone) -> CompanionOutcome:
        return _refuse()


def card_validity(persona: Persona) -> Validity:
    """Return when a persona's card is valid."""
    end = persona.document_valid_until
    if end is None:
        return Validity(_LIFELONG_SINCE, None)
    after = end + timedelta(days=1)
    return Validity(after.replace(year=after.year - _YEARS_OF_A_CARD), end)


def _phone_outcome(phone: Phone, fits: Sequence[tuple[bool, bool]]) -> CompanionOutcome:
    """Return the best that any owner of the line gives: whether name and number fit."""
    if not fits:
        return CompanionOutcome(finding=Finding.NO_RECORD, carrier=carrier_of(phone))
    name_fits, number_fits = max(fits)
    if name_fits and number_fits:
        return CompanionOutcome(finding=Finding.MATCH, carrier=carrier_of(phone))
    mismatch = PhoneMismatch.NUMBER if name_fits else PhoneMismatch.NAME if number_fits else PhoneMismatch.BOTH
    return CompanionOutcome(finding=Finding.MISMATCH, carrier=carrier_of(phone), mismatch=mismatch)


def _birth_date(persona: Persona, *, today: date) -> date | None:
    try:
        return parse_number_of_any_kind(persona.number, today=today).birth_date
    except NumberInvalid:
        return None


def _refuse() -> Never:
    raise Unavailable("No register of phones and cards is connected.")
