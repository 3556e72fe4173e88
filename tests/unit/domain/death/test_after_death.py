"""A death stops an account over whatever stopped it, and is lifted from under whatever did since."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from eztong.domain.death.after_death import (
    GRACE,
    TAKEN_WITHIN,
    ArrangedOtherwise,
    NotApproved,
    NotDeceased,
    Wish,
    check_approved,
    check_relatives_may_ask,
    erased_at,
    parse_wish,
    without_death,
)
from eztong.domain.errors import InputInvalid, StateConflict
from eztong.domain.holder import FreezeCause, Holder, HolderState, WrappedKey
from eztong.domain.identifiers import HolderId
from eztong.domain.operators.proposal import Proposal, ProposalKind, ProposalState, SecondStep
from eztong.domain.standing import check_may_show_code

NOW = datetime(2026, 3, 2, tzinfo=UTC)
ALIVE = Holder(
    holder_id=HolderId("hld_1"),
    state=HolderState.ACTIVE,
    created_at=NOW,
    data_key=WrappedKey(kek_id="k", wrapped=b"k"),
)
DEAD = ALIVE.frozen(FreezeCause.DEATH)
OTHERS = (FreezeCause.SELF, FreezeCause.OPERATOR, FreezeCause.GUARDIAN, FreezeCause.RISK)


@pytest.mark.parametrize("cause", OTHERS)
def test_a_death_stops_over_every_other_freeze_and_lifting_goes_back_to_it(cause: FreezeCause) -> None:
    stopped = ALIVE.frozen(cause)
    dead = stopped.frozen(FreezeCause.DEATH)
    assert (dead.is_deceased, dead.freeze_cause) == (True, FreezeCause.DEATH)
    assert without_death(dead) == stopped


@pytest.mark.parametrize("cause", [FreezeCause.OPERATOR, FreezeCause.GUARDIAN, FreezeCause.RISK])
def test_what_was_stopped_over_a_death_stays_stopped_when_the_death_is_lifted(cause: FreezeCause) -> None:
    over = DEAD.frozen(cause)
    assert over.is_deceased
    assert without_death(over) == ALIVE.frozen(cause)


def test_nobody_opens_it_from_outside_and_twice_is_once() -> None:
    assert DEAD.frozen(FreezeCause.DEATH) == DEAD
    assert DEAD.frozen(FreezeCause.SELF) == DEAD
    assert (DEAD.has_account, DEAD.is_entered, ALIVE.is_entered) == (True, False, True)
    with pytest.raises(StateConflict):
        without_death(ALIVE)
    with pytest.raises(Exception, match="operator"):
        DEAD.unfrozen()
    with pytest.raises(Exception, match="operator"):
        check_may_show_code(DEAD)


def test_it_is_kept_as_long_as_the_setting_says_and_shorter_only_by_the_holders_own_wish() -> None:
    years, days = timedelta(days=1095), timedelta(days=60)
    assert erased_at(NOW, Wish.RELATIVES, kept=years) == NOW + years
    assert erased_at(NOW, Wish.ERASE, kept=years) == NOW + GRACE
    assert erased_at(NOW, Wish.ERASE, kept=days) == NOW + days


def test_relatives_may_ask_only_after_the_signal_and_never_against_the_holders_wish() -> None:
    check_relatives_may_ask(DEAD, Wish.RELATIVES)
    with pytest.raises(NotDeceased):
        check_relatives_may_ask(ALIVE, Wish.RELATIVES)
    with pytest.raises(NotDeceased):
        check_relatives_may_ask(DEAD.moved_to(HolderState.DEREGISTERING), Wish.RELATIVES)
    with pytest.raises(ArrangedOtherwise):
        check_relatives_may_ask(DEAD, Wish.ERASE)
    with pytest.raises(InputInvalid):
        parse_wish("sell")


def test_what_was_approved_is_carried_out_within_its_time_and_nothing_else_is() -> None:
    open_one = Proposal(
        proposal_id="prp_1",
        kind=ProposalKind.RELATIVES_COPY,
        subject="tkt_1",
        reason="seen",
        by="li",
        at=NOW,
        until=NOW + timedelta(days=7),
    )
    ended = SecondStep(by="wang", at=NOW, reason="seen too")
    approved = replace(open_one, state=ProposalState.APPROVED, ended=ended)
    last = NOW + TAKEN_WITHIN
    check_approved(approved, ProposalKind.RELATIVES_COPY, now=last - timedelta(seconds=1))
    for proposal, kind, now in (
        (open_one, ProposalKind.RELATIVES_COPY, NOW),
        (replace(approved, state=ProposalState.REJECTED), ProposalKind.RELATIVES_COPY, NOW),
        (approved, ProposalKind.RELATIVES_ERASURE, NOW),
        (approved, ProposalKind.RELATIVES_COPY, last),
    ):
        with pytest.raises(NotApproved):
            check_approved(proposal, kind, now=now)
