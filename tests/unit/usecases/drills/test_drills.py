"""The last drill is kept, and the last one that found nothing wrong; who may not, begins none."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from eztong.domain.drills.drill import DRILL_SETTING, OLD_AFTER, Drill, parse_drill, render_drill
from eztong.domain.operators.operator import OperatorRole, RoleMissing
from eztong.usecases.drills.note_drill import ask_for_drill, note_drill, read_drills
from tests.unit.usecases.fakes import START
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import Stage

WHOLE = Drill(at=START, backup="a.tar", seconds=9, batches=4, rows=70, fields=8, problems=0)


def test_one_that_found_something_does_not_hide_the_last_that_did_not(stage: Stage) -> None:
    stage.act(note_drill, WHOLE)
    wrong = replace(WHOLE, at=START + timedelta(days=1), problems=2)
    stage.act(note_drill, wrong)
    found = stage.read(lambda stored: read_drills(stored=stored))
    assert (found.last, found.whole) == (wrong, WHOLE)
    assert not wrong.is_whole
    assert [WHOLE.is_old(START + OLD_AFTER * times) for times in (1, 2)] == [False, True]


@pytest.mark.parametrize("text", [None, "", "[]", "{}", render_drill(WHOLE).replace("70", '"x"'), "no json"])
def test_what_cannot_be_read_is_none(stage: Stage, text: str | None) -> None:
    assert parse_drill(text) is None
    if text:
        stage.write(lambda uow: uow.settings.set(DRILL_SETTING, text))
    assert stage.read(lambda stored: read_drills(stored=stored)).last is None


def test_an_operator_of_role_system_asks_for_one(stage: Stage) -> None:
    stage.act(ask_for_drill, by=operator(stage, "li.na", OperatorRole.SYSTEM))
    assert stage.select("SELECT count(*) FROM audit_entries WHERE what = 'service.drill'") == [(1,)]
    with pytest.raises(RoleMissing):
        stage.act(ask_for_drill, by=operator(stage, "zhao", OperatorRole.SECURITY))
