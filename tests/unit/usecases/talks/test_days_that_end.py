"""What a due day ends, it ends by one question, in the rule that refuses and in the job that acts."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from eztong.domain.talks.talk import STANDS_FOR, ProposalOver, Talk, TalkStage
from eztong.domain.working_days import DueDay, WorkCalendar, parse_year
from quality.trees import trees
from tests.unit.usecases.fakes import START
from tests.unit.usecases.stage import Stage
from tests.unit.usecases.talks.acts import (
    CALENDAR,
    UNKNOWN,
    accept,
    lapse,
    now_of,
    open_one,
    own,
    propose,
)

SOURCE = Path(__file__).parents[4] / "src" / "eztong"
DAY, MOMENT = timedelta(days=1), timedelta(seconds=1)
ENDS = CALENDAR.due_after(START, STANDS_FOR).at

ENDED_BY_A_DAY = {"domain/talks/talk.py check_answer", "usecases/talks/lapse_proposal.py _lapse"}
"""The rule that says that it is too late, and the job that ends what nobody answered."""

SAYS_ONLY = {
    "domain/cases/case.py is_overdue": "the service is late; nothing ends",
    "domain/incidents/reporting.py next_due": "a report to the authorities is late; nothing ends",
    "domain/feedback/ticket.py is_overdue": "the service is late; nothing ends",
}


def is_refused(stage: Stage, talk: Talk) -> bool:
    """Say whether the rule says that it is too late."""
    try:
        talk.check_answer(talk.proposal or "", now=stage.clock.now())
    except ProposalOver:
        return True
    return False


@pytest.mark.parametrize("calendar", [CALENDAR, UNKNOWN], ids=["known", "provisional"])
@pytest.mark.parametrize("past", [-DAY, -MOMENT, timedelta(), MOMENT, DAY, 40 * DAY])
def test_the_rule_and_the_job_say_the_same(stage: Stage, calendar: WorkCalendar, past: timedelta) -> None:
    ticket = open_one(stage)
    talk = propose(stage, ticket, calendar=calendar)
    stage.deploy(calendar=calendar)
    stage.clock.moment = ENDS + past
    refused = is_refused(stage, talk)
    lapse(stage)
    assert (now_of(stage, ticket).stage is TalkStage.FAILED) is refused
    assert refused is (calendar is CALENDAR and past > timedelta())


def test_while_a_day_is_provisional_the_job_looks_daily_and_ends_nothing(stage: Stage) -> None:
    ticket = open_one(stage)
    talk = propose(stage, ticket, calendar=UNKNOWN)
    stage.clock.moment = ENDS + MOMENT
    for _ in range(3):
        assert (lapse(stage).done, lapse(stage).done) == (1, 0)
        stage.clock.pass_by(days=1)
    stage.unlock()
    assert accept(stage, own(ticket), talk.proposal).stage is TalkStage.SETTLED


def test_once_the_holidays_are_known_the_day_is_later_never_earlier_and_ends_it(stage: Stage) -> None:
    days = [(START + timedelta(days=n)).date() for n in range(1, 8)]
    off = [str(one) for one in days if one.weekday() < 5]
    longer = WorkCalendar([parse_year({"year": 2026, "days_off": off, "make_up_days": []})])
    ticket = open_one(stage)
    propose(stage, ticket, calendar=UNKNOWN)
    stage.deploy(calendar=longer)
    stage.clock.moment = ENDS + MOMENT
    lapse(stage)
    later = now_of(stage, ticket)
    assert (later.stage, later.answer_by) == (TalkStage.PROPOSED, longer.due_after(START, STANDS_FOR))
    assert later.answer_by is not None
    stage.clock.moment = later.answer_by.at + MOMENT
    assert is_refused(stage, later)
    lapse(stage)
    assert now_of(stage, ticket).stage is TalkStage.FAILED


def test_a_day_that_was_told_becomes_no_earlier_and_a_known_one_stays() -> None:
    told = DueDay(ENDS + 3 * DAY, is_provisional=True)
    assert told.settled_by(CALENDAR, START, STANDS_FOR) == DueDay(told.at, is_provisional=False)
    assert told.settled_by(UNKNOWN, START, STANDS_FOR) == told
    known = replace(told, is_provisional=False)
    assert known.settled_by(CALENDAR, START, STANDS_FOR) == known


@pytest.mark.parametrize(
    ("past", "provisional", "over"),
    [
        (-MOMENT, False, False),
        (timedelta(), False, False),
        (MOMENT, False, True),
        (MOMENT, True, False),
        (400 * DAY, True, False),
    ],
)
def test_a_period_is_over_after_its_last_moment_and_never_by_a_provisional_day(
    past: timedelta, *, provisional: bool, over: bool
) -> None:
    day = DueDay(ENDS, is_provisional=provisional)
    assert day.is_over(ENDS + past) is over
    look = day.next_look(ENDS + past)
    assert look > ENDS + past
    assert over or provisional or day.is_over(look)
    assert look <= ENDS + past + DAY or past < timedelta()


DAY_NAMES = {"answer_by", "due", "by", "day", "told", "known"}
"""What a due day is called where it is used."""


def asked_of_days(found: type[ast.AST], name: str) -> Iterator[str]:
    """Name each function of rules and use cases that speaks of ``name`` of a due day within a kind of node."""
    for room in ("domain", "usecases"):
        for path, tree in trees(SOURCE / room, naming=f".{name}"):
            for function in ast.walk(tree):
                if isinstance(function, ast.FunctionDef) and any(
                    is_of_a_day(part, name)
                    for node in ast.walk(function)
                    if isinstance(node, found)
                    for part in ast.walk(node)
                ):
                    yield f"{path.relative_to(SOURCE).as_posix()} {function.name}"


def is_of_a_day(node: ast.AST, name: str) -> bool:
    if not isinstance(node, ast.Attribute) or node.attr != name:
        return False
    owner = node.value
    return (owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")) in DAY_NAMES


def test_nothing_else_ends_by_a_due_day_and_nobody_else_compares_its_moment() -> None:
    assert set(asked_of_days(ast.Call, "is_over")) == ENDED_BY_A_DAY
    assert set(asked_of_days(ast.Compare, "at")) == set(SAYS_ONLY)
