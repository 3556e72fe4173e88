"""Ask the authority and the registers beside it about a person, for a partner that has leave to (ADR 0023).

These functions ask outside parties and must not run inside a unit of work. Whatever is unavailable is a
``SOURCE_ERROR``: never a mismatch, and never a match.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from typing_extensions import override

from eztong.domain.companions import Carrier, CompanionOutcome, Finding, Validity, carrier_of, finding_of
from eztong.domain.errors import Unavailable
from eztong.domain.identity.age import age_on, service_date
from eztong.domain.identity.citizen_number import CitizenNumber, NumberInvalid, parse_number_of_any_kind
from eztong.domain.identity.phone import Phone, PhoneInvalid, parse_phone
from eztong.domain.identity.real_name import NameInvalid, RealName, parse_real_name
from eztong.ports.authority import Authority
from eztong.ports.companion_source import CompanionSource


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """Who is asked about, as the partner wrote it."""

    name: str
    number: str

    @override
    def __repr__(self) -> str:
        """Hide the person."""
        return "Person()"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Whom to ask, and when; ``reference`` names this one question."""

    authority: Authority
    companions: CompanionSource
    reference: str
    now: datetime


class _Unfit(Exception):
    """What was sent cannot be asked about."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding)
        self.finding = finding


def ask_identity(person: NamedPerson, *, sources: Sources) -> CompanionOutcome:
    """Say whether a name and number belong together.

    1. Read number and name; what cannot be one is a finding of its own.
    2. Ask the authority.
    """
    return _answered(lambda: _match(person, sources=sources))


def ask_age(person: NamedPerson, *, sources: Sources) -> CompanionOutcome:
    """Say how old somebody is whose name and number belong together."""

    def ask() -> CompanionOutcome:
        outcome = _match(person, sources=sources)
        number = _number(person.number, now=sources.now)
        return replace(outcome, age=age_on(number.birth_date, service_date(sources.now)))

    return _answered(ask)


def ask_age_by_phone(phone: str, *, sources: Sources) -> CompanionOutcome:
    """Say how old the registered owner of a line is."""
    return _answered(lambda: sources.companions.age_by_phone(_phone(phone)))


def ask_validity(person: NamedPerson, validity: Validity | None, *, sources: Sources) -> CompanionOutcome:
    """Say whether name, number and the card's validity belong together.

    1. Read number, name and validity.
    2. Ask the authority; the card is looked at only if name and number match.
    """

    def ask() -> CompanionOutcome:
        number = _number(person.number, now=sources.now)
        _name(person.name)
        if validity is None:
            return CompanionOutcome(finding=Finding.VALIDITY_INVALID)
        outcome = _match(person, sources=sources)
        if outcome.finding is not Finding.MATCH:
            return outcome
        return sources.companions.match_validity(validity, number=number)

    return _answered(ask)


def ask_phone(
    phone: str, *, name: str, number: str | None, sources: Sources, only: Carrier | None = None
) -> CompanionOutcome:
    """Say whether a line is registered to a name and, where one is given, a number.

    1. Read what was sent.
    2. Refuse segments of no carrier, or of another one than ``only``.
    3. Ask the register of lines.
    """

    def ask() -> CompanionOutcome:
        line = _phone(phone)
        parsed = None if number is None else _number(number, now=sources.now)
        asked_name = _name(name)
        carrier = carrier_of(line)
        if carrier is None or (only is not None and carrier is not only):
            return CompanionOutcome(finding=Finding.SEGMENT_UNSUPPORTED)
        return sources.companions.match_phone(line, name=asked_name, number=parsed)

    return _answered(ask)


def _answered(ask: Callable[[], CompanionOutcome]) -> CompanionOutcome:
    try:
        return ask()
    except _Unfit as unfit:
        return CompanionOutcome(finding=unfit.finding)
    except Unavailable:
        return CompanionOutcome(finding=Finding.SOURCE_ERROR)


def _match(person: NamedPerson, *, sources: Sources) -> CompanionOutcome:
    number, name = _number(person.number, now=sources.now), _name(person.name)
    answer = sources.authority.match(name=name, number=number, reference=sources.reference)
    return CompanionOutcome(finding=finding_of(answer.verdict))


def _number(text: str, *, now: datetime) -> CitizenNumber:
    try:
        return parse_number_of_any_kind(text, today=service_date(now))
    except NumberInvalid:
        raise _Unfit(Finding.NUMBER_INVALID) from None


def _name(text: str) -> RealName:
    try:
        return parse_real_name(text)
    except NameInvalid:
        raise _Unfit(Finding.NAME_INVALID) from None


def _phone(text: str) -> Phone:
    try:
        return parse_phone(text)
    except PhoneInvalid:
        raise _Unfit(Finding.PHONE_INVALID) from None
