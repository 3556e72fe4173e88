"""Spend from a budget, inside the unit of work that does what it is spent for (or refuses it)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from eztong.domain.budget import Budget, Spent, check_within, total
from eztong.ports.act import Act
from eztong.ports.keys import Keys, MacPurpose
from eztong.ports.storage.repositories import Repositories


def spend(
    act: Act,
    budget: Budget,
    *subject: bytes,
) -> int:
    """Count one more for ``subject`` and return how much is spent now.

    It is counted before it is compared, so that spending at the same time never goes beyond the budget; the exception
    takes the count back with everything else that the unit of work did.

    Raises:
        TooMany: the budget is used up.
    """
    amount = count(act, budget, *subject)
    if amount > budget.amount:
        check_within(budget, _spent(budget, subject, stored=act.uow, keys=act.keys, now=act.now), now=act.now)
    return amount


def count(
    act: Act,
    budget: Budget,
    *subject: bytes,
) -> int:
    """Count one more, also beyond the budget, and return how much is spent now."""
    act.uow.budgets.spend(budget_subject(budget, subject, keys=act.keys), budget.name, slot=budget.slot_at(act.now))
    return spent(budget, *subject, stored=act.uow, keys=act.keys, now=act.now)


def check_left(act: Act, budget: Budget, *subject: bytes) -> None:
    """Refuse once the budget is used up; nothing is counted by that.

    Raises:
        TooMany: nothing is left.
    """
    now = act.now
    one_more = Spent(slot=budget.slot_at(now), amount=1)
    check_within(budget, [*_spent(budget, subject, stored=act.uow, keys=act.keys, now=now), one_more], now=now)


def take(
    act: Act,
    budget: Budget,
    *subject: bytes,
) -> bool:
    """Spend one if there is one left, and say so.

    What comes beyond the budget is not counted: else whoever goes on a little every day would keep it used up for good.
    """
    if spent(budget, *subject, stored=act.uow, keys=act.keys, now=act.now) >= budget.amount:
        return False
    return count(act, budget, *subject) <= budget.amount


def spent(budget: Budget, *subject: bytes, stored: Repositories, keys: Keys, now: datetime) -> int:
    """Return how much is spent."""
    return total(_spent(budget, subject, stored=stored, keys=keys, now=now))


def _spent(
    budget: Budget, subject: tuple[bytes, ...], *, stored: Repositories, keys: Keys, now: datetime
) -> Sequence[Spent]:
    return stored.budgets.spent(budget_subject(budget, subject, keys=keys), budget.name, since=budget.counts_since(now))


def budget_subject(budget: Budget, subject: tuple[bytes, ...], *, keys: Keys) -> bytes:
    """Return the keyed hash that ``subject`` is counted under."""
    # Each part with its length: no two subjects run into one another.
    parts = b"".join(len(part).to_bytes(4) + part for part in subject)
    return keys.mac(MacPurpose.LOOKUP, b"budget\x00" + budget.name.encode() + b"\x00" + parts)
