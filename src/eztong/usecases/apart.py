"""Parts of an act that the rest does not depend on: each is done, or read, by itself, whatever fails in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Final, TypeVar

from eztong.domain.damage import Listed, StoredDamaged
from eztong.ports.act import Act

T = TypeVar("T")
TELLING: Final = "telling"
"""Telling somebody of an act, which stands whether or not they can be told."""
CONTACT: Final = "contact"
"""Ending what was opened in the name of an account: numbers, addresses, helpers, choices."""
CODES: Final = "codes"
"""Ending the codes that an account shows for others."""
MARKS: Final = "marks"
"""The marks that stand on an account."""
CARE: Final = "care"
"""Ending what an account is to wards and guardians, and looking up who they are."""
ERASING: Final = "erasing"
"""What an erasure looks up, tells or keeps, and does not wait for."""
READING: Final = "reading"
"""Noting for accounts that staff were shown something of them."""
DATES: Final = "dates"
"""Dating again what waits for an answer."""
JOBS: Final = "jobs"
"""Leasing a job, and noting what became of it."""


class Unread:
    """Stands for what could not be read; why, was counted."""


def read_apart(act: Act, name: str, read: Callable[[], T]) -> T | Unread:
    """Return what ``read`` returns, or that it could not be read, counted by ``name``."""
    found: list[T | Unread] = [Unread()]

    def keep() -> None:
        found[0] = read()

    act.uow.apart(name, keep)
    return found[0]


def each_by_itself(act: Act, name: str, those: Iterable[T], do: Callable[[T], object]) -> Sequence[T]:
    """Do it for each of many in one unit of work, each apart; return those for whom it failed, counted by ``name``."""
    return [one for one in those if not act.uow.apart(name, partial(do, one))]


def readable_of(act: Act, name: str, found: Listed[T]) -> Sequence[T]:
    """Return what can be read of a list across accounts; each of the others is counted by ``name``."""
    for one in found.damaged:
        act.uow.apart(name, partial(_fail, one))
    return found.those


def _fail(why: StoredDamaged) -> None:
    raise why
