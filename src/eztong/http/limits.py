"""Limits: by network of the client for every door; for partner doors rates, and failure budgets of desk and partner."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from functools import cache

from eztong.domain.addresses.network import network_of
from eztong.domain.errors import DeskLocked, ReplaysExhausted, TooMany
from eztong.domain.partners.partner import Caller, Partner
from eztong.gm.sm3 import sm3
from eztong.ports.limiter import Limit, Limiter
from eztong.ports.services import Deployment, Services
from eztong.usecases.codes.verify_code import VerifyCode

READS = Limit("partner_reads", 6_000, 60)
REQUESTS = Limit("partner_requests", 6_000, 60)
UNKNOWN_KEYS = Limit("unknown_keys", 30, 60)
WRONG_AT_DESK = Limit("wrong_codes_at_desk", 10, 900)
WRONG_AT_PARTNER = Limit("wrong_codes_at_partner", 100, 900)
REPLAY_WINDOW = 900
REPLAYED = Limit("replayed_codes", 1, REPLAY_WINDOW)
"""Remembers which tries were replays, so that an exhausted budget refuses these and never a fresh code or a repeat."""
WIDER = 8
"""How much more a wider network may do than one of the networks in it."""


def own_limit(limit: Limit, partner: Partner) -> Limit:
    """Return the limit of calls in a minute that holds for a partner: the service's, or one of its own."""
    return limit if partner.per_minute is None else _own_limit(limit.name, partner.per_minute)


@cache
def _own_limit(name: str, per_minute: int) -> Limit:
    return Limit(name, per_minute, 60)


def hit_network(limiter: Limiter, limit: Limit, address: str) -> None:
    """Count one event of a client, by its network (:mod:`eztong.domain.addresses.network`) and the wider one around it.

    Raises:
        TooMany: one of them is used up.
    """
    network = network_of(address)
    limiter.hit(limit, network.narrow)
    if network.wide is not None:
        limiter.hit(Limit(f"{limit.name}_wide", limit.amount * WIDER, limit.seconds), network.wide)


def check_budget(limiter: Limiter, caller: Caller, desk: str | None, *, now: datetime) -> None:
    """Refuse a desk or partner that used up its budget of wrong codes.

    Raises:
        DeskLocked: with the seconds to wait.
    """
    for limit, subject in _budgets(caller, desk):
        try:
            limiter.check(limit, subject, now=now)
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


def check_replays(command: VerifyCode, *, now: datetime, services: Services) -> None:
    """Refuse, before any look-up, a try that was a replay before where the budget of replays is used up.

    The budget keeps a flood from the store. It may be forgotten at a restart: what it protects is capacity. What
    protects the holder, one warning for each code and few an hour, is counted in the store.

    Raises:
        ReplaysExhausted: with the seconds to wait.
    """
    for limit, subject in _replay_budgets(services.deployment, command.caller, command.desk):
        try:
            services.limiter.check(limit, subject, now=now)
        except TooMany as error:
            if _was_replayed(services.limiter, command):
                raise ReplaysExhausted(retry_after=error.retry_after) from error


def spend_replay(command: VerifyCode, *, services: Services) -> None:
    """Count a try with a used code against the partner and, where one is named, its desk.

    Raises:
        ReplaysExhausted: a budget is used up.
    """
    with suppress(TooMany):
        services.limiter.hit(REPLAYED, _mark_of(command))
    for limit, subject in _replay_budgets(services.deployment, command.caller, command.desk):
        try:
            services.limiter.hit(limit, subject)
        except TooMany as error:
            raise ReplaysExhausted(retry_after=error.retry_after) from error


def _was_replayed(limiter: Limiter, command: VerifyCode) -> bool:
    try:
        limiter.check(REPLAYED, _mark_of(command))
    except TooMany:
        return True
    return False


def _mark_of(command: VerifyCode) -> str:
    # Who asks, and with which idempotency key: whoever may hear an earlier answer again was never refused.
    key = b"" if command.idempotency is None else command.idempotency.key_hash
    return sm3(command.presented.digits.encode() + command.asking_hash + key).hex()


@cache
def _replay_limit(name: str, amount: int) -> Limit:
    return Limit(name, amount, REPLAY_WINDOW)


def _replay_budgets(deployment: Deployment, caller: Caller, desk: str | None) -> Sequence[tuple[Limit, str]]:
    partner_id = caller.partner.partner_id
    of_partner = (_replay_limit("replays_at_partner", deployment.replays_per_partner), partner_id)
    if desk is None:
        return (of_partner,)
    return of_partner, (_replay_limit("replays_at_desk", deployment.replays_per_desk), f"{partner_id}/{desk}")


def _budgets(caller: Caller, desk: str | None) -> Sequence[tuple[Limit, str]]:
    partner_id = caller.partner.partner_id
    if desk is None:
        return ((WRONG_AT_PARTNER, partner_id),)
    return (WRONG_AT_PARTNER, partner_id), (WRONG_AT_DESK, f"{partner_id}/{desk}")
