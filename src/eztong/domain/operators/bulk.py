"""The same act on several rows of a queue: how many one operator does alone, and what is typed before it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from eztong.domain.errors import InputInvalid

MOST_ALONE: Final = 20
"""Rows that one operator works off in one go. More are worked off in parts, each looked at before."""


class BulkAct(StrEnum):
    """Acts that are safe on several rows: each is taken back, appealed or answered again."""

    ANSWER = "answer"
    CLOSE = "close"
    SUPPLEMENT = "supplement"
    REFUSE = "refuse"


class RefusalGround(StrEnum):
    """Why applications are refused together; each has its words for the applicant."""

    DUPLICATE = "duplicate"
    NOT_ANSWERED = "not_answered"
    DATA_DIFFERS = "data_differs"


class RowsMissing(InputInvalid):
    """No row was ticked."""

    code = "bulk_rows_missing"
    advice = "Tick at least one row."


class RowsTooMany(InputInvalid):
    """More rows were ticked than one operator works off in one go."""

    code = "bulk_rows_too_many"
    advice = f"Tick at most {MOST_ALONE} rows."


class CountWrong(InputInvalid):
    """What was typed is not how many rows it is about."""

    code = "bulk_count_wrong"
    advice = "Type how many rows it is about, as the page says it."


def check_rows(rows: Sequence[str]) -> None:
    """Refuse none, and more than one operator works off in one go.

    Raises:
        RowsMissing, RowsTooMany: as they say.
    """
    if not rows:
        raise RowsMissing
    if len(rows) > MOST_ALONE:
        raise RowsTooMany


def check_typed_count(typed: str, rows: Sequence[str]) -> None:
    """Refuse what is not the number of rows, in plain digits.

    Raises:
        CountWrong: it is not.
    """
    if typed.strip() != str(len(rows)):
        raise CountWrong
