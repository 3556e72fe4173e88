"""The first try makes the code's one verification; the same question again hears its answer (clauses 2.2, 2.11)."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as with_changes

from eztong.adapters.clock import SandboxClock
from eztong.adapters.storage.sql.statements import Cursor, Database, Params, Statement
from eztong.domain.claims import Claim
from eztong.domain.codes.presentation_code import CodeState
from eztong.domain.codes.verification import Outcome, Verification
from eztong.domain.holder import FreezeCause
from eztong.domain.identifiers import CodeId, HolderId
from eztong.ports.act import PARTNER, Act
from eztong.ports.keys import MacPurpose
from eztong.ports.storage.store import UnitOfWork
from eztong.usecases.codes.conclude_verification import Answered
from eztong.usecases.codes.verify_code import verify_code
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.refusal import Refused
from tests.flows.citizen.browser import Browser, Town
from tests.flows.codes.asker import Asker, rows, warnings

NAMED = frozenset({Claim.IS_PERSON, Claim.MASKED_NAME})


@pytest.fixture
def hotel(town: Town) -> Asker:
    return Asker(town)


@pytest.fixture
def holder(browser: Browser) -> Browser:
    browser.register()
    return browser


def freeze(holder: Browser) -> None:
    holder.get("/freeze")
    holder.send("/freeze")


def others(asker: Asker) -> list[Asker]:
    """Return everybody who differs in one thing."""
    return [
        replace(asker, key="another key"),
        replace(asker, desk="front-1"),
        replace(asker, wants=NAMED),
        replace(asker, partner="library"),
    ]


@pytest.mark.parametrize("desk", [None, "front-1"])
@pytest.mark.parametrize(("first", "again"), [("qr", "number"), ("number", "qr"), ("qr", "qr")])
def test_a_repeat_within_the_life_is_the_first_answer_and_leaves_nothing_behind(
    town: Town, holder: Browser, hotel: Asker, desk: str | None, first: str, again: str
) -> None:
    asker, code = replace(hotel, desk=desk), holder.show_code()
    made = asker.verify(code[first])
    before = rows(town)
    for _ in range(3):
        town.pass_time(19)
        assert asker.verify(code[again]) == made
    assert rows(town) == before
    town.pass_time(3)
    assert asker.refused(code[again]) == "code_already_used"


def test_a_repeat_after_a_freeze_a_switch_or_a_newer_code_is_still_the_first_answer(
    holder: Browser, hotel: Asker
) -> None:
    digits = holder.show_code()["number"]
    made = hotel.verify(digits)
    holder.show_code()
    assert hotel.verify(digits) == made
    holder.get("/grants")
    holder.send("/grants/partners/hotel", switch="off")
    assert hotel.verify(digits) == made
    freeze(holder)
    assert hotel.verify(digits) == made
    assert made.outcome is Outcome.PASSED


def test_whoever_differs_in_one_thing_hears_that_the_code_was_used(holder: Browser, hotel: Asker) -> None:
    digits = holder.show_code()["number"]
    hotel.verify(digits)
    assert [other.refused(digits) for other in others(hotel)] == ["code_already_used"] * 4


def not_frozen(_holder: Browser) -> None:
    """Do nothing."""


def switch_off(holder: Browser) -> None:
    holder.get("/grants")
    holder.send("/grants/partners/hotel", switch="off")


@pytest.mark.parametrize(
    ("end", "outcome", "state"),
    [
        (not_frozen, Outcome.PASSED, CodeState.CONSUMED),
        (switch_off, Outcome.NOT_PASSED, CodeState.CONSUMED),
        (freeze, Outcome.NOT_PASSED, CodeState.CANCELLED),
    ],
)
def test_whatever_the_reason_the_first_try_makes_one_verification_and_every_other_try_hears_the_same(
    town: Town,
    holder: Browser,
    hotel: Asker,
    end: Callable[[Browser], None],
    outcome: Outcome,
    state: CodeState,
) -> None:
    earlier = hotel.verify(holder.show_code()["number"])
    digits = holder.show_code()["number"]
    end(holder)
    made = hotel.verify(digits)
    assert made.outcome is outcome
    assert [hotel.verify(digits) for _ in range(5)] == [made] * 5
    assert [other.refused(digits) for other in others(hotel)] == ["code_already_used"] * 4
    town.pass_time(61)
    assert hotel.refused(digits) == "code_already_used"
    with town.services.store.read() as stored:
        code = stored.codes.get(made.code_id or CodeId(""))
        assert made.holder_id is not None
        made_of_it = stored.verifications.for_holder(made.holder_id, before=None, limit=9)
    assert code is not None
    # The holder's records tell what happened to the code; the partner hears the same either way.
    assert (code.state, code.verification_id) == (state, made.verification_id)
    assert [one.verification_id for one in made_of_it] == [made.verification_id, earlier.verification_id]


def test_an_expired_code_is_expired_also_when_a_freeze_cancelled_it(town: Town, holder: Browser, hotel: Asker) -> None:
    digits = holder.show_code()["number"]
    freeze(holder)
    town.pass_time(61)
    assert hotel.refused(digits) == "code_expired"


def test_a_newer_code_of_a_frozen_holder_does_not_change_what_the_older_one_says(holder: Browser, hotel: Asker) -> None:
    older = holder.show_code()["number"]
    holder.show_code()
    freeze(holder)
    assert hotel.refused(older) == "code_cancelled"


def test_a_day_after_its_life_a_used_code_is_unknown(town: Town, holder: Browser, hotel: Asker) -> None:
    digits = holder.show_code()["number"]
    hotel.verify(digits)
    town.pass_time(24 * 3600)
    assert hotel.refused(digits) == "code_already_used"
    town.pass_time(61)
    before = rows(town)
    assert hotel.refused(digits) == "code_unknown"
    assert rows(town) == before


def test_a_clock_set_back_prolongs_no_number(town: Town, holder: Browser, hotel: Asker) -> None:
    used = holder.show_code()["number"]
    hotel.verify(used)
    fresh = holder.show_code()["number"]
    clock = town.services.clock
    assert isinstance(clock, SandboxClock)
    clock.set_offset(clock.offset - timedelta(seconds=30))
    assert [hotel.refused(digits) for digits in (used, fresh)] == ["code_clock_skew"] * 2


def test_a_first_try_reads_and_changes_its_code_once_and_a_repeat_only_reads(
    holder: Browser, hotel: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    hotel.verify(holder.show_code()["qr"])
    digits = holder.show_code()["qr"]
    seen = list[str]()
    run, put_off = Database._execute, Database.run_later  # noqa: SLF001 - what every statement passes

    def count(database: Database, statement: Statement, params: Params) -> Cursor:
        seen.append(statement.compiled(database._dialect).sql)  # noqa: SLF001 - as above
        return run(database, statement, params)

    def count_later(database: Database, statement: Statement, params: Params) -> None:
        seen.append(statement.compiled(database._dialect).sql)  # noqa: SLF001 - as above
        put_off(database, statement, params)

    def verbs(*tables: str) -> list[str]:
        return [sql.split()[0] for sql in seen if re.search(rf"\b(?:{'|'.join(tables)})\b", sql)]

    monkeypatch.setattr(Database, "_execute", count)
    monkeypatch.setattr(Database, "run_later", count_later)
    hotel.verify(digits)
    assert verbs("codes") == ["SELECT", "UPDATE"]
    assert verbs("verifications") == ["INSERT"]
    assert verbs("code_attempts", "replay_warnings", "jobs", "idempotency_keys") == []
    seen.clear()
    hotel.verify(digits)
    assert verbs("codes", "verifications", "holders") == ["SELECT", "SELECT"]
    assert {sql.split()[0] for sql in seen} == {"SELECT"}


class Racing:
    """A unit of work in which another writer is faster: it commits just before this one consumes the code."""

    def __init__(self, uow: UnitOfWork, meanwhile: Callable[[], object]) -> None:
        self._uow, self._meanwhile = uow, [meanwhile]

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the unit of work and its codes have
        if name == "codes":
            return self
        return getattr(self._uow, name) if hasattr(self._uow, name) else getattr(self._uow.codes, name)

    def consume(self, *args: Any, **more: Any) -> bool:  # noqa: ANN401 - as the repository has it
        while self._meanwhile:
            self._meanwhile.pop()()
        return self._uow.codes.consume(*args, **more)


def raced(hotel: Asker, digits: str, meanwhile: Callable[[Act], object]) -> Answered | Refused:
    """Present a code while another writer does ``meanwhile``."""

    def race(act: Act) -> Answered | Refused:
        racing = cast("UnitOfWork", Racing(act.uow, lambda: meanwhile(act)))
        return verify_code(with_changes(act, uow=racing), hotel.command(digits))

    return hotel.town.services.perform(PARTNER, race)


def test_who_loses_the_race_to_another_writer_is_judged_by_what_that_one_left(holder: Browser, hotel: Asker) -> None:
    made: list[Verification] = []

    def faster(asker: Asker, digits: str) -> Callable[[Act], object]:
        def use(act: Act) -> None:
            answered = verify_code(act, asker.command(digits))
            assert isinstance(answered, Answered)
            made.append(answered.verification)

        return use

    digits = holder.show_code()["number"]
    same = raced(hotel, digits, faster(hotel, digits))
    assert isinstance(same, Answered)
    assert same.verification == made[0]
    digits = holder.show_code()["number"]
    other = raced(hotel, digits, faster(replace(hotel, desk="front-1"), digits))
    assert isinstance(other, Refused)
    assert other.error.code == "code_already_used"


def test_a_freeze_in_the_very_moment_of_the_first_try_still_gives_one_verification(
    holder: Browser, hotel: Asker
) -> None:
    digits = holder.show_code()["number"]

    def freeze_now(act: Act) -> None:
        holder_id = holder_id_of(digits, hotel)
        command = FreezeHolder(holder_id=holder_id, cause=FreezeCause.SELF, channel="test")
        freeze_holder(act, command)

    answered = raced(hotel, digits, freeze_now)
    assert isinstance(answered, Answered)
    assert answered.verification.outcome is Outcome.NOT_PASSED
    assert hotel.verify(digits) == answered.verification


def holder_id_of(digits: str, hotel: Asker) -> HolderId:
    services = hotel.town.services
    with services.store.read() as stored:
        code = stored.codes.by_hash(services.keys.mac(MacPurpose.CODE_HANDLE, digits.encode()))
    assert code is not None
    return code.holder_id


def test_of_many_tries_at_once_at_one_desk_all_hear_one_verification(town: Town, holder: Browser, hotel: Asker) -> None:
    code = holder.show_code()
    with ThreadPoolExecutor(16) as threads:
        made = list(threads.map(hotel.verify, [code["qr"], code["number"]] * 8))
    assert len({one.verification_id for one in made}) == 1
    assert warnings(town) == 0


def test_of_any_tries_at_once_one_asker_passes_and_nobody_else(holder: Browser, hotel: Asker) -> None:
    askers = [hotel, *others(hotel)[:3]]

    @settings(max_examples=15, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["qr", "number"])), min_size=2, max_size=12))
    def check(tries: list[tuple[int, str]]) -> None:
        code = holder.show_code()

        def attempt(one: tuple[int, str]) -> str:
            answered = askers[one[0]].present(code[one[1]])
            if isinstance(answered, Answered):
                return answered.verification.verification_id
            return answered.error.code

        with ThreadPoolExecutor(len(tries)) as threads:
            heard = list(zip(tries, threads.map(attempt, tries), strict=True))
        passed = {answer for _, answer in heard if answer.startswith("ver_")}
        winners = {who for (who, _), answer in heard if answer in passed}
        assert len(passed) == len(winners) == 1
        assert {answer for (who, _), answer in heard if who in winners} == passed
        assert {answer for (who, _), answer in heard if who not in winners} <= {"code_already_used"}

    check()
