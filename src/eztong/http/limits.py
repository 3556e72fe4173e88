"""The limits of the partner doors: rates per partner, failure budgets per desk."""

from __future__ import annotations

from eztong.domain.errors import DeskLocked, TooMany
from eztong.domain.partner import Caller
from eztong.ports.limiter import Limit, Limiter

READS = Limit("partner_reads", 6_000, 60)
REQUESTS = Limit("partner_requests", 6_000, 60)
UNKNOWN_KEYS = Limit("unknown_keys", 30, 60)
WRONG_AT_DESK = Limit("wrong_codes_at_desk", 10, 900)
WRONG_AT_PARTNER = Limit("wrong_codes_at_partner", 100, 900)


def check_budget(limiter: Limiter, caller: Caller, desk: str | None) -> None:
    """Refuse a desk that used up its budget of wrong codes.

    Raises:
        DeskLocked: with the seconds to wait.
    """
    limit, subject = _budget(caller, desk)
    try:
        limiter.check(limit, subject)
    except TooMany as error:
        raise DeskLocked(retry_after=error.retry_after) from error


def spend_budget(limiter: Limiter, caller: Caller, desk: str | None) -> None:
    """Count a wrong code against the desk, or against the partner where no desk was named."""
    limit, subject = _budget(caller, desk)
    try:
        limiter.hit(limit, subject)
    except TooMany as error:
        raise DeskLocked(retry_after=error.retry_after) from error


def _budget(caller: Caller, desk: str | None) -> tuple[Limit, str]:
    partner_id = caller.partner.partner_id
    return (WRONG_AT_PARTNER, partner_id) if desk is None else (WRONG_AT_DESK, f"{partner_id}/{desk}")
