"""An assistance steps forward only, in its time, and ends by the clock; every topic has its place in the table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from eztong.domain.assistance.assistance import (
    INVITATION_LIFE,
    PERIODS,
    Assistance,
    AssistanceEnd,
    AssistanceNotWaiting,
    AssistanceState,
    HelperInvitationWrong,
    HelperNotEligible,
    parse_days,
)
from eztong.domain.assistance.copied import TELLINGS, NewsGoes, is_copied
from eztong.domain.errors import InputInvalid, StateConflict
from eztong.domain.identifiers import HolderId
from eztong.domain.notices import NOT_KEPT, Topic

NOW = datetime(2026, 1, 15, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
S = AssistanceState
ELDER, HELPER = HolderId("hld_elder"), HolderId("hld_helper")
INVITED = Assistance(
    assistance_id="ast_1",
    elder_id=ELDER,
    state=S.INVITED,
    asked_at=NOW,
    days=7,
    invite_hash=b"hash",
    sealed_digits=b"digits",
)
ACCEPTED = INVITED.accepted(HELPER, now=NOW + HOUR)
ACTIVE = ACCEPTED.confirmed(now=NOW + 2 * HOUR)


def test_it_lasts_for_its_days_from_the_confirmation_and_not_a_moment_longer() -> None:
    assert ACTIVE.until == NOW + 2 * HOUR + timedelta(days=7)
    last = ACTIVE.due_at - timedelta(milliseconds=1)
    assert ACTIVE.is_in(S.ACTIVE, now=last)
    assert not ACTIVE.is_in(S.ACTIVE, now=ACTIVE.due_at)
    assert ACTIVE.is_over(now=ACTIVE.due_at)
    assert not ACTIVE.is_over(now=last)
    assert ACTIVE.is_open, "until somebody wrote it down"


def test_digits_are_gone_once_they_were_typed_or_it_ended() -> None:
    for one in (ACCEPTED, INVITED.ended(AssistanceEnd.ELDER, now=NOW)):
        assert (one.invite_hash, one.sealed_digits) == (None, None)


def test_nobody_helps_oneself() -> None:
    with pytest.raises(HelperNotEligible):
        INVITED.accepted(ELDER, now=NOW)


@pytest.mark.parametrize("one", [ACCEPTED, ACTIVE, ACTIVE.ended(AssistanceEnd.TIME, now=NOW)])
def test_only_an_invitation_takes_digits(one: Assistance) -> None:
    with pytest.raises(HelperInvitationWrong):
        one.accepted(HELPER, now=NOW + 3 * HOUR)


def test_an_invitation_and_who_typed_its_digits_wait_for_a_day() -> None:
    with pytest.raises(HelperInvitationWrong):
        INVITED.accepted(HELPER, now=NOW + INVITATION_LIFE)
    with pytest.raises(AssistanceNotWaiting):
        ACCEPTED.confirmed(now=NOW + INVITATION_LIFE)
    assert ACCEPTED.due_at == NOW + INVITATION_LIFE


@pytest.mark.parametrize("one", [INVITED, ACTIVE, ACCEPTED.ended(AssistanceEnd.HELPER, now=NOW)])
def test_nothing_else_is_confirmed(one: Assistance) -> None:
    with pytest.raises(AssistanceNotWaiting):
        one.confirmed(now=NOW + 3 * HOUR)


def test_it_ends_once() -> None:
    ended = ACTIVE.ended(AssistanceEnd.HELPER, now=NOW + 3 * HOUR)
    assert (ended.state, ended.ended_by, ended.ended_at) == (S.ENDED, AssistanceEnd.HELPER, NOW + 3 * HOUR)
    assert ended.is_over(now=NOW)
    with pytest.raises(StateConflict):
        ended.ended(AssistanceEnd.ELDER, now=NOW)


@pytest.mark.parametrize("typed", ["", "0", "2", "91", "365", "-1", " 7", "７"])
def test_no_other_period_than_those_offered_is_taken(typed: str) -> None:
    with pytest.raises(InputInvalid):
        parse_days(typed)


def test_the_periods_are_at_most_ninety_days() -> None:
    assert [parse_days(str(days)) for days in PERIODS] == list(PERIODS)
    assert max(PERIODS) == 90


def test_every_topic_is_decided_with_a_reason() -> None:
    assert set(TELLINGS) == set(Topic)
    assert all(one.why for one in TELLINGS.values())


def test_no_proof_and_nothing_about_helpers_themselves_is_ever_copied() -> None:
    about_help = {topic for topic in Topic if topic.startswith(("helper_", "helping_"))}
    for topic in NOT_KEPT | about_help:
        assert not is_copied(topic, with_uses=True), topic


def test_uses_are_copied_only_if_the_elder_ticked_it() -> None:
    assert [topic for topic in Topic if TELLINGS[topic].told is NewsGoes.USES] == [Topic.CODE_USED]
    assert not is_copied(Topic.CODE_USED, with_uses=False)
    assert is_copied(Topic.CODE_USED, with_uses=True)
    assert is_copied(Topic.DEVICE_BOUND, with_uses=False)
