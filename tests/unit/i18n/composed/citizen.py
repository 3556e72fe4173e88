"""Keys that the citizen door's pages put together from a prefix and a value."""

from eztong.domain.holder import HolderState
from eztong.domain.intention import IntentionMode
from eztong.domain.registration import Reason

_BEFORE_AN_ACCOUNT = {HolderState.DRAFT, HolderState.APPROVED}

KEYS = {
    *(f"intention_mode.{mode}" for mode in IntentionMode),
    *(f"reason.{reason}" for reason in Reason),
    *(f"result.{state}.{part}" for state in set(HolderState) - _BEFORE_AN_ACCOUNT for part in ("title", "text")),
    *(f"steps.{step}" for step in ("documents", "phone", "identity", "result")),
    *(f"tab.{tab}" for tab in ("code", "agreements", "freeze")),
}
