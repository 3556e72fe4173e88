"""Staff accounts: names, passwords, the lock after five wrong tries, the end of a session."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from eztong.domain.desks.staff import (
    IDLE_LIFE,
    LOCK_TIME,
    LONGEST_SHIFT,
    LoginInvalid,
    PasswordTooShort,
    Staff,
    StaffLocked,
    StaffSession,
    StaffState,
    caller_for,
    check_password,
    parse_login,
)
from eztong.domain.errors import PartnerSuspended
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.partner import Partner, PartnerState, Scope

NOW = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
STAFF = Staff(
    partner_id=PartnerId("hotel"),
    staff_id="stf_1",
    login="hotel",
    label="",
    password_hash="$argon2id$secret",
    state=StaffState.ACTIVE,
    created_at=NOW,
)
HOTEL = Partner(
    partner_id=PartnerId("hotel"),
    name="酒店",
    name_en="Hotel",
    sector_id="hospitality",
    state=PartnerState.APPROVED,
    created_at=NOW,
)
SESSION = StaffSession(
    session_hash=b"hash",
    partner_id=PartnerId("hotel"),
    staff_id="stf_1",
    desk=None,
    scene=None,
    created_at=NOW,
    active_at=NOW,
)


@pytest.mark.parametrize("text", ["hotel", " Hotel ", "night-shift.2", "a1", "x" * 40])
def test_a_name_is_read_in_small_letters(text: str) -> None:
    assert parse_login(text) == text.strip().lower()


@pytest.mark.parametrize("text", ["", "a", "x" * 41, "-night", "夜班", "two words", "a\x00b", "ho\ntel"])
def test_other_texts_are_no_names(text: str) -> None:
    with pytest.raises(LoginInvalid):
        parse_login(text)


@pytest.mark.parametrize(("length", "fits"), [(9, False), (10, True), (128, True), (129, False)])
def test_a_password_has_ten_to_128_characters(length: int, fits: bool) -> None:
    if fits:
        assert check_password("p" * length)
    else:
        with pytest.raises(PasswordTooShort):
            check_password("p" * length)


def test_the_fifth_wrong_password_locks_for_fifteen_minutes() -> None:
    staff = STAFF
    for _ in range(4):
        staff = staff.after_wrong_password(now=NOW)
        staff.check_may_try(now=NOW)
    staff = staff.after_wrong_password(now=NOW)
    with pytest.raises(StaffLocked) as locked:
        staff.check_may_try(now=NOW + LOCK_TIME - timedelta(milliseconds=1))
    assert locked.value.retry_after == 15 * 60
    staff.check_may_try(now=NOW + LOCK_TIME)
    assert staff.wrong_tries == 0


def test_the_right_password_forgets_the_wrong_ones() -> None:
    assert STAFF.after_wrong_password(now=NOW).after_right_password() == STAFF


def test_the_password_hash_and_the_session_hash_are_not_in_a_repr() -> None:
    assert "secret" not in repr(STAFF)
    assert "hash" not in repr(SESSION).replace("session_hash", "")


@pytest.mark.parametrize(
    ("session", "later", "lives"),
    [
        (SESSION, IDLE_LIFE - timedelta(seconds=1), True),
        (SESSION, IDLE_LIFE, False),
        (replace(SESSION, active_at=NOW + LONGEST_SHIFT), LONGEST_SHIFT - timedelta(seconds=1), True),
        (replace(SESSION, active_at=NOW + LONGEST_SHIFT), LONGEST_SHIFT, False),
        (replace(SESSION, ended_at=NOW), timedelta(0), False),
    ],
)
def test_a_session_ends_by_idling_by_a_long_shift_or_by_signing_out(
    session: StaffSession, later: timedelta, lives: bool
) -> None:
    assert session.is_live(now=NOW + later) is lives


def test_whoever_works_at_a_desk_asks_as_the_partner_and_is_named_as_the_account() -> None:
    caller = caller_for(HOTEL, STAFF, now=NOW)
    assert caller.partner == HOTEL
    assert (caller.key.key_id, caller.key.partner_id, caller.key.label) == ("stf_1", "hotel", "hotel")
    assert caller.key.scopes == {Scope.VERIFY, Scope.READ, Scope.REQUEST}
    assert (caller.key.created_at, caller.key.expires_at, caller.key.revoked_at) == (NOW, None, None)
    with pytest.raises(PartnerSuspended):
        caller_for(replace(HOTEL, state=PartnerState.SUSPENDED), STAFF, now=NOW)
