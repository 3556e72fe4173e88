"""In which order messages leave, and which become useless."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eztong.domain.access.otp import OTP_LIFE
from eztong.domain.notices import EMAIL_LINK_LIFE, Priority, Topic, life_of, priority_of

# A new topic takes its place here, too: somebody has to say whether a person waits for it.
PRIORITIES = {
    Topic.OTP: Priority.MESSAGE_CODE,
    Topic.ACCOUNT_FROZEN: Priority.ACCOUNT_AT_STAKE,
    Topic.ACCOUNT_RECOVERED: Priority.ACCOUNT_AT_STAKE,
    Topic.DEVICE_BOUND: Priority.ACCOUNT_AT_STAKE,
    Topic.WRONG_CODES: Priority.ACCOUNT_AT_STAKE,
    Topic.RECOVERY_WAITING: Priority.ACCOUNT_AT_STAKE,
    Topic.RECOVERY_STOPPED: Priority.ACCOUNT_AT_STAKE,
    Topic.PASSKEY_ADDED: Priority.ACCOUNT_AT_STAKE,
    Topic.AFTER_DEATH_CHOSEN: Priority.ACCOUNT_AT_STAKE,
    Topic.APPLICATION_LAPSED: Priority.OTHER,
    Topic.PARTNER_CLOSED: Priority.OTHER,
    Topic.PIN_CHANGED: Priority.ACCOUNT_AT_STAKE,
    Topic.AUTHORISATION_WITHDRAWN: Priority.ACCOUNT_AT_STAKE,
    Topic.TICKET_AT_STAKE: Priority.ACCOUNT_AT_STAKE,
    Topic.ACCOUNT_RESTRICTED: Priority.ACCOUNT_AT_STAKE,
    Topic.RESTRICTION_LIFTED: Priority.ACCOUNT_AT_STAKE,
    Topic.DOCUMENT_ENDS: Priority.OTHER,
    Topic.EMAIL_ADDED: Priority.ACCOUNT_AT_STAKE,
    Topic.EMAIL_REMOVED: Priority.ACCOUNT_AT_STAKE,
    Topic.EMAIL_PROOF: Priority.OTHER,
    Topic.TEST: Priority.OTHER,
    Topic.DEREGISTRATION_ASKED: Priority.ACCOUNT_AT_STAKE,
    Topic.DEREGISTRATION_UNDONE: Priority.ACCOUNT_AT_STAKE,
    Topic.DEREGISTERED: Priority.OTHER,
    Topic.PHONE_CHANGED: Priority.ACCOUNT_AT_STAKE,
    Topic.PHONE_WAITING: Priority.ACCOUNT_AT_STAKE,
    Topic.PHONE_ADDED: Priority.ACCOUNT_AT_STAKE,
    Topic.PHONE_COMING: Priority.ACCOUNT_AT_STAKE,
    Topic.PHONE_KEPT: Priority.ACCOUNT_AT_STAKE,
    Topic.NAME_CORRECTED: Priority.ACCOUNT_AT_STAKE,
    Topic.CORRECTION_REFUSED: Priority.OTHER,
    Topic.GUARDIAN_DECIDED: Priority.ACCOUNT_AT_STAKE,
    Topic.GUARDIAN_ENDED: Priority.ACCOUNT_AT_STAKE,
    Topic.WARD_NEWS: Priority.ACCOUNT_AT_STAKE,
    Topic.HELPER_ACCEPTED: Priority.ACCOUNT_AT_STAKE,
    Topic.HELPER_BEGAN: Priority.ACCOUNT_AT_STAKE,
    Topic.HELPER_ENDED: Priority.ACCOUNT_AT_STAKE,
    Topic.HELPING_BEGAN: Priority.ACCOUNT_AT_STAKE,
    Topic.HELPING_ENDED: Priority.ACCOUNT_AT_STAKE,
    Topic.HELPER_NEWS: Priority.ACCOUNT_AT_STAKE,
    Topic.CAME_OF_AGE: Priority.OTHER,
    Topic.TAKEN_OVER: Priority.ACCOUNT_AT_STAKE,
    Topic.REGISTRATION_DECIDED: Priority.OTHER,
    Topic.AGREEMENTS_ASK: Priority.OTHER,
    Topic.AGREEMENTS_CHANGE: Priority.OTHER,
    Topic.AGREEMENTS_OFF: Priority.OTHER,
    Topic.CLAUSE_SEVERED: Priority.OTHER,
    Topic.CLAUSE_RESTORED: Priority.OTHER,
    Topic.CODE_USED: Priority.OTHER,
    Topic.CODE_REPLAYED: Priority.OTHER,
    Topic.REGISTERED_AGAIN: Priority.OTHER,
    Topic.TICKET_ANSWERED: Priority.OTHER,
    Topic.TALK_OPENED: Priority.ACCOUNT_AT_STAKE,
    Topic.TALK_PROPOSED: Priority.OTHER,
    Topic.TALK_SETTLED: Priority.ACCOUNT_AT_STAKE,
    Topic.TALK_FAILED: Priority.OTHER,
    Topic.CASE_DECIDED: Priority.ACCOUNT_AT_STAKE,
    Topic.CASE_UPHELD: Priority.ACCOUNT_AT_STAKE,
    Topic.CASE_LIFTED: Priority.ACCOUNT_AT_STAKE,
}


@pytest.mark.parametrize("topic", Topic)
def test_every_topic_has_its_place_in_the_order(topic: Topic) -> None:
    assert priority_of(topic) is PRIORITIES[topic]


def test_a_message_code_ends_with_its_life_the_last_word_to_a_phone_in_days_and_nothing_else_does() -> None:
    lives = {Topic.OTP: OTP_LIFE, Topic.EMAIL_PROOF: EMAIL_LINK_LIFE, Topic.DEREGISTERED: timedelta(days=3)}
    assert {topic: life_of(topic) for topic in Topic} == {topic: lives.get(topic) for topic in Topic}
