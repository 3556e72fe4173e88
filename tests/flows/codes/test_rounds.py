"""However tries fall into rounds, they get the same answers and leave the same rows (docs/adr/0042)."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from eztong.adapters.clock import SandboxClock
from eztong.adapters.storage.sql.statements import Database
from eztong.domain.claims import Claim
from eztong.domain.codes.presentation_code import Channel, make_number
from eztong.domain.damage import RowDamaged
from eztong.domain.errors import EztongError
from eztong.domain.holder import FreezeCause, HolderState
from eztong.domain.identifiers import HolderId
from eztong.ports.act import HOLDER, PARTNER
from eztong.ports.storage.store import UnitOfWork
from eztong.usecases.codes.conclude_verification import Answered
from eztong.usecases.codes.verify_code import VerifyCode, needs_of, verify_code
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.idempotency import idempotency_key
from eztong.usecases.refusal import Refused
from eztong.usecases.sandbox.play_persona import play_account, show_code
from tests.flows.citizen.browser import Town
from tests.flows.codes.asker import Asker
from tests.flows.codes.rounds import Job, in_one_round

PEOPLE = 4
UNKNOWN = make_number(0)
NAMED = frozenset({Claim.IS_PERSON, Claim.MASKED_NAME})


@dataclass(frozen=True)
class Try:
    """One presentation: whose code, in which form, by whom, under which idempotency key and body."""

    person: int
    form: str
    desk: str | None
    key: int | None
    body: int
    named: bool


TRIES = st.builds(
    Try,
    person=st.integers(0, PEOPLE),
    form=st.sampled_from(["qr", "number"]),
    desk=st.sampled_from([None, "front-1"]),
    key=st.sampled_from([None, 1, 2]),
    body=st.integers(1, 2),
    named=st.booleans(),
)


@dataclass(frozen=True)
class Stage:
    """A closed installation with a shown code for each person; one is frozen, one is switched off for the hotel."""

    folder: Path
    codes: Sequence[dict[str, str]]
    shown_at: datetime


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    folder = tmp_path_factory.mktemp("rounds") / "stage"
    town = Town(folder)
    services = town.services
    try:
        assert town.built.sandbox is not None
        people = [play_account(town.built.sandbox.persona(f"S{n}"), services=services) for n in range(PEOPLE)]
        codes = [shown_to(town, holder.holder_id) for holder in people]
        freeze(town, people[1].holder_id)
        shown_at = services.clock.now()
        hotel = town.caller().partner.partner_id
        off = people[2].holder_id
        services.store.write(lambda uow: uow.grants.set_switch(off, hotel, on=False, now=services.clock.now()))
    finally:
        town.built.close()
    return Stage(folder, codes, shown_at)


def shown_to(town: Town, holder_id: HolderId) -> dict[str, str]:
    services = town.services
    shown = services.perform(HOLDER, show_code, holder_id, Channel.SCREEN)
    assert shown.qr is not None
    return {"qr": shown.qr, "number": shown.number}


def freeze(town: Town, holder_id: HolderId) -> None:
    services, command = town.services, FreezeHolder(holder_id=holder_id, cause=FreezeCause.SELF, channel="test")
    services.perform(HOLDER, freeze_holder, command)


def command_of(one: Try, town: Town, stage: Stage) -> VerifyCode:
    digits = UNKNOWN if one.person == PEOPLE else stage.codes[one.person][one.form]
    asker = Asker(town, desk=one.desk, wants=NAMED if one.named else frozenset({Claim.IS_PERSON}))
    key = None
    if one.key is not None:
        body = f"{digits} {one.body}".encode()
        key = idempotency_key(f"key {one.key}", body=body, operation="verifications", keys=town.services.keys)
    return replace(asker.command(digits), idempotency=key)


def job_of(command: VerifyCode, town: Town) -> Job:
    services = town.services
    return Job(services.job(PARTNER, verify_code, command), needs_of(command))


def told(answer: object, names: dict[str, int]) -> tuple[object, ...]:
    """Return an answer with its verification's id replaced by the order in which it first appeared."""
    if isinstance(answer, Answered):
        made = answer.verification
        return "answered", names.setdefault(made.verification_id, len(names)), made.outcome, made.reason, made.claims
    if isinstance(answer, Refused):
        return "refused", answer.error.code
    assert isinstance(answer, EztongError), answer
    return "failed", answer.code


def left(database: Path, names: dict[str, int]) -> list[list[tuple[object, ...]]]:
    """Return what stands in the tables that a try changes, without what is drawn at random."""
    queries = (
        "SELECT code_id, state, verification_id, hex(asking_hash), replayed_at IS NULL FROM codes ORDER BY code_id",
        "SELECT code_id, verification_id, outcome, reason, desk, method, claims, result IS NULL FROM verifications",
        "SELECT code_id, reason, desk, count(*) FROM code_attempts GROUP BY 1, 2, 3",
        "SELECT hex(key_hash), hex(body_hash), resource_id FROM idempotency_keys ORDER BY 1",
        "SELECT topic, count(*) FROM jobs GROUP BY topic",
    )
    with closing(sqlite3.connect(database)) as connection:
        found = [connection.execute(query).fetchall() for query in queries]
    return [sorted((tuple(names.get(cell, cell) for cell in row) for row in rows), key=str) for rows in found]


@contextmanager
def copy_of(stage: Stage) -> Iterator[Town]:
    """Open a copy of the stage at the moment when its codes were shown, so that a slow machine sees none expire."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(stage.folder, Path(folder) / "data")
        town = Town(Path(folder) / "data")
        clock = town.services.clock
        assert isinstance(clock, SandboxClock)
        clock.set_offset(clock.offset + stage.shown_at - clock.now())
        try:
            yield town
        finally:
            town.built.close()


def played(stage: Stage, tries: Sequence[Try], cuts: Iterable[int]) -> tuple[object, object]:
    """Play the tries on a copy of the stage, cut into rounds; return what was told and what is left."""
    names: dict[str, int] = {}
    with copy_of(stage) as town:
        jobs = [job_of(command_of(one, town, stage), town) for one in tries]
        answers = [
            answer
            for first, last in pairwise([0, *cuts, len(jobs)])
            if first < last
            for answer in in_one_round(town.services, jobs[first:last])
        ]
        said = [told(answer, names) for answer in answers]
        return said, left(town.built.settings.database_file, names)


@pytest.mark.timeout(180)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tries=st.lists(TRIES, min_size=1, max_size=12), data=st.data())
def test_any_split_into_rounds_gives_the_same_as_rounds_of_one(
    stage: Stage, tries: list[Try], data: st.DataObject
) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(1, max(1, len(tries) - 1)))))
    assert played(stage, tries, cuts) == played(stage, tries, range(1, len(tries)))


def statements_of_round(stage: Stage, people: Sequence[int], monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how many statements a round of first tries takes."""
    seen = list[str]()

    def counting(name: str, patch: pytest.MonkeyPatch) -> None:
        run = getattr(Database, name)

        def count(database: Database, *more: object) -> object:
            seen.append(name)
            return run(database, *more)

        patch.setattr(Database, name, count)

    with copy_of(stage) as town:
        tries = [Try(person, "qr", "front-1", person + 3, 1, named=False) for person in people]
        jobs = [job_of(command_of(one, town, stage), town) for one in tries]
        with monkeypatch.context() as patch:
            counting("_execute", patch)
            counting("_execute_many", patch)
            answers = in_one_round(town.services, jobs)
        assert all(isinstance(answer, Answered) for answer in answers), answers
    return len(seen)


def test_a_round_takes_as_many_statements_however_many_tries_are_in_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert statements_of_round(stage, [0, 2, 3], monkeypatch) == statements_of_round(stage, [0, 3], monkeypatch)


def test_one_try_that_fails_in_the_store_leaves_the_others_of_its_round(stage: Stage) -> None:
    with copy_of(stage) as town:
        services = town.services
        good = [job_of(command_of(Try(n, "qr", None, None, 1, named=False), town, stage), town) for n in (0, 3)]
        twice = command_of(Try(2, "qr", None, None, 1, named=False), town, stage)

        def fail(uow: UnitOfWork) -> object:
            answered = job_of(twice, town).run(uow)
            uow.verifications.add(answered.verification)
            return answered

        reading = Job(lambda uow: uow.partners.desks(town.caller().partner.partner_id))
        jobs = [good[0], Job(fail, needs_of(twice)), good[1], reading]
        answers = in_one_round(services, jobs)
        assert [type(answer) for answer in answers] == [Answered, sqlite3.IntegrityError, Answered, list]
        with closing(sqlite3.connect(town.built.settings.database_file)) as connection:
            states = connection.execute("SELECT state, count(*) FROM codes GROUP BY state ORDER BY state").fetchall()
            made = connection.execute("SELECT count(*) FROM verifications").fetchone()
        assert states == [("cancelled", 1), ("consumed", 2), ("issued", 1)]
        assert made == (2,)


def test_a_job_that_hides_a_failing_write_of_others_does_not_make_it_good(stage: Stage) -> None:
    with copy_of(stage) as town:
        services = town.services
        command = command_of(Try(0, "qr", None, None, 1, named=False), town, stage)

        def add_twice(uow: UnitOfWork) -> None:
            for _ in range(2):
                uow.verifications.add(made)

        def hide(uow: UnitOfWork) -> None:
            with suppress(Exception):
                uow.partners.desks(town.caller().partner.partner_id)

        (answered,) = in_one_round(services, [job_of(command, town)])
        assert isinstance(answered, Answered)
        made = answered.verification
        good = job_of(command_of(Try(3, "qr", None, None, 1, named=False), town, stage), town)
        answers = in_one_round(services, [good, Job(add_twice), Job(hide)])
        assert [type(answer) for answer in answers] == [Answered, sqlite3.IntegrityError, type(None)]


def test_a_row_that_cannot_be_read_fails_whose_it_is_and_nobody_else(stage: Stage) -> None:
    with copy_of(stage) as town:
        jobs = [job_of(command_of(Try(n, "qr", None, None, 1, named=False), town, stage), town) for n in (0, 3)]
        assert jobs[0].needs is not None
        with town.services.store.read() as stored:
            code = stored.codes.by_hash(jobs[0].needs.handles[0])
        assert code is not None
        with closing(sqlite3.connect(town.built.settings.database_file)) as connection, connection:
            connection.execute("UPDATE holders SET state = 'odd' WHERE holder_id = ?", (code.holder_id,))
        answers = in_one_round(town.services, jobs)
        assert [type(answer) for answer in answers] == [RowDamaged, Answered]


def test_who_shares_a_round_with_a_freeze_leaves_what_a_reader_then_finds(stage: Stage) -> None:
    with copy_of(stage) as town:
        services = town.services
        tries = [Try(n, "qr", None, None, 1, named=False) for n in (0, 3)]
        jobs = [job_of(command_of(one, town, stage), town) for one in tries]
        with services.store.read() as stored:
            code = stored.codes.by_hash(jobs[0].needs.handles[0]) if jobs[0].needs else None
        assert code is not None
        command = FreezeHolder(holder_id=code.holder_id, cause=FreezeCause.SELF, channel="test")
        frozen = Job(services.job(HOLDER, freeze_holder, command))
        _, *answers = in_one_round(services, [frozen, *jobs])
        with services.store.read() as stored:
            holder = stored.holders.get(code.holder_id)
            for answer in answers:
                assert isinstance(answer, Answered)
                made = answer.verification
                assert stored.verifications.get(made.partner_id, made.verification_id) == made
        assert holder is not None
        assert holder.state is HolderState.FROZEN
