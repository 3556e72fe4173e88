"""Holders: which state refuses with which error, and freezing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.errors import (
    HolderFrozen,
    HolderNotActive,
    HolderNotUsable,
    HolderRestricted,
    HolderTerminated,
    StateConflict,
)
from eztong.domain.holder import WITH_ACCOUNT, Assurance, FreezeCause, FreezeNotOwn, Holder, HolderState, WrappedKey
from eztong.domain.identifiers import HolderId
from eztong.domain.restrictions.mark import Ceiling
from eztong.domain.standing import NothingPasses, check_in_use, check_may_be_verified, check_may_show_code, is_usable
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


@pytest.mark.parametrize("state", HolderState)
def test_usable_is_what_may_show_a_code(state: HolderState) -> None:
    try:
        check_may_show_code(holder_in(state))
    except HolderNotUsable:
        assert not is_usable(holder_in(state))
    else:
        assert is_usable(holder_in(state))


@pytest.mark.parametrize(
    ("ceiling", "passes"),
    [(Ceiling.LOW, {Assurance.LOW}), (Ceiling.SUBSTANTIAL, {Assurance.LOW, Assurance.SUBSTANTIAL})],
)
def test_a_restricted_holder_shows_codes_and_passes_up_to_the_ceiling(ceiling: Ceiling, passes: set[Assurance]) -> None:
    restricted = replace(holder_in(HolderState.ACTIVE), ceiling=ceiling)
    check_may_show_code(restricted)
    assert (restricted.standing, restricted.is_restricted) == ("restricted", True)
    for floor in Assurance:
        if floor in passes:
            check_may_be_verified(restricted, floor=floor)
            continue
        with pytest.raises(HolderRestricted) as why:
            check_may_be_verified(restricted, floor=floor)
        assert why.type is HolderRestricted


def test_where_nothing_passes_no_code_is_shown_but_the_account_is_in_use() -> None:
    closed = replace(holder_in(HolderState.ACTIVE), ceiling=Ceiling.NONE)
    check_in_use(closed)
    with pytest.raises(NothingPasses):
        check_may_show_code(closed)
    for floor in Assurance:
        with pytest.raises(NothingPasses):
            check_may_be_verified(closed, floor=floor)


@pytest.mark.parametrize("ceiling", [None, *Ceiling])
def test_no_stop_and_no_way_back_touches_the_marks(ceiling: Ceiling | None) -> None:
    before = replace(holder_in(HolderState.ACTIVE), ceiling=ceiling, mark_changes=3)
    frozen = before.frozen(FreezeCause.SELF)
    leaving = frozen.moved_to(HolderState.DEREGISTERING)
    assert frozen.ceiling == leaving.ceiling == ceiling
    assert leaving.standing == "deregistering"
    assert leaving.restored().unfrozen() == before


ACCOUNTS = [HolderState.ACTIVE, HolderState.TERMINATED, HolderState.DEREGISTERING]


def account_in(state: HolderState) -> Holder:
    """Return an account in this state, as it got there."""
    active = holder_in(HolderState.ACTIVE)
    return active if state is HolderState.ACTIVE else active.moved_to(state)


@pytest.mark.parametrize("state", ACCOUNTS)
@pytest.mark.parametrize("cause", FreezeCause)
def test_every_account_can_be_frozen_and_lifting_leads_to_the_state_before(
    state: HolderState, cause: FreezeCause
) -> None:
    before = account_in(state)
    frozen = before.frozen(cause)
    assert (frozen.state, frozen.freeze_cause) == (HolderState.FROZEN, cause)
    assert frozen.frozen(cause) is frozen
    assert frozen.restored() == before


def test_a_freeze_of_the_operator_stays_when_the_own_is_asked_for() -> None:
    frozen = account_in(HolderState.ACTIVE).frozen(FreezeCause.RISK)
    assert frozen.frozen(FreezeCause.SELF) is frozen
    with pytest.raises(FreezeNotOwn):
        frozen.unfrozen()


def test_the_operator_freezes_over_the_own_freeze_and_lifting_leads_back_to_it() -> None:
    own = account_in(HolderState.ACTIVE).frozen(FreezeCause.SELF)
    risk = own.frozen(FreezeCause.RISK)
    with pytest.raises(FreezeNotOwn):
        risk.unfrozen()
    assert risk.restored() == own
    assert own.unfrozen() == account_in(HolderState.ACTIVE)


@pytest.mark.parametrize("first", [HolderState.TERMINATED, HolderState.FROZEN])
def test_undoing_a_deregistration_gives_back_what_it_stopped_and_nothing_more(first: HolderState) -> None:
    active = account_in(HolderState.ACTIVE)
    before = active.frozen(FreezeCause.RISK) if first is HolderState.FROZEN else active.moved_to(first)
    leaving = before.moved_to(HolderState.DEREGISTERING)
    with pytest.raises(StateConflict):
        leaving.moved_to(HolderState.ACTIVE)
    assert leaving.restored() == before
    assert leaving.frozen(FreezeCause.SELF).unfrozen().restored() == before


def test_a_stop_is_not_begun_once_more_over_a_freeze_of_it() -> None:
    for stop in (HolderState.TERMINATED, HolderState.DEREGISTERING):
        with pytest.raises(StateConflict):
            account_in(stop).frozen(FreezeCause.SELF).moved_to(stop)


@pytest.mark.parametrize("state", sorted(set(HolderState) - WITH_ACCOUNT))
def test_what_is_no_account_cannot_be_frozen(state: HolderState) -> None:
    assert not holder_in(state).has_account
    with pytest.raises(StateConflict):
        holder_in(state).frozen(FreezeCause.SELF)


@pytest.mark.parametrize("state", [HolderState.ACTIVE, HolderState.APPLIED])
def test_what_nothing_stopped_has_no_state_to_go_back_to(state: HolderState) -> None:
    with pytest.raises(StateConflict):
        holder_in(state).restored()


def test_the_page_of_the_code_tells_a_freeze_of_others_from_the_own() -> None:
    active = account_in(HolderState.ACTIVE)
    with pytest.raises(HolderFrozen) as own:
        check_may_show_code(active.frozen(FreezeCause.SELF))
    with pytest.raises(HolderFrozen) as others:
        check_may_show_code(active.frozen(FreezeCause.OPERATOR))
    assert (own.type, others.type) == (HolderFrozen, FreezeNotOwn)
    with pytest.raises(HolderFrozen) as verified:
        check_may_be_verified(active.frozen(FreezeCause.OPERATOR), floor=Assurance.LOW)
    assert verified.type is HolderFrozen, "why is not for the partner's side"


def test_a_step_that_does_not_exist_is_named_in_the_refusal() -> None:
    with pytest.raises(StateConflict, match="draft cannot become active"):
        holder_in(HolderState.DRAFT).moved_to(HolderState.ACTIVE)
