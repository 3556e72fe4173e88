"""What is true of a ward's account."""

from __future__ import annotations

from dataclasses import replace

from eztong.domain.errors import StateConflict
from eztong.domain.holder import FreezeCause, Holder, HolderState, Stopped
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
    return _without(holder, FreezeCause.GUARDIAN)


def shut_under(holder: Holder) -> Holder:
    """Return a stopped account as one that a guardian's freeze stopped before: that shows once its own stop is lifted.

    Used where the authority says that a minor died: its guardianship ends, and the authority may be wrong.
    """
    return holder.with_stops((*holder.stopped, Stopped(HolderState.FROZEN, FreezeCause.GUARDIAN)))


def without_own_freeze(holder: Holder) -> Holder:
    """Return the holder after an own freeze was lifted, also under whatever else stops the account; or as it is.

    Only who signs in lifts one, so that an account which a guardian has back must not keep it.
    """
    return _without(holder, FreezeCause.SELF)


def cause_of_freeze(holder: Holder, cause: FreezeCause) -> FreezeCause:
    """Return whose freeze it is: nobody lifts an own one of an account kept by a guardian, so it is the guardian's."""
    return FreezeCause.GUARDIAN if cause is FreezeCause.SELF and is_kept_by_guardian(holder) else cause


def _without(holder: Holder, cause: FreezeCause) -> Holder:
    kept = replace(holder, stopped=tuple(one for one in holder.stopped if one.freeze_cause is not cause))
    return kept.restored() if holder.freeze_cause is cause else kept
