"""What two partners get of the same people, as the doors send it, and put together in one heap.

The people register, are verified at both partners at times of their own, leave, come back and are verified again. All
of it is done by the use cases over a real store, only without HTTP: a thousand people take seconds. Who is who stands
beside the heap and not in it.
"""

from __future__ import annotations

import json
import random  # noqa: TID251 - a fake port that is the same in each run
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeAlias

from typing_extensions import override

from eztong.adapters.authority.synthetic import synthetic_citizen
from eztong.domain.claims import Claim
from eztong.domain.codes.presentation_code import Method
from eztong.domain.codes.verification import Outcome, Question
from eztong.domain.deregistration.partner_event import EventId
from eztong.domain.holder import Assurance, Holder
from eztong.domain.identifiers import ULID_RANDOM_BYTES, HolderId, PartnerId, VerificationId
from eztong.domain.partners.partner import Partner, Scene
from eztong.partner_api.answers import render_answered
from eztong.partner_api.deregistration import render_events
from eztong.ports.act import PARTNER, SYSTEM, Act
from eztong.ports.entropy import Entropy
from eztong.ports.keys import Keys
from eztong.ports.sandbox import SandboxPersona
from eztong.usecases.codes.conclude_verification import Answered, Decided, conclude
from eztong.usecases.deregistration.execute_deregistration import erase_again
from eztong.usecases.deregistration.read_partner_events import read_partner_events
from eztong.usecases.eid.answer_eid_flow import sign_partner_code
from eztong.usecases.naming import new_id
from eztong.usecases.partners.register_partner import RegisterPartner, register_partner
from eztong.usecases.sandbox.play_persona import play_many
from tests.unit.usecases.stage import Stage, copy_of

TWO: Final = (PartnerId("first-shop"), PartnerId("second-shop"))
MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
POLLS_EVERY: Final = 10 * MINUTE
_MOMENTS: Final = 100
SCENE: Final = Scene(
    scene="entry",
    title="入场",
    title_en="Entry",
    purpose="核验",
    purpose_en="to check",
    floor=Assurance.LOW,
    claims=frozenset(),
)


class Drawn(Entropy):
    """Randomness as the system's, but the same in each run."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - see above

    @override
    def token(self, size: int) -> bytes:
        return self.random.randbytes(size)

    @override
    def id_bytes(self) -> bytes:
        return self.token(ULID_RANDOM_BYTES)

    @override
    def below(self, limit: int) -> int:
        return self.random.randrange(limit)


class CountedIds(Drawn):
    """A leak: identifiers count up."""

    _last = 0

    @override
    def id_bytes(self) -> bytes:
        self._last += 1
        return self._last.to_bytes(ULID_RANDOM_BYTES)


class AtOnce(Drawn):
    """A leak: what is told later is told at once."""

    @override
    def below(self, limit: int) -> int:
        return 0


@dataclass(slots=True)
class Seen:
    """What a partner has about one of its partner codes: answers and the event as they came, and when they came.

    ``first`` is the place of its first answer among all, ``told`` that of its event; times are in whole minutes.
    """

    code: str
    first: int
    came: list[int] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)
    event: dict[str, Any] | None = None
    told: int | None = None
    told_at: int | None = None


Visit: TypeAlias = tuple[float, int, int]
"""When, at which of the two, and who."""
Known: TypeAlias = dict[str, Seen]
"""All that one partner has, by partner code."""


@dataclass(frozen=True, slots=True)
class Heap:
    """What both partners put together, of the accounts that left and of those after them; and, apart, who is who."""

    before: tuple[Known, Known]
    after: tuple[Known, Known]
    who: dict[str, int]


def make_heap(
    template: Path,
    folder: Path,
    keys: Keys,
    *,
    people: int,
    entropy: Drawn,
    one_sector: bool = False,
    back: bool = True,
) -> Heap:
    """Let so many people live through it; without ``back`` nobody comes back. ``entropy`` and sector make the build."""
    stage = Stage(copy_of(template, folder), keys)
    stage.services = replace(stage.services, entropy=entropy)
    try:
        return _World(stage, people, one_sector=one_sector).live(back=back)
    finally:
        stage.close()


class _World:
    def __init__(self, stage: Stage, people: int, *, one_sector: bool) -> None:
        self.stage = stage
        self.chance = random.Random(people)  # noqa: S311 - when people come, not what keeps them apart
        self.people = people
        self.who: dict[str, int] = {}
        self.holders: list[HolderId] = []
        self.partners = [self._partner(one, "shops" if one_sector else one) for one in TWO]
        self.begun = stage.clock.now()

    def live(self, *, back: bool) -> Heap:
        self._register()
        before = self._visits(0, 10 * DAY)
        self._leave(12 * DAY)
        self._poll(before, 12 * DAY, 14 * DAY)
        after: tuple[Known, Known] = ({}, {})
        if back:
            self._register()
            after = self._visits(14 * DAY, 30 * DAY)
        return Heap(before, after, self.who)

    def _partner(self, partner_id: PartnerId, sector: str) -> Partner:
        command = RegisterPartner(partner_id=partner_id, name=partner_id, name_en=partner_id, sector_id=sector)
        return self.stage.services.perform(SYSTEM, register_partner, command)

    def _at(self, second: float) -> None:
        self.stage.clock.moment = self.begun + timedelta(seconds=second)

    def _minute(self) -> int:
        return int((self.stage.clock.now() - self.begun).total_seconds()) // MINUTE

    def _register(self) -> None:
        assert play_many([_persona(index) for index in range(self.people)], services=self.stage.services) == self.people
        rows = self.stage.select("SELECT authority_reference, holder_id FROM holders WHERE state = 'active'")
        accounts = {str(reference): HolderId(holder_id) for reference, holder_id in rows}
        self.holders = [accounts[f"ref-{_persona(index).key}"] for index in range(self.people)]

    def _visits(self, start: float, end: float) -> tuple[Known, Known]:
        """Let everybody come to each partner once or twice, at times of the own; commit what comes together at once."""
        chance = self.chance
        due = [
            (chance.uniform(start, end), place, person)
            for person in range(self.people)
            for place in (0, 1)
            for _ in range(chance.choice((1, 1, 2)))
        ]
        with self.stage.store.read() as stored:
            accounts = [stored.holders.get(holder_id) for holder_id in self.holders]
        holders = [holder for holder in accounts if holder is not None]
        known: tuple[Known, Known] = ({}, {})
        for group in _groups(sorted(due), chance):
            self._at(group[-1][0])
            asked = [(self.partners[place], holders[person]) for _, place, person in group]
            done = self.stage.store.write(self.stage.services.job(PARTNER, _verify, asked))
            for (_, place, person), answered in zip(group, done.value, strict=True):
                body = json.loads(render_answered(answered, done.batch, services=self.stage.services))
                body["eid_sign"] = sign_partner_code(answered, keys=self.stage.keys)
                code = body["result"]["partner_code"]
                self.who[code] = person
                seen = known[place].setdefault(code, Seen(code, len(known[place])))
                seen.answers.append(body)
                seen.came.append(self._minute())
        return known

    def _leave(self, start: float) -> None:
        """Let everybody leave within an hour, at a hundred moments or each at an own one."""
        leaving = list(self.holders)
        self.chance.shuffle(leaving)
        for number in range(_MOMENTS):
            self._at(start + number * HOUR / _MOMENTS)
            self.stage.services.perform(SYSTEM, _erase_all, leaving[number::_MOMENTS])

    def _poll(self, known: tuple[Known, Known], start: int, end: int) -> None:
        """Let both partners ask for news every few minutes."""
        calendar = self.stage.services.deployment.calendar
        after: list[EventId | None] = [None, None]
        told = [0, 0]
        for moment in range(start, end, POLLS_EVERY):
            self._at(moment)
            for place, partner in enumerate(self.partners):
                with self.stage.store.read() as stored:
                    now = self.stage.clock.now()
                    page = read_partner_events(
                        partner.partner_id, after=after[place], limit=1000, stored=stored, now=now
                    )
                after[place] = page.next_after
                for event in json.loads(render_events(page, calendar=calendar))["data"]:
                    seen = known[place][event["partner_code"]]
                    seen.event, seen.told, seen.told_at = event, told[place], self._minute()
                    told[place] += 1
        assert told == [self.people, self.people]


def _persona(index: int) -> SandboxPersona:
    name, number = synthetic_citizen(index + 100)
    return SandboxPersona(
        key=f"S{index}", name=name, number=number, phone=f"170{index:08d}", story="", story_en="", expected="active"
    )


def _groups(due: Sequence[Visit], chance: random.Random) -> Iterator[Sequence[Visit]]:
    """Put what comes one after the other into commits of a few."""
    left = iter(due)
    while group := list(islice(left, chance.randint(1, 30))):
        yield group


def _erase_all(act: Act, leaving: Sequence[HolderId]) -> None:
    for holder_id in leaving:
        assert erase_again(act, holder_id)


def _verify(act: Act, asked: Sequence[tuple[Partner, Holder]]) -> list[Answered]:
    return [
        conclude(
            act,
            Question(
                verification_id=VerificationId(new_id(act, "ver")),
                partner=partner,
                scene=SCENE,
                desk=None,
                method=Method.QR,
                wants=frozenset({Claim.IS_PERSON}),
                environment="sandbox",
                now=act.now,
            ),
            Decided(Outcome.PASSED),
            holder=holder,
            granted=frozenset(),
        )
        for partner, holder in asked
    ]
