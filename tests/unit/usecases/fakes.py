"""The ports that the use cases get here besides store and keys: as short as they can be, and never at random."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from typing_extensions import override

from eztong.domain.companions import CompanionOutcome, Validity
from eztong.domain.eid.eid_flow import EidCode
from eztong.domain.eid.live_person import LivePersonFinding
from eztong.domain.errors import AuthorityUnavailable, Busy, Locked, Unavailable
from eztong.domain.guardianship.relation import RelationAnswer, RelationQuestion
from eztong.domain.identifiers import ULID_RANDOM_BYTES
from eztong.domain.identity.authority_answer import (
    EID_MARK_BYTES,
    AuthorityAnswer,
    AuthorityVerdict,
    RegistrationStatus,
)
from eztong.domain.identity.citizen_number import CitizenNumber
from eztong.domain.identity.phone import Phone
from eztong.domain.identity.real_name import RealName
from eztong.domain.notices import Message
from eztong.ports.authority import Authority
from eztong.ports.clock import Clock
from eztong.ports.companion_source import CompanionSource, DigestAlgorithm
from eztong.ports.entropy import Entropy
from eztong.ports.limiter import Limit, Limiter
from eztong.ports.live_person import LivePersonFactor
from eztong.ports.notifier import Notifier
from eztong.ports.observer import Observer
from eztong.ports.secret_hasher import SecretHasher

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Nine in the morning in Shanghai."""

_COUNTER = 4


@dataclass(slots=True)
class Meanwhile:
    """What happens once, the next time that a port is at work: for what changes between two units of work."""

    happens: Callable[[], object] | None = None

    def pass_by(self) -> None:
        """Let it happen, if anything shall."""
        happens, self.happens = self.happens or (lambda: None), None
        happens()


@dataclass(slots=True)
class SetClock(Clock):
    """Stands still until it is moved."""

    moment: datetime = START

    @override
    def now(self) -> datetime:
        return self.moment

    def pass_by(self, **span: float) -> datetime:
        """Let a span of time pass, said as for a timedelta; return the new time."""
        self.moment += timedelta(**span)
        return self.moment


class CountedEntropy(Entropy):
    """A counter, then the SHAKE-256 of a seed and the counter: another value at each call, the same ones in each run.

    Values of eight bytes or more rise, so that ids of the same moment sort as they were made.
    """

    def __init__(self, seed: str) -> None:
        """Begin the sequence of ``seed``."""
        self._seed = seed.encode()
        self._calls = 0
        self._gate = threading.Lock()

    @override
    def token(self, size: int) -> bytes:
        if size < 0:
            raise ValueError("a token cannot have fewer than no bytes")
        with self._gate:
            self._calls += 1
            calls = self._calls
        count = calls.to_bytes(_COUNTER) if size >= 2 * _COUNTER else b""
        return count + hashlib.shake_256(self._seed + calls.to_bytes(8)).digest(size - len(count))

    @override
    def id_bytes(self) -> bytes:
        return self.token(ULID_RANDOM_BYTES)

    @override
    def below(self, limit: int) -> int:
        if limit < 1:
            raise ValueError("there is no number below the limit")
        # So many more bits than the limit has that no number is likelier than another by anything that matters.
        return int.from_bytes(self.token(limit.bit_length() // 8 + 9)) % limit


def matched(reference: str = "case", *, name_on_file: str | None = None) -> AuthorityAnswer:
    """Return the answer that name and number belong together; the eid mark follows from ``reference``."""
    return AuthorityAnswer(
        verdict=AuthorityVerdict.MATCHED,
        reference=f"ref-{reference}",
        detail_code="A00",
        eid_mark=hashlib.shake_256(reference.encode()).digest(EID_MARK_BYTES),
        name_on_file=name_on_file,
    )


@dataclass(slots=True)
class ChosenAuthority(Authority):
    """Answers what was chosen: a match unless something else was. ``asked`` are name, number and reference."""

    answer: AuthorityAnswer | Exception | None = None
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    meanwhile: Meanwhile = field(default_factory=Meanwhile)
    away: datetime | None = None
    registered: dict[str, RegistrationStatus] = field(default_factory=dict)
    revokes: bool = True
    related: list[RelationQuestion] = field(default_factory=list)
    related_as: RelationAnswer = RelationAnswer.CONFIRMED

    @property
    @override
    def adapter_id(self) -> str:
        return "chosen"

    @override
    def match(self, *, name: RealName, number: CitizenNumber, reference: str) -> AuthorityAnswer:
        self.asked.append((name.display, number.value, reference))
        self.meanwhile.pass_by()
        if isinstance(self.answer, Exception):
            raise self.answer
        return matched(reference) if self.answer is None else self.answer

    @override
    def away_since(self) -> datetime | None:
        return self.away

    @override
    def status(self, *, reference: str) -> RegistrationStatus:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.registered.get(reference, RegistrationStatus.UNKNOWN)

    @override
    def revoke(self, *, reference: str) -> RegistrationStatus:
        if self.revokes:
            self.registered[reference] = RegistrationStatus.REVOKED
        return self.status(reference=reference)

    @override
    def relation(self, question: RelationQuestion) -> RelationAnswer:
        self.related.append(question)
        self.meanwhile.pass_by()
        return self.related_as if self.status(reference="") else RelationAnswer.UNKNOWN

    @override
    def check_health(self) -> None:
        if isinstance(self.answer, AuthorityUnavailable):
            raise self.answer


@dataclass(slots=True)
class QuickHasher(SecretHasher):
    """One round of SHA-256; ``is_busy`` refuses every turn.

    ``turns`` counts those that were taken; ``compared`` are the hashes that were asked about.
    """

    is_busy: bool = False
    turns: int = 0
    compared: list[str | None] = field(default_factory=list)
    meanwhile: Meanwhile = field(default_factory=Meanwhile)

    @override
    @contextmanager
    def turn(self) -> Iterator[None]:
        if self.is_busy:
            raise Busy
        self.turns += 1
        yield

    @override
    def make_hash(self, secret: str, *, salt: bytes) -> str:
        with self.turn():
            return f"quick${salt.hex()}${hashlib.sha256(salt + secret.encode()).hexdigest()}"

    @override
    def is_right(self, secret: str, encoded: str | None) -> bool:
        with self.turn():
            self.compared.append(encoded)
            self.meanwhile.pass_by()
            kind, _, rest = (encoded or "").partition("$")
            return kind == "quick" and self.make_hash(secret, salt=bytes.fromhex(rest.partition("$")[0])) == encoded


@dataclass(slots=True)
class CollectingObserver(Observer):
    """Keeps what it was told, in order."""

    seen: list[tuple[str, ...]] = field(default_factory=list)

    @override
    def verification(self, outcome: str) -> None:
        self.seen.append(("verification", outcome))

    @override
    def code_issued(self, channel: str) -> None:
        self.seen.append(("code_issued", channel))

    @override
    def registration(self, verdict: str) -> None:
        self.seen.append(("registration", verdict))

    @override
    def queue_failure(self, queue: str, kind: str) -> None:
        self.seen.append(("queue_failure", queue, kind))


class OpenLimiter(Limiter):
    """Never refuses."""

    @override
    def hit(self, limit: Limit, subject: str, *, now: datetime | None = None) -> None:
        pass

    @override
    def check(self, limit: Limit, subject: str, *, now: datetime | None = None) -> None:
        pass


@dataclass(slots=True)
class CollectingNotifier(Notifier):
    """Keeps what it delivered; the same id never twice. ``error`` is raised instead, while there is one."""

    delivered: dict[str, Message] = field(default_factory=dict)
    error: Exception | None = None

    @override
    def deliver(self, message: Message, *, message_id: str) -> None:
        if self.error is not None:
            raise self.error
        self.delivered.setdefault(message_id, message)


@dataclass(slots=True)
class ChosenFactor(LivePersonFactor):
    """Finds what was chosen on an unlocked device."""

    code: EidCode = EidCode.PASSED

    @override
    def look(self, *, unlocked_until: datetime | None, now: datetime) -> LivePersonFinding:
        if unlocked_until is None or now >= unlocked_until:
            raise Locked
        return LivePersonFinding(provider="chosen", code=self.code)


@dataclass(slots=True)
class ChosenCompanions(CompanionSource):
    """Gives the chosen outcome to every question; without one it is away. ``asked``: which, and about what."""

    outcome: CompanionOutcome | None = None
    asked: list[tuple[object, ...]] = field(default_factory=list)

    @override
    def match_phone(self, phone: Phone, *, name: RealName, number: CitizenNumber | None) -> CompanionOutcome:
        return self._answer("match_phone", phone, name, number)

    @override
    def match_digests(self, algorithm: DigestAlgorithm, *, number: str, name: str, phone: str) -> CompanionOutcome:
        return self._answer("match_digests", algorithm, number, name, phone)

    @override
    def match_validity(self, validity: Validity, *, number: CitizenNumber) -> CompanionOutcome:
        return self._answer("match_validity", validity, number)

    @override
    def age_by_phone(self, phone: Phone) -> CompanionOutcome:
        return self._answer("age_by_phone", phone)

    def _answer(self, question: str, *about: object) -> CompanionOutcome:
        self.asked.append((question, *about))
        if self.outcome is None:
            raise Unavailable
        return self.outcome
