"""The upgrade that tells repeats from replays keeps what was there: codes, refused tries, desks' lines."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from eztong.adapters.storage.sqlite.schema import schema_differences, upgrade_schema
from eztong.domain.codes.presentation_code import judge_try
from eztong.domain.errors import CodeAlreadyUsed
from eztong.ports.keys import Keys
from tests.contract.storage import values
from tests.contract.storage.revisions import move
from tests.contract.storage.stage import World, at, code_id, holder_id, open_sqlite, partner_id

BEFORE = "0011"
ROWS = (
    (
        "INSERT INTO codes VALUES (?, NULL, ?, ?, 'dev_1', 'acc_1', 'screen', 'consumed', ?, ?, ?, ?)",
        (b"number", code_id(), holder_id(), *(1_768_469_400_123 + ms for ms in (0, 60_000, 5_000)), "ver_1"),
    ),
    *(
        (
            "INSERT INTO code_attempts VALUES (?, ?, ?, 'ptn_1', 'open_account', NULL, 'code_already_used', ?)",
            (holder_id(), f"att_{number}", code_id(), 1_768_469_400_123),
        )
        for number in (1, 2)
    ),
    (
        "INSERT INTO desk_entries VALUES (?, 'desk-1', 'dsk_1', NULL, 'open_account', 'ver_1', NULL, ?, '')",
        (partner_id(), 1_768_469_400_123),
    ),
)


@pytest.fixture
def upgraded(tmp_path: Path) -> Path:
    """A database of the version before, with rows, brought up to date."""
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    with closing(sqlite3.connect(path)) as connection:
        for sql, row in ROWS:
            connection.execute(sql, row)
        connection.commit()
    upgrade_schema(path)
    return path


def test_nothing_is_lost_and_what_was_there_goes_on(upgraded: Path, keys: Keys) -> None:
    assert schema_differences(upgraded) == []
    world = World(keys, open_sqlite, upgraded)
    with world.store.read() as stored:
        code = stored.codes.by_hash(b"number")
        tries = stored.codes.attempts(holder_id())
        (entry,) = stored.staff.entries(partner_id(), "desk-1", limit=9)
    assert code is not None
    assert (code.verification_id, code.asking_hash) == ("ver_1", None)
    with pytest.raises(CodeAlreadyUsed):
        judge_try(code, asking_hash=b"asked", now=at(10))
    assert [one.attempt_id for one in tries] == ["att_2", "att_1"], "the same try twice, as the version before kept it"
    assert (entry.verification_id, entry.refusal) == ("ver_1", None)
    assert world.store.write(lambda uow: uow.codes.add_attempt(values.attempt())).value is True
    assert world.store.write(lambda uow: uow.codes.mark_replayed(code_id(), now=at(10))).value is True
    world.store.close()


def test_the_version_before_can_still_write(upgraded: Path) -> None:
    with closing(sqlite3.connect(upgraded)) as connection:
        columns = "holder_id, attempt_id, code_id, partner_id, scene, desk, reason, at"
        for number in (7, 8):
            values_of = (holder_id(), f"att_{number}", code_id(), "ptn_1", "open_account", None, "code_expired", 1)
            connection.execute(f"INSERT INTO code_attempts ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values_of)  # noqa: S608 - names of our own
