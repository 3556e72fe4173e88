"""Keys that the citizen door's pages put together from a prefix and a value."""

from eztong.domain.holder import FreezeReason, HolderState
from eztong.domain.registration import Reason

_BEFORE_AN_ACCOUNT = {HolderState.DRAFT, HolderState.APPROVED}

KEYS = {
    *(f"reason.{reason}" for reason in Reason),
    *(f"result.{state}.{part}" for state in set(HolderState) - _BEFORE_AN_ACCOUNT for part in ("title", "text")),
    *(f"reasons.{reason}.{part}" for reason in FreezeReason for part in ("title", "text")),
    *(f"steps.{step}" for step in ("documents", "phone", "identity", "result")),
    *(f"tab.{tab}" for tab in ("code", "agreements", "freeze")),
}
