"""What an error of a PostgreSQL server means: whose it is, and whether to run it again."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors
from sqlalchemy.exc import OperationalError

from eztong.adapters.storage.postgres.sqlstates import Verdict, is_of_store, verdict_on


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (errors.SerializationFailure(), Verdict.AGAIN),
        (errors.DeadlockDetected(), Verdict.AGAIN),
        (errors.UniqueViolation(), Verdict.ONCE_MORE),
        (errors.ReadOnlySqlTransaction(), Verdict.RECONNECT),
        (errors.AdminShutdown(), Verdict.RECONNECT),
        (errors.CannotConnectNow(), Verdict.RECONNECT),
        (errors.ConnectionFailure(), Verdict.RECONNECT),
        (psycopg.OperationalError("the connection is lost"), Verdict.RECONNECT),
        (psycopg.InterfaceError("the connection is closed"), Verdict.RECONNECT),
        (errors.TooManyConnections(), Verdict.UNAVAILABLE),
        (errors.DiskFull(), Verdict.UNAVAILABLE),
        (errors.QueryCanceled(), Verdict.UNAVAILABLE),
        (errors.LockNotAvailable(), Verdict.UNAVAILABLE),
        (errors.IndexCorrupted(), Verdict.UNAVAILABLE),
        (errors.UndefinedTable(), Verdict.STATEMENT),
        (errors.NotNullViolation(), Verdict.STATEMENT),
        (errors.InFailedSqlTransaction(), Verdict.STATEMENT),
        (psycopg.ProgrammingError("no result"), Verdict.STATEMENT),
        (ValueError("of a job"), None),
        (None, None),
    ],
)
def test_each_error_has_one_meaning(error: BaseException | None, verdict: Verdict | None) -> None:
    assert verdict_on(error) is verdict


def test_an_error_behind_another_is_what_counts() -> None:
    wrapped = OperationalError("SELECT 1", {}, errors.SerializationFailure())
    assert verdict_on(wrapped) is Verdict.AGAIN


@pytest.mark.parametrize("error", [errors.UniqueViolation(), errors.UndefinedTable(), ValueError()])
def test_what_a_job_did_wrong_is_not_the_stores(error: BaseException) -> None:
    assert not is_of_store(error)


@pytest.mark.parametrize("error", [errors.SerializationFailure(), errors.DiskFull(), psycopg.OperationalError()])
def test_what_keeps_everybody_from_going_on_is_the_stores(error: BaseException) -> None:
    assert is_of_store(error)
