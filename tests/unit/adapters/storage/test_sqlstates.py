"""What an error of a PostgreSQL server means: whose it is, and whether to run it again."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors
from sqlalchemy.exc import OperationalError

from eztong.adapters.storage.postgres.sqlstates import ErrorMeans, is_of_store, verdict_on


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (errors.SerializationFailure(), ErrorMeans.AGAIN),
        (errors.DeadlockDetected(), ErrorMeans.AGAIN),
        (errors.UniqueViolation(), ErrorMeans.ONCE_MORE),
        (errors.ReadOnlySqlTransaction(), ErrorMeans.RECONNECT),
        (errors.AdminShutdown(), ErrorMeans.RECONNECT),
        (errors.CannotConnectNow(), ErrorMeans.RECONNECT),
        (errors.ConnectionFailure(), ErrorMeans.RECONNECT),
        (psycopg.OperationalError("the connection is lost"), ErrorMeans.RECONNECT),
        (psycopg.InterfaceError("the connection is closed"), ErrorMeans.RECONNECT),
        (errors.TooManyConnections(), ErrorMeans.UNAVAILABLE),
        (errors.DiskFull(), ErrorMeans.UNAVAILABLE),
        (errors.QueryCanceled(), ErrorMeans.UNAVAILABLE),
        (errors.LockNotAvailable(), ErrorMeans.UNAVAILABLE),
        (errors.IndexCorrupted(), ErrorMeans.UNAVAILABLE),
        (errors.UndefinedTable(), ErrorMeans.STATEMENT),
        (errors.NotNullViolation(), ErrorMeans.STATEMENT),
        (errors.InFailedSqlTransaction(), ErrorMeans.STATEMENT),
        (psycopg.ProgrammingError("no result"), ErrorMeans.STATEMENT),
        (ValueError("of a job"), None),
        (None, None),
    ],
)
def test_each_error_has_one_meaning(error: BaseException | None, verdict: ErrorMeans | None) -> None:
    assert verdict_on(error) is verdict


def test_an_error_behind_another_is_what_counts() -> None:
    wrapped = OperationalError("SELECT 1", {}, errors.SerializationFailure())
    assert verdict_on(wrapped) is ErrorMeans.AGAIN


@pytest.mark.parametrize("error", [errors.UniqueViolation(), errors.UndefinedTable(), ValueError()])
def test_what_a_job_did_wrong_is_not_the_stores(error: BaseException) -> None:
    assert not is_of_store(error)


@pytest.mark.parametrize("error", [errors.SerializationFailure(), errors.DiskFull(), psycopg.OperationalError()])
def test_what_keeps_everybody_from_going_on_is_the_stores(error: BaseException) -> None:
    assert is_of_store(error)
