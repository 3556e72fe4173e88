"""Holders: which state refuses with which error, and freezing."""

from __future__ import annotations

import pytest

from eztong.domain.errors import (
    HolderFrozen,
    HolderNotActive,
    HolderNotUsable,
    HolderRestricted,
    HolderTerminated,
    StateConflict,
)
from eztong.domain.holder import (
    Assurance,
    FreezeCause,
    Holder,
    HolderState,
    WrappedKey,
    check_may_be_verified,
    check_may_show_code,
)
from eztong.domain.identifiers import HolderId
from tests.simulators.batches import NOW


def holder_in(state: HolderState) -> Holder:
    """Return an account in this state."""
    key = WrappedKey(kek_id="kek-1", wrapped=b"")
    return Holder(holder_id=HolderId("hld_1"), state=state, created_at=NOW, data_key=key)


@pytest.mark.parametrize(
    ("state", "error"),
    [
        (HolderState.DRAFT, HolderNotActive),
        (HolderState.APPLIED, HolderNotActive),
        (HolderState.APPROVED, HolderNotActive),
        (HolderState.UNDER_REVIEW, HolderNotActive),
        (HolderState.SUPPLEMENT_NEEDED, HolderNotActive),
        (HolderState.REFUSED, HolderNotActive),
        (HolderState.FROZEN, HolderFrozen),
        (HolderState.TERMINATED, HolderTerminated),
        (HolderState.DEREGISTERING, HolderNotActive),
        (HolderState.DEREGISTERED, HolderNotActive),
    ],
)
def test_a_state_that_shows_no_code_says_which_it_is(state: HolderState, error: type[HolderNotUsable]) -> None:
    for floor in Assurance:
        with pytest.raises(error):
            check_may_be_verified(holder_in(state), floor=floor)
    with pytest.raises(error):
        check_may_show_code(holder_in(state))


@pytest.mark.parametrize("floor", Assurance)
def test_an_active_holder_passes_every_scene(floor: Assurance) -> None:
    check_may_be_verified(holder_in(HolderState.ACTIVE), floor=floor)


def test_a_restricted_holder_shows_codes_but_passes_low_scenes_only() -> None:
    restricted = holder_in(HolderState.RESTRICTED)
    check_may_show_code(restricted)
    check_may_be_verified(restricted, floor=Assurance.LOW)
    for floor in (Assurance.SUBSTANTIAL, Assurance.HIGH):
        with pytest.raises(HolderRestricted):
            check_may_be_verified(restricted, floor=floor)


@pytest.mark.parametrize("state", [HolderState.ACTIVE, HolderState.RESTRICTED])
@pytest.mark.parametrize("cause", FreezeCause)
def test_freezing_remembers_who_froze_first(state: HolderState, cause: FreezeCause) -> None:
    frozen = holder_in(state).frozen(cause)
    assert (frozen.state, frozen.freeze_cause) == (HolderState.FROZEN, cause)
    for later in FreezeCause:
        assert frozen.frozen(later) is frozen


@pytest.mark.parametrize(
    "state",
    [state for state in HolderState if state not in {HolderState.ACTIVE, HolderState.RESTRICTED, HolderState.FROZEN}],
)
def test_what_was_never_active_or_has_ended_cannot_be_frozen(state: HolderState) -> None:
    with pytest.raises(StateConflict):
        holder_in(state).frozen(FreezeCause.SELF)


def test_a_step_that_does_not_exist_is_named_in_the_refusal() -> None:
    with pytest.raises(StateConflict, match="draft cannot become active"):
        holder_in(HolderState.DRAFT).moved_to(HolderState.ACTIVE)
