"""What is true of a ward's account."""

from __future__ import annotations

from dataclasses import replace

from eztong.domain.errors import StateConflict
from eztong.domain.holder import FreezeCause, Holder, HolderState
from eztong.domain.registration import WAITS_FOR_GUARDIAN


def is_kept_by_guardian(holder: Holder) -> bool:
    """Say whether only a guardian acts for it: the account of a child, which has no phone and signs in nowhere."""
    return holder.phone_index is None and holder.number_index is not None


def waits_for_guardian(holder: Holder) -> bool:
    """Say whether an application needs what only a guardian can give; whatever else is asked, its applicant answers."""
    return holder.state is HolderState.SUPPLEMENT_NEEDED and holder.reason in WAITS_FOR_GUARDIAN


def is_frozen_by_guardian(holder: Holder) -> bool:
    """Say whether a guardian's freeze stands, perhaps under another stop."""
    return FreezeCause.GUARDIAN in (holder.freeze_cause, *(one.freeze_cause for one in holder.stopped))


def released(holder: Holder) -> Holder:
    """Return the holder after the guardian's freeze was lifted, also under whatever else stops it.

    All of it: a deregistration that came over one may have been frozen once more.

    Raises:
        StateConflict: no guardian froze it.
    """
    if not is_frozen_by_guardian(holder):
        raise StateConflict("No guardian froze this account.")
    kept = replace(holder, stopped=tuple(one for one in holder.stopped if one.freeze_cause is not FreezeCause.GUARDIAN))
    return kept.restored() if holder.freeze_cause is FreezeCause.GUARDIAN else kept
