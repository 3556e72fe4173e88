"""A database of the version before keeps its rows; message codes from before serve nothing any more."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from eztong.adapters.storage.sqlite.schema import schema_differences, upgrade_schema
from eztong.domain.access.otp import OTP_DIGITS, OtpPurpose
from eztong.ports.keys import Keys
from tests.contract.storage.revisions import move
from tests.contract.storage.stage import World, at, open_sqlite

SESSION = b"session"


def filled(path: Path) -> None:
    """Make a database of the version before with an open message code and an open passkey challenge."""
    move(path, "0009")
    moment = int(at(0).timestamp() * 1000)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "INSERT INTO otp_challenges"
            " (challenge_id, session_hash, purpose, phone_index, code_hash, tries, created_at)"
            " VALUES ('otp_1', ?, 'recover', X'01', X'02', 1, ?)",
            (SESSION, moment),
        )
        connection.execute(
            "INSERT INTO passkey_challenges (challenge_hash, session_hash, purpose, created_at)"
            " VALUES (X'03', ?, ?, ?)",
            (SESSION, "unlock", moment),
        )
        connection.commit()


def test_rows_stay_and_a_code_from_before_is_taken_for_one_that_was_never_sent(keys: Keys, tmp_path: Path) -> None:
    path = tmp_path / "eztong.db"
    filled(path)
    upgrade_schema(path)
    assert schema_differences(path) == []
    world = World(keys, open_sqlite, path)
    with world.store.read() as stored:
        code = stored.sessions.newest_challenge(SESSION, OtpPurpose.RECOVER)
        assert list(stored.budgets.spent(b"anybody", "wrong_codes", since=at(0))) == []
    world.store.close()
    assert code is not None
    assert (code.challenge_id, code.tries, code.created_at) == ("otp_1", 1, at(0).replace(microsecond=123_000))
    assert (code.is_sent, code.holder_id, code.digits) == (False, None, OTP_DIGITS)


def test_a_process_of_the_version_before_can_still_write(tmp_path: Path) -> None:
    path = tmp_path / "eztong.db"
    upgrade_schema(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "INSERT INTO otp_challenges"
            " (challenge_id, session_hash, purpose, phone_index, code_hash, tries, created_at)"
            " VALUES ('otp_2', X'01', 'freeze', X'01', X'02', 0, 0)"
        )
        connection.commit()


def test_the_way_back_leads_to_the_version_before(tmp_path: Path) -> None:
    path = tmp_path / "eztong.db"
    filled(path)
    upgrade_schema(path)
    move(path, "0009", down=True)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM otp_challenges").fetchone() == (1,)
        assert not connection.execute("SELECT name FROM sqlite_master WHERE name = 'budgets'").fetchall()
