"""In which order messages leave, and which become useless."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from eztong.domain.access.otp import OTP_LIFE
from eztong.domain.notices import OutboxEntry, Priority, Topic, life_of, priority_of

NOW = datetime(2026, 1, 15, 1, tzinfo=UTC)
# A new topic takes its place here, too: somebody has to say whether a person waits for it.
PRIORITIES = {
    Topic.OTP: Priority.MESSAGE_CODE,
    Topic.ACCOUNT_FROZEN: Priority.ACCOUNT_AT_STAKE,
    Topic.ACCOUNT_RECOVERED: Priority.ACCOUNT_AT_STAKE,
    Topic.DEVICE_BOUND: Priority.ACCOUNT_AT_STAKE,
    Topic.WRONG_CODES: Priority.ACCOUNT_AT_STAKE,
    Topic.RECOVERY_WAITING: Priority.ACCOUNT_AT_STAKE,
    Topic.RECOVERY_STOPPED: Priority.ACCOUNT_AT_STAKE,
    Topic.REGISTRATION_DECIDED: Priority.OTHER,
    Topic.CODE_USED: Priority.OTHER,
    Topic.CODE_REPLAYED: Priority.OTHER,
    Topic.REGISTERED_AGAIN: Priority.OTHER,
}
ENTRY = OutboxEntry(
    message_id="msg",
    topic=Topic.OTP.value,
    sealed=b"",
    priority=Priority.MESSAGE_CODE,
    created_at=NOW,
    next_attempt_at=NOW,
    attempts=0,
)


@pytest.mark.parametrize("topic", Topic)
def test_every_topic_has_its_place_in_the_order(topic: Topic) -> None:
    assert priority_of(topic) is PRIORITIES[topic]


def test_a_message_code_is_useless_when_its_life_is_over_and_nothing_else_is() -> None:
    assert {topic: life_of(topic) for topic in Topic} == {
        topic: OTP_LIFE if topic is Topic.OTP else None for topic in Topic
    }


def test_a_message_is_over_at_its_end_and_not_before() -> None:
    entry = replace(ENTRY, expires_at=NOW + OTP_LIFE)
    assert not entry.is_over(now=NOW + OTP_LIFE - timedelta(milliseconds=1))
    assert entry.is_over(now=NOW + OTP_LIFE)
    assert not ENTRY.is_over(now=NOW + timedelta(days=999))
