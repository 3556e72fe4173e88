"""The register behind the sandbox authority: invented people, what is said of them, and faults on demand.

The rules of one question, in order (:meth:`SandboxRegistry.ask`):

1. A fault that is switched on decides what becomes of the question; it counts as no question of the case.
2. An application that had its final answer gets the same again.
3. A persona's script: not yet (``P19``, ``P21``), never (``P20``), no record (``P04``).
4. Whoever is neither persona nor synthetic citizen has no record: nobody tests with real people.
5. The name decides: mismatch, unreadable, or a match; then death; then the eid mark.

The register has no clock: ``today`` comes with each question. So equal questions on equal days have equal answers.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

import structlog

from eztong.adapters.authority.eid_mark import EidMarkKey
from eztong.adapters.authority.persona_model import DOCUMENT_LONG_LIVED, Persona, Script
from eztong.adapters.authority.personas import personas_with_number
from eztong.adapters.authority.synthetic import synthetic_name
from eztong.domain.guardianship.relation import Relation, RelationAnswer, RelationQuestion, Subject
from eztong.domain.identity.authority_answer import (
    AuthorityAnswer,
    AuthoritySignal,
    AuthorityVerdict,
    RegistrationStatus,
)
from eztong.domain.identity.citizen_number import CitizenNumber
from eztong.domain.identity.real_name import NameMatch, NameOutcome, RealName, compare_names, parse_real_name
from eztong.ports.services import Mode

MAX_CASES: Final = 10_000
"""Applications remembered; the one asked about longest ago is forgotten first and then starts anew."""

NOT_A_SANDBOX_CITIZEN: Final = "not a persona or synthetic citizen"

_SCRIPTED_TRIES: Final = 2
_LAST_BASIC_PLANE: Final = "\uffff"
_log = structlog.get_logger(__name__)


class Fault(StrEnum):
    """What can be switched on to go wrong at the authority, for everybody."""

    NONE = "none"
    TIMEOUT = "timeout"
    """No answer in time."""

    DOWN = "down"
    """Out of order, and says so."""

    PENDING = "pending"
    """Every question is answered «in progress»."""

    GARBLED = "garbled"
    """Answers arrive altered: their signature does not hold."""

    BAD_UPSTREAM = "bad_upstream"
    """The register loses characters beyond Unicode's basic plane: ``?`` stands for them (``P14``)."""


class SandboxOnly(RuntimeError):
    """The sandbox authority was asked to serve a deployment that is not a sandbox."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What becomes of a question: ``answer`` arrives, altered under ``GARBLED``; without one the fault says why."""

    fault: Fault
    answer: AuthorityAnswer | None = None


@dataclass(slots=True)
class _Case:
    """One application: how often it was asked about, and its final answer."""

    asked: int = 0
    final: AuthorityAnswer | None = None


@dataclass(frozen=True, slots=True)
class _Entry:
    """One line of the register, as of a day."""

    name: str
    script: Script
    document_valid_until: date | None
    signals: frozenset[AuthoritySignal]


class SandboxRegistry:
    """The invented register. Safe to use from any thread; never for real people."""

    def __init__(self, *, mark_key: EidMarkKey, mode: Mode, max_cases: int = MAX_CASES) -> None:
        """Open the register, loudly; it remembers the ``max_cases`` applications asked about last.

        Raises:
            SandboxOnly: ``mode`` is live.
        """
        if mode is not Mode.SANDBOX:
            raise SandboxOnly("the sandbox authority vouches for invented people only; configure a real authority")
        self._mark_key = mark_key
        self._max_cases = max_cases
        self._fault = Fault.NONE
        self._cases: OrderedDict[tuple[str, str, str], _Case] = OrderedDict()
        self._registered: OrderedDict[str, RegistrationStatus] = OrderedDict()
        self._lock = threading.Lock()
        _log.warning("sandbox_authority_in_use", advice="identities are invented; never use in production")

    @property
    def fault(self) -> Fault:
        """The fault that is switched on."""
        return self._fault

    def set_fault(self, fault: Fault) -> None:
        """Switch a fault on for everybody, or off with ``NONE``."""
        self._fault = fault
        _log.warning("sandbox_authority_fault", fault=fault.value)

    def ask(self, *, name: RealName, number: CitizenNumber, reference: str, today: date) -> Delivery:
        """Answer a question of the application ``reference`` on the Shanghai day ``today``."""
        match self._fault:
            case (Fault.TIMEOUT | Fault.DOWN) as fault:
                return Delivery(fault)
            case Fault.PENDING:
                return Delivery(Fault.NONE, _pending(reference))
            case fault:
                with self._lock:
                    case_key = (reference, number.value, name.as_entered)
                    return self._ask_case(self._case(case_key), name, number, (reference, today, fault))

    def standing(self, reference: str, *, ends: bool) -> RegistrationStatus:
        """Return how the registration of ``reference`` stands, after it has ended if it ``ends`` now.

        Of an ended one nothing but its reference is remembered.
        """
        with self._lock:
            known = self._registered.get(reference)
            if known is RegistrationStatus.ACTIVE and ends:
                self._registered[reference] = known = RegistrationStatus.REVOKED
                for key in [key for key in self._cases if key[0] == reference]:
                    del self._cases[key]
        return known or RegistrationStatus.UNKNOWN

    def relation(self, question: RelationQuestion, *, today: date) -> RelationAnswer:
        """Tell whether one is guardian of the other: of personas the register knows parents, of nobody else anything.

        A name that does not fit its number is ``DENIED``, and so is another parent than the persona's.
        """
        if not (_is_on_file(question.ward, today=today) and _is_on_file(question.guardian, today=today)):
            return RelationAnswer.DENIED
        known = {one.guardian for one in personas_with_number(question.ward.number.value) if one.guardian is not None}
        if not known or question.relation is not Relation.PARENT:
            return RelationAnswer.UNKNOWN
        claims = {one.key for one in personas_with_number(question.guardian.number.value)}
        return RelationAnswer.CONFIRMED if known & claims else RelationAnswer.DENIED

    def _case(self, key: tuple[str, str, str]) -> _Case:
        case = self._cases.setdefault(key, _Case())
        self._cases.move_to_end(key)
        if len(self._cases) > self._max_cases:
            self._cases.popitem(last=False)
        return case

    def _ask_case(
        self, case: _Case, name: RealName, number: CitizenNumber, context: tuple[str, date, Fault]
    ) -> Delivery:
        reference, today, fault = context
        case.asked += 1
        entry, comparison = _look_up(name, number, today=today, bad_upstream=fault is Fault.BAD_UPSTREAM)
        if case.final is None:
            held_up = _held_up(entry, reference=reference, asked=case.asked)
            if held_up is not None:
                return held_up
            case.final = self._decide(entry, comparison, number, reference=reference)
            if case.final.verdict is AuthorityVerdict.MATCHED:
                self._register(reference)
        return Delivery(fault if fault is Fault.GARBLED else Fault.NONE, case.final)

    def _register(self, reference: str) -> None:
        self._registered[reference] = RegistrationStatus.ACTIVE
        self._registered.move_to_end(reference)
        if len(self._registered) > self._max_cases:
            self._registered.popitem(last=False)

    def _decide(
        self, entry: _Entry | None, comparison: NameMatch, number: CitizenNumber, *, reference: str
    ) -> AuthorityAnswer:
        if entry is None:
            return _no_record(reference, detail_code="not_a_sandbox_citizen", note=NOT_A_SANDBOX_CITIZEN)
        if entry.script is Script.NO_RECORD:
            return _no_record(reference, detail_code="no_record", note=None)
        match comparison.outcome:
            case NameOutcome.MISMATCH:
                return _refusal(AuthorityVerdict.MISMATCH, reference, "name_mismatch")
            case NameOutcome.NEEDS_HUMAN:
                return _refusal(AuthorityVerdict.NEEDS_HUMAN, reference, "name_unreadable")
            case NameOutcome.MATCH | NameOutcome.MATCH_WITH_NOTE:
                if entry.script is Script.DECEASED:
                    return _refusal(AuthorityVerdict.DECEASED, reference, "deceased")
                return self._matched(entry, comparison, number, reference=reference)

    def _matched(
        self, entry: _Entry, comparison: NameMatch, number: CitizenNumber, *, reference: str
    ) -> AuthorityAnswer:
        return AuthorityAnswer(
            verdict=AuthorityVerdict.MATCHED,
            reference=reference,
            detail_code=f"name_{comparison.outcome.value}",
            eid_mark=self._mark_key.mark_of(number),
            name_on_file=entry.name,
            note=",".join(comparison.notes) or None,
            document_valid_until=entry.document_valid_until,
            signals=entry.signals,
        )


def _is_on_file(subject: Subject, *, today: date) -> bool:
    _, comparison = _look_up(subject.name, subject.number, today=today, bad_upstream=False)
    return comparison.outcome in {NameOutcome.MATCH, NameOutcome.MATCH_WITH_NOTE}


def _look_up(
    name: RealName, number: CitizenNumber, *, today: date, bad_upstream: bool
) -> tuple[_Entry | None, NameMatch]:
    """Return the register's line for a number, and how the name compares with it.

    Where two personas share a number the one whose name fits is taken, otherwise the first.
    """
    mismatch = NameMatch(outcome=NameOutcome.MISMATCH)
    found: list[tuple[_Entry, NameMatch]] = []
    for entry in _entries(number, today=today):
        name_on_file = _with_lost_characters(entry.name) if bad_upstream else entry.name
        comparison = compare_names(name, parse_real_name(name_on_file))
        if comparison.outcome is not NameOutcome.MISMATCH:
            return entry, comparison
        found.append((entry, comparison))
    return found[0] if found else (None, mismatch)


def _entries(number: CitizenNumber, *, today: date) -> list[_Entry]:
    personas = personas_with_number(number.value)
    if personas:
        return [_entry_of(persona, today=today) for persona in personas]
    name = synthetic_name(number.value, birth_date=number.birth_date)
    return [] if name is None else [_Entry(name, Script.ANSWER, DOCUMENT_LONG_LIVED, frozenset())]


def _entry_of(persona: Persona, *, today: date) -> _Entry:
    return _Entry(persona.name_on(today), persona.script, persona.valid_until_on(today), persona.signals)


def _held_up(entry: _Entry | None, *, reference: str, asked: int) -> Delivery | None:
    """Return what a persona's script puts in place of an answer at the ``asked``-th question, if anything."""
    match entry.script if entry is not None else Script.ANSWER:
        case Script.ALWAYS_DOWN:
            return Delivery(Fault.DOWN)
        case Script.TIME_OUT_TWICE if asked <= _SCRIPTED_TRIES:
            return Delivery(Fault.TIMEOUT)
        case Script.PENDING_TWICE if asked <= _SCRIPTED_TRIES:
            return Delivery(Fault.NONE, _pending(reference))
        case _:
            return None


def _with_lost_characters(name: str) -> str:
    return "".join("?" if char > _LAST_BASIC_PLANE else char for char in name)


def _pending(reference: str) -> AuthorityAnswer:
    return AuthorityAnswer(verdict=AuthorityVerdict.PENDING, reference=reference, detail_code="in_progress")


def _refusal(verdict: AuthorityVerdict, reference: str, detail_code: str) -> AuthorityAnswer:
    return AuthorityAnswer(verdict=verdict, reference=reference, detail_code=detail_code)


def _no_record(reference: str, *, detail_code: str, note: str | None) -> AuthorityAnswer:
    verdict = AuthorityVerdict.NO_RECORD
    return AuthorityAnswer(verdict=verdict, reference=reference, detail_code=detail_code, note=note)
