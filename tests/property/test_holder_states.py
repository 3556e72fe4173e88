"""Holders: whatever steps are tried, no account comes back from its end, and only the right states show codes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from eztong.domain.errors import HolderNotUsable, StateConflict
from eztong.domain.holder import (
    STOPS,
    TRANSITIONS,
    WITH_ACCOUNT,
    Assurance,
    FreezeCause,
    Holder,
    HolderState,
    WrappedKey,
)
from eztong.domain.identifiers import HolderId
from eztong.domain.restrictions.mark import Ceiling
from eztong.domain.standing import check_may_be_verified, check_may_show_code
from tests.simulators.batches import NOW

USABLE = {HolderState.ACTIVE}
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
        self.stopped: list[Holder] = []

    @rule(state=states)
    def move(self, state: HolderState) -> None:
        before = self.holder
        try:
            self.holder = before.moved_to(state)
        except StateConflict:
            again = state in {stopped.state for stopped in before.stopped}
            assert again or state not in TRANSITIONS[before.state]
            return
        assert state in TRANSITIONS[before.state]
        self._note(before)

    @rule(cause=st.sampled_from(FreezeCause))
    def freeze(self, cause: FreezeCause) -> None:
        before = self.holder
        try:
            self.holder = before.frozen(cause)
        except StateConflict:
            assert before.state not in WITH_ACCOUNT
            return
        assert self.holder.state is HolderState.FROZEN
        assert self.holder.frozen(cause) == self.holder, "freezing twice is the same as once"
        if self.holder != before:
            self._note(before)

    @rule()
    def restore(self) -> None:
        if self.holder.state not in STOPS:
            with pytest.raises(StateConflict):
                self.holder.restored()
            return
        self.holder = self.holder.restored()
        assert self.holder == self.stopped.pop(), "undoing a stop leads to exactly what it stopped"
        self.past.append(self.holder.state)

    def _note(self, before: Holder) -> None:
        self.past.append(self.holder.state)
        if self.holder.state in STOPS:
            self.stopped.append(before)

    @invariant()
    def stops_are_few(self) -> None:
        """Each other stop lies there once, and a cause of freezes again only above one of these."""
        others = [one.state for one in self.holder.stopped if one.state is not HolderState.FROZEN]
        assert len(set(others)) == len(others)
        freezes = len(self.holder.stopped) - len(others)
        assert freezes <= len(FreezeCause) + len(STOPS - {HolderState.FROZEN})

    @invariant()
    def only_own_freezes_are_lifted_by_the_holder(self) -> None:
        lifted = self.holder
        try:
            lifted = self.holder.unfrozen()
        except HolderNotUsable:
            return
        if lifted != self.holder:
            assert self.holder.freeze_cause is FreezeCause.SELF

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
    restricted = replace(holder_in(HolderState.ACTIVE), ceiling=Ceiling.LOW)
    if floor is Assurance.LOW:
        check_may_be_verified(restricted, floor=floor)
        return
    with pytest.raises(HolderNotUsable):
        check_may_be_verified(restricted, floor=floor)
    check_may_be_verified(holder_in(HolderState.ACTIVE), floor=floor)
