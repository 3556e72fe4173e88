"""One cell of the newest signed batch is damaged: commands, backup and restore go on, and the check names it."""

# ruff: noqa: S608 - the names of tables and columns are our own
from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.simulators.commands import run_one

NO_TEXT = "CAST(x'ff' AS TEXT)"
DAMAGE = (
    "created_at = 'zz'",
    "created_at = x'ff'",
    "created_at = -9223372036854775808",
    "created_at = 1e300",
    "number = 'zz'",
    "number = x'ff'",
    "number = NULL",
    "note = 'zz'",
    "note = x'ff'",
    "note = 7",
    f"note = {NO_TEXT}",
    f"writer = {NO_TEXT}",
    "leaves = 'zz'",
)
PASSED_OVER = "1 of the newest signed batches are not as they were written"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("town") / "data"
    for _ in range(2):
        assert run_one(("sandbox", "populate", "1"), data).code == 0
    return data


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_cell_of_the_newest_batch_stops_nobody(town: Path, tmp_path: Path, damage: str) -> None:
    data, backup = Path(shutil.copytree(town, tmp_path / "data")), tmp_path / "b.tar"
    ((batch_id, writer, number),) = change(
        data, "SELECT batch_id, writer, number FROM batches ORDER BY batch_id DESC LIMIT 1"
    )
    change(data, f"UPDATE batches SET {damage} WHERE batch_id = ?", batch_id)
    assert run_one(("partners", "list"), data).code == 0
    ran = run_one(("db", "backup", str(backup)), data)
    assert ran.code == 0, ran
    says = damage.startswith(("number = 'zz'", "number = x'ff'", "note"))
    assert (PASSED_OVER in ran.err) == says
    checked = run_one(("db", "check"), data)
    assert (checked.code, f"problem: batch {batch_id}: " in checked.out) == (1, True), checked
    assert "Its end is missing" not in checked.out or damage.startswith("note")
    restored = run_one(("db", "restore", str(backup), "--replace", "--apply"), data)
    assert (restored.code, PASSED_OVER in restored.err) == (0, says), restored
    # Whoever signs then takes no number that was given before.
    assert run_one(("sandbox", "populate", "1"), data).code == 0
    notes = change(
        data,
        "SELECT note FROM batches WHERE batch_id > ? AND note LIKE ?",
        batch_id,
        f"%writer {writer}\nnumber {number}\n%",
    )
    assert notes == []


def change(data: Path, statement: str, *values: object) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(data / "eztong.db")) as connection, connection:
        return connection.execute(statement, values).fetchall()
