"""Digits that open nothing any more are emptied where they lie, and nothing else of their row is touched."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from eztong.domain.guardianship.guardianship import INVITATION_LIFE, InvitationWrong
from eztong.domain.retention.kept import EMPTIED, Outlived
from eztong.usecases.guardianship.confirm_ward import confirm_ward
from eztong.usecases.guardianship.take_back import TakeBack, take_back
from eztong.usecases.jobs.sweep_old_rows import sweep_old_rows
from tests.unit.usecases.assistance import helping
from tests.unit.usecases.guardianship.family import confirming, guardianship, invite, waiting_minor
from tests.unit.usecases.guardianship.handing import ask, grown, offer, taken
from tests.unit.usecases.stage import LI, Stage

CARE = Outlived.GUARDIAN_DIGITS
MOMENT = timedelta(milliseconds=1)


def rows(stage: Stage, table: str, *, but: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    names = [name for _, name, *_ in stage.select(f"PRAGMA table_info({table})")]
    found = stage.select(f"SELECT {', '.join(names)} FROM {table}")  # noqa: S608 - our own names
    return [{name: value for name, value in zip(names, row, strict=True) if name not in but} for row in found]


def check_emptied(stage: Stage, kind: Outlived) -> None:
    """Let the day of the digits pass: up to its end nothing goes, and then what stands in the list and no more."""
    about = EMPTIED[kind]
    before, whole = rows(stage, about.table, but=about.columns), rows(stage, about.table)
    stage.clock.moment += about.after
    assert sweep_old_rows(services=stage.services).emptied == {}
    assert rows(stage, about.table) == whole
    stage.clock.moment += MOMENT
    assert sweep_old_rows(services=stage.services).emptied == {kind: 1}
    assert rows(stage, about.table, but=about.columns) == before
    assert {value for row in rows(stage, about.table) for name, value in row.items() if name in about.columns} == {None}
    assert sweep_old_rows(services=stage.services).emptied == {}


def test_digits_that_invited_a_guardian(stage: Stage) -> None:
    waiting_minor(stage)
    digits = invite(stage)
    check_emptied(stage, CARE)
    stage.unlock()
    with pytest.raises(InvitationWrong):
        confirm_ward(confirming(digits), services=stage.services)
    assert len(invite(stage)) == len(digits)


def test_digits_that_handed_an_account_over_with_the_phone_that_was_typed(stage: Stage) -> None:
    found = grown(stage)
    ask(stage, offer(stage, found))
    assert guardianship(stage, found.guardianship_id).sealed_phone is not None
    check_emptied(stage, CARE)


def test_digits_that_invited_a_helper(stage: Stage) -> None:
    helping.invite(stage)
    check_emptied(stage, Outlived.HELPER_DIGITS)
    helping.run_ends(stage)
    assert stage.select("SELECT state, ended_by FROM assistances") == [("ended", "time")]


def test_newer_digits_stay_for_their_own_day(stage: Stage) -> None:
    found = grown(stage)
    offer(stage, found)
    stage.clock.moment += INVITATION_LIFE - timedelta(hours=1)
    stage.unlock()
    digits = offer(stage, found)
    stage.clock.moment += timedelta(hours=2)
    assert sweep_old_rows(services=stage.services).emptied == {}
    ask(stage, digits)


def test_what_went_over_can_be_had_back_after_it(stage: Stage) -> None:
    found = grown(stage)
    taken(stage, found)
    stage.clock.moment += timedelta(hours=71)
    assert sweep_old_rows(services=stage.services).emptied == {}
    stage.unlock()
    command = TakeBack(session_hash=LI.session, ward_id=found.ward_id, understood=True)
    assert stage.act(take_back, command).sealed_phone is None


def test_tags_of_emptied_rows_fit(stage: Stage) -> None:
    found = grown(stage)
    offer(stage, found)
    query = "SELECT tag FROM row_seals WHERE table_name = 'guardianships'"
    (before,) = stage.select(query)
    stage.clock.moment += INVITATION_LIFE + MOMENT
    sweep_old_rows(services=stage.services)
    assert stage.select(query) != [before]
