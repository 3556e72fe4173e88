"""The steps of a guardianship, the digits of an invitation, and the birthdays that change the rule."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from eztong.domain.access.unlock import STEP_BACK
from eztong.domain.errors import StateConflict
from eztong.domain.guardianship.guardianship import (
    INVITATION_LIFE,
    TAKE_BACK_WITHIN,
    CareEnd,
    DecidedBy,
    Guardianship,
    GuardianshipDecided,
    GuardianshipState,
    InvitationDigitsInvalid,
    RelationDiffers,
    next_birthday_that_counts,
    parse_invitation,
)
from eztong.domain.guardianship.relation import Relation
from eztong.domain.guardianship.ward import released
from eztong.domain.holder import FreezeCause, Holder, HolderState, WrappedKey
from eztong.domain.identifiers import HolderId
from eztong.domain.identity.age import SHANGHAI, age_on
from eztong.domain.standing import may_be_appealed_for

NOW = datetime(2026, 1, 15, 9, tzinfo=SHANGHAI)
INVITED = Guardianship(
    ward_id=HolderId("hld_1"),
    guardianship_id="gdn_1",
    state=GuardianshipState.INVITED,
    asked_at=NOW,
    ward_relation=Relation.PARENT,
    invite_hash=b"hash",
    sealed_digits=b"sealed",
)


def test_an_invitation_takes_digits_for_a_day_and_loses_them_with_every_step() -> None:
    assert INVITED.takes_digits(now=NOW + INVITATION_LIFE - timedelta(milliseconds=1))
    assert not INVITED.takes_digits(now=NOW + INVITATION_LIFE)
    declared = INVITED.declared(HolderId("hld_2"), Relation.PARENT, now=NOW)
    for after in (declared, INVITED.ended(CareEnd.REPLACED, now=NOW)):
        assert (after.invite_hash, after.sealed_digits) == (None, None)
        assert not after.takes_digits(now=NOW)


ACTIVE = INVITED.declared(HolderId("hld_2"), Relation.PARENT, now=NOW).decided(holds=True, by=DecidedBy.STAFF, now=NOW)
MOMENT = timedelta(milliseconds=1)


def test_digits_and_take_back_of_a_later_clock_open_nothing() -> None:
    """A clock that stood late and was set right must not prolong what ends by time."""
    offered, taken = ACTIVE.handing_over(b"hash", b"sealed", now=NOW), ACTIVE.taken_over(now=NOW)
    for stands, life in (
        (INVITED.takes_digits, INVITATION_LIFE),
        (offered.hands_over, INVITATION_LIFE),
        (taken.can_be_taken_back, TAKE_BACK_WITHIN),
    ):
        assert stands(now=NOW - STEP_BACK)
        assert stands(now=NOW + life - MOMENT)
        for outside in (NOW - STEP_BACK - MOMENT, NOW - timedelta(days=20), NOW + life):
            assert not stands(now=outside)


def test_only_what_was_declared_is_decided_and_only_once() -> None:
    declared = INVITED.declared(HolderId("hld_2"), Relation.PARENT, now=NOW)
    active = declared.decided(holds=True, by=DecidedBy.STAFF, now=NOW)
    assert active.state is GuardianshipState.ACTIVE
    for other in (INVITED, active, declared.decided(holds=False, by=DecidedBy.STAFF, now=NOW)):
        with pytest.raises(GuardianshipDecided):
            other.decided(holds=True, by=DecidedBy.STAFF, now=NOW)


def test_what_is_over_ends_no_more() -> None:
    ended = INVITED.ended(CareEnd.AGE, now=NOW)
    assert not ended.is_open
    with pytest.raises(StateConflict):
        ended.ended(CareEnd.AGE, now=NOW)


def test_both_declare_the_same() -> None:
    INVITED.check_relation(Relation.PARENT)
    with pytest.raises(RelationDiffers):
        INVITED.check_relation(Relation.SIBLING)


@pytest.mark.parametrize("typed", ["123456", " 123 456 ", "１２３４５６"])
def test_digits_are_read_as_they_were_meant(typed: str) -> None:
    assert parse_invitation(typed) == "123456"


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345a", "١٢٣٤٥٦"])
def test_what_is_no_invitation_is_said_so(typed: str) -> None:
    with pytest.raises(InvitationDigitsInvalid):
        parse_invitation(typed)


@pytest.mark.parametrize(
    ("birth", "after", "due"),
    [
        (date(2018, 6, 1), date(2026, 1, 15), date(2032, 6, 1)),
        (date(2009, 6, 1), date(2026, 1, 15), date(2027, 6, 1)),
        (date(2012, 2, 29), date(2026, 2, 28), date(2026, 3, 1)),
        (date(2012, 2, 29), date(2026, 3, 1), date(2030, 3, 1)),
        (date(2008, 1, 15), date(2026, 1, 15), None),
    ],
)
def test_the_birthday_that_counts_is_the_first_day_of_the_new_age(birth: date, after: date, due: date | None) -> None:
    found = next_birthday_that_counts(birth, after=after)
    assert (None if found is None else found.date()) == due
    if due is not None:
        assert age_on(birth, due) in {14, 18}
        assert age_on(birth, due - timedelta(days=1)) in {13, 17}


def test_a_guardians_freeze_is_lifted_alone_and_only_where_it_stands() -> None:
    active = Holder(
        holder_id=HolderId("hld_1"),
        state=HolderState.ACTIVE,
        created_at=NOW,
        data_key=WrappedKey(kek_id="k", wrapped=b"w"),
    )
    with pytest.raises(StateConflict):
        released(active)
    own = active.frozen(FreezeCause.SELF)
    assert released(own.frozen(FreezeCause.GUARDIAN)) == own
    assert own.frozen(FreezeCause.GUARDIAN).frozen(FreezeCause.SELF) == own.frozen(FreezeCause.GUARDIAN)
    leaving = active.frozen(FreezeCause.GUARDIAN).moved_to(HolderState.DEREGISTERING)
    assert released(leaving) == active.moved_to(HolderState.DEREGISTERING)
    assert released(leaving.frozen(FreezeCause.GUARDIAN)) == active.moved_to(HolderState.DEREGISTERING)


def test_what_a_ward_freezes_under_a_guardians_freeze_is_not_lifted_with_it() -> None:
    active = Holder(
        holder_id=HolderId("hld_1"),
        state=HolderState.ACTIVE,
        created_at=NOW,
        data_key=WrappedKey(kek_id="k", wrapped=b"w"),
    )
    kept = active.frozen(FreezeCause.GUARDIAN)
    told = kept.frozen(FreezeCause.SELF)
    assert (told.frozen(FreezeCause.SELF), told.unfrozen()) == (told, kept)
    assert released(told) == active.frozen(FreezeCause.SELF)
    assert may_be_appealed_for(released(told))
    assert not may_be_appealed_for(told)
