"""What an error of PostgreSQL means for whoever was at work: one table of SQLSTATEs, after its manual, appendix A."""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

import psycopg
from sqlalchemy.exc import DBAPIError


class ErrorMeans(Enum):
    """What is to be done after an error."""

    STATEMENT = auto()
    """The statement or its values are wrong, and will be the next time, too: whoever asked for it hears of it."""

    ONCE_MORE = auto()
    """Another transaction may have been first with the same key: run it once more, then it sees that one."""

    AGAIN = auto()
    """Transactions stood in each other's way; the server undid this one: run all of it again."""

    RECONNECT = auto()
    """The connection is gone, or leads to a server that does not write: run it again over another connection."""

    UNAVAILABLE = auto()
    """The server cannot: too many connections, no room, told to stop, locked for too long. Nothing was written."""


_OF_STATE: Final = {
    "40001": ErrorMeans.AGAIN,  # serialization_failure
    "40P01": ErrorMeans.AGAIN,  # deadlock_detected
    "23505": ErrorMeans.ONCE_MORE,  # unique_violation
    "25006": ErrorMeans.RECONNECT,  # read_only_sql_transaction: a primary that became a standby
    "57P01": ErrorMeans.RECONNECT,  # admin_shutdown
    "57P02": ErrorMeans.RECONNECT,  # crash_shutdown
    "57P03": ErrorMeans.RECONNECT,  # cannot_connect_now
    "57P05": ErrorMeans.RECONNECT,  # idle_session_timeout
    "25P03": ErrorMeans.RECONNECT,  # idle_in_transaction_session_timeout
    "55P03": ErrorMeans.UNAVAILABLE,  # lock_not_available
    "57014": ErrorMeans.UNAVAILABLE,  # query_canceled, also by statement_timeout
}
_OF_CLASS: Final = {
    "08": ErrorMeans.RECONNECT,  # connection exceptions
    "40": ErrorMeans.AGAIN,  # transaction rollback
    "53": ErrorMeans.UNAVAILABLE,  # insufficient resources
    "58": ErrorMeans.UNAVAILABLE,  # errors of the system outside the server
    "XX": ErrorMeans.UNAVAILABLE,  # internal errors, damaged data or index
}


def verdict_on(error: BaseException | None) -> ErrorMeans | None:
    """Return what an error of the driver means, also one that stands behind another; None for what is none of it."""
    if isinstance(error, DBAPIError):
        error = error.orig
    if not isinstance(error, psycopg.Error):
        return None
    state = error.sqlstate
    if state is None:
        # What the client noticed by itself: only the first two kinds are about the connection.
        is_lost = isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError))
        return ErrorMeans.RECONNECT if is_lost else ErrorMeans.STATEMENT
    return _OF_STATE.get(state) or _OF_CLASS.get(state[:2], ErrorMeans.STATEMENT)


def is_of_store(error: BaseException | None) -> bool:
    """Say whether an error is the store's, and not of the statement that met it."""
    return verdict_on(error) not in {None, ErrorMeans.STATEMENT, ErrorMeans.ONCE_MORE}
