"""A copy is equal to the data catalogue: every column of every table that can name an account, or its reason (3.3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from eztong.adapters.storage.sql.milliseconds import from_ms
from eztong.adapters.storage.sql.tables import metadata
from eztong.domain.canonical_json import render_time
from eztong.domain.deregistration.erasure import ERASURE, Lot
from eztong.domain.own_data.copy_list import COMPOSED, COPIED, NOT_COPIED, TOLD_AS, WITHHELD, name_in_copy, why_withheld
from eztong.usecases.agreements.withdraw_authorisation import withdraw_authorisation
from eztong.usecases.own_data.copy_parts import PARTS
from eztong.usecases.own_data.export_data import collect_data
from tests.unit.usecases.own_data.full_life import CONFIRMED, EXPECTED, live_fully
from tests.unit.usecases.stage import LI, Stage

SOME_ARE_LEFT_TO_TIME = {"codes"}
"""Tables of which the copy holds what was used, tried or stands; no index leads to the rest."""


def rows_of(copy: Mapping[str, Any], table: str) -> Sequence[Mapping[str, Any]]:
    """Return what the copy tells of a table."""
    part, _, within = COPIED[table].partition(".")
    rows = copy[part]
    return [inner for row in rows for inner in row[within]] if within else rows


def columns_of(table: str) -> Iterator[str]:
    return (column.name for column in metadata.tables[table].columns)


def told_plainly(table: str) -> Iterator[tuple[str, str]]:
    """Return the columns of ids, words and times that are told under their own name, with their class."""
    for column in metadata.tables[table].columns:
        kind = (column.comment or "").partition("]")[0].removeprefix("[")
        is_own = why_withheld(table, column.name) is None and f"{table}.{column.name}" not in TOLD_AS
        if is_own and kind in {"id", "time"}:
            yield column.name, kind


@pytest.fixture
def stage_of_a_life(stage: Stage) -> Stage:
    live_fully(stage)
    stage.act(withdraw_authorisation, LI.session)
    return stage


def test_every_table_that_can_name_an_account_is_copied_or_has_its_reason() -> None:
    of_holders = {table for table, one in ERASURE.items() if one.lot is not Lot.NOBODYS}
    assert of_holders == COPIED.keys() | NOT_COPIED.keys()
    assert not COPIED.keys() & NOT_COPIED.keys()
    assert {part.partition(".")[0] for part in COPIED.values()} | COMPOSED.keys() == PARTS.keys()


def test_the_list_names_no_column_that_is_not_there() -> None:
    known = {name for table in COPIED for column in columns_of(table) for name in (column, f"{table}.{column}")}
    assert WITHHELD.keys() | TOLD_AS.keys() <= known
    assert not {name for name in TOLD_AS if why_withheld(*name.split("."))}


def test_a_copy_tells_every_column_and_nothing_that_is_withheld(stage_of_a_life: Stage) -> None:
    copy = stage_of_a_life.act(collect_data, stage_of_a_life.holder())
    assert not [table for table in COPIED if not rows_of(copy, table)], "the life must leave a row of each"
    for table in COPIED:
        told = set().union(*rows_of(copy, table))
        wanted = {name_in_copy(table, name) for name in columns_of(table) if why_withheld(table, name) is None}
        within = {inner.partition(".")[2] for inner in COPIED.values() if inner.startswith(f"{COPIED[table]}.")}
        assert told == wanted | within, table


def test_what_is_told_is_what_is_stored(stage_of_a_life: Stage) -> None:
    stage = stage_of_a_life
    copy = stage.act(collect_data, stage.holder())
    for table in COPIED:
        for column, kind in told_plainly(table):
            of_li = "WHERE holder_id = ?" if "holder_id" in columns_of(table) else "WHERE ? != ''"
            found = [one for (one,) in stage.select(f"SELECT {column} FROM {table} {of_li}", stage.holder_id())]  # noqa: S608 - own names
            stored = Counter(_as_told(one, kind) for one in found)
            told = Counter(row[column] for row in rows_of(copy, table))
            assert not told - stored, (table, column)
            assert table in SOME_ARE_LEFT_TO_TIME or told == stored, (table, column)


def _as_told(value: object, kind: str) -> object:
    match value:
        case int() if kind == "time":
            return render_time(from_ms(value))
        case bytes():
            return value.hex()
        case _:
            return value


def test_what_was_confirmed_is_told_and_what_the_merchant_expected_is_not(stage_of_a_life: Stage) -> None:
    copy = stage_of_a_life.act(collect_data, stage_of_a_life.holder())
    (flow,) = copy["answered_flows"]
    assert (flow["confirmed"], flow["confirmations"]) == (True, [CONFIRMED])
    assert EXPECTED not in str(copy)
    assert EXPECTED.encode().hex() not in str(copy)


def test_what_proves_an_acceptance_a_refused_try_and_an_act_is_told(stage_of_a_life: Stage) -> None:
    copy = stage_of_a_life.act(collect_data, stage_of_a_life.holder())
    for part, form in (("acceptances", "acceptance"), ("refused_tries", "refused-try"), ("acts", "act")):
        for row in copy[part]:
            assert row["document"]["format"] == f"eztong/{form}/v1"
            assert (bool(row["batch_id"]), len(row["salt"])) == (True, 32)
