"""Keys that the citizen door's pages put together from a prefix and a value."""

from eztong.citizen.devices import EVENTS
from eztong.domain.device import DeviceState
from eztong.domain.holder import FreezeReason, HolderState
from eztong.domain.registration import Reason

_BEFORE_AN_ACCOUNT = {HolderState.DRAFT, HolderState.APPROVED}

KEYS = {
    *(f"reason.{reason}" for reason in Reason),
    *(f"result.{state}.{part}" for state in set(HolderState) - _BEFORE_AN_ACCOUNT for part in ("title", "text")),
    *(f"devices.state.{state}" for state in DeviceState),
    *(f"event.{kind}" for kind in EVENTS),
    *(f"reasons.{reason}.{part}" for reason in FreezeReason for part in ("title", "text")),
    *(f"steps.{step}" for step in ("documents", "phone", "identity", "result")),
    *(f"tab.{tab}" for tab in ("code", "grants", "records", "me")),
}
