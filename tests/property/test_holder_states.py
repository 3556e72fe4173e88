"""Holders: whatever steps are tried, no account comes back from its end, and only the right states show codes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from eztong.domain.errors import HolderNotUsable, StateConflict
from eztong.domain.holder import (
    TRANSITIONS,
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

USABLE = {HolderState.ACTIVE, HolderState.RESTRICTED}
states = st.sampled_from(HolderState)


def holder_in(state: HolderState) -> Holder:
    """Return an account in this state."""
    key = WrappedKey(kek_id="kek-1", wrapped=b"")
    return Holder(holder_id=HolderId("hld_01KF0000000000000000000000"), state=state, created_at=NOW, data_key=key)


def reachable(start: HolderState) -> set[HolderState]:
    """Return every state that any steps lead to."""
    found: set[HolderState] = set()
    todo = [start]
    while todo:
        for state in TRANSITIONS[todo.pop()] - found:
            found.add(state)
            todo.append(state)
    return found


class Account(RuleBasedStateMachine):
    """An account to which everything is tried."""

    def __init__(self) -> None:
        super().__init__()
        self.holder = holder_in(HolderState.DRAFT)
        self.past = [HolderState.DRAFT]

    @rule(state=states)
    def move(self, state: HolderState) -> None:
        before = self.holder.state
        try:
            self.holder = self.holder.moved_to(state)
        except StateConflict:
            assert state not in TRANSITIONS[before]
            return
        assert state in TRANSITIONS[before]
        self.past.append(state)

    @rule(cause=st.sampled_from(FreezeCause))
    def freeze(self, cause: FreezeCause) -> None:
        before = self.holder
        try:
            self.holder = self.holder.frozen(cause)
        except StateConflict:
            assert before.state not in {*USABLE, HolderState.FROZEN}
            return
        assert self.holder.state is HolderState.FROZEN
        assert self.holder.frozen(cause) == self.holder
        if before.state is HolderState.FROZEN:
            assert self.holder == before, "freezing twice is the same as once"
        self.past.append(self.holder.state)

    @invariant()
    def nothing_follows_the_end(self) -> None:
        assert HolderState.DEREGISTERED not in self.past[:-1]

    @invariant()
    def nobody_is_active_without_a_decision(self) -> None:
        if self.holder.state in USABLE:
            assert {HolderState.APPLIED, HolderState.APPROVED} <= set(self.past)

    @invariant()
    def codes_are_for_usable_accounts(self) -> None:
        for check in (check_may_show_code, lambda holder: check_may_be_verified(holder, floor=Assurance.LOW)):
            try:
                check(self.holder)
            except HolderNotUsable:
                assert self.holder.state not in USABLE
            else:
                assert self.holder.state in USABLE


TestAccount = Account.TestCase


def test_every_state_has_its_steps_and_only_deregistered_has_none() -> None:
    assert set(TRANSITIONS) == set(HolderState)
    assert [state for state, steps in TRANSITIONS.items() if not steps] == [HolderState.DEREGISTERED]
    assert reachable(HolderState.DRAFT) == set(HolderState) - {HolderState.DRAFT}


@pytest.mark.parametrize("state", HolderState)
def test_no_steps_lead_back_to_the_beginning(state: HolderState) -> None:
    assert HolderState.DRAFT not in reachable(state)


@given(st.sampled_from([state for state in HolderState if state not in USABLE]), st.sampled_from(Assurance))
def test_no_other_state_is_ever_verified(state: HolderState, floor: Assurance) -> None:
    with pytest.raises(HolderNotUsable):
        check_may_be_verified(holder_in(state), floor=floor)


@given(st.sampled_from(Assurance))
def test_a_restricted_account_passes_low_scenes_only(floor: Assurance) -> None:
    if floor is Assurance.LOW:
        check_may_be_verified(holder_in(HolderState.RESTRICTED), floor=floor)
        return
    with pytest.raises(HolderNotUsable):
        check_may_be_verified(holder_in(HolderState.RESTRICTED), floor=floor)
    check_may_be_verified(holder_in(HolderState.ACTIVE), floor=floor)
