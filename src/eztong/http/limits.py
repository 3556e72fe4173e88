"""Limits: by network of the client for every door; for partner doors rates, and failure budgets of desk and partner."""

from __future__ import annotations

from collections.abc import Iterator

from eztong.domain.errors import DeskLocked, TooMany
from eztong.domain.network import network_of
from eztong.domain.partner import Caller
from eztong.ports.limiter import Limit, Limiter

READS = Limit("partner_reads", 6_000, 60)
REQUESTS = Limit("partner_requests", 6_000, 60)
UNKNOWN_KEYS = Limit("unknown_keys", 30, 60)
WRONG_AT_DESK = Limit("wrong_codes_at_desk", 10, 900)
WRONG_AT_PARTNER = Limit("wrong_codes_at_partner", 100, 900)
WIDER = 8
"""How much more a wider network may do than one of the networks in it."""


def hit_network(limiter: Limiter, limit: Limit, address: str) -> None:
    """Count one event of a client, by its network (:mod:`eztong.domain.network`) and the wider one around it.

    Raises:
        TooMany: one of them is used up.
    """
    network = network_of(address)
    limiter.hit(limit, network.narrow)
    if network.wide is not None:
        limiter.hit(Limit(f"{limit.name}_wide", limit.amount * WIDER, limit.seconds), network.wide)


def check_budget(limiter: Limiter, caller: Caller, desk: str | None) -> None:
    """Refuse a desk or partner that used up its budget of wrong codes.

    Raises:
        DeskLocked: with the seconds to wait.
    """
    for limit, subject in _budgets(caller, desk):
        try:
            limiter.check(limit, subject)
        except TooMany as error:
            raise DeskLocked(retry_after=error.retry_after) from error


def spend_budget(limiter: Limiter, caller: Caller, desk: str | None) -> None:
    """Count a wrong code against the partner and, where one is named, its desk, which must be a registered one.

    Raises:
        DeskLocked: a budget is used up.
    """
    for limit, subject in _budgets(caller, desk):
        try:
            limiter.hit(limit, subject)
        except TooMany as error:
            raise DeskLocked(retry_after=error.retry_after) from error


def _budgets(caller: Caller, desk: str | None) -> Iterator[tuple[Limit, str]]:
    partner_id = caller.partner.partner_id
    yield WRONG_AT_PARTNER, partner_id
    if desk is not None:
        yield WRONG_AT_DESK, f"{partner_id}/{desk}"
