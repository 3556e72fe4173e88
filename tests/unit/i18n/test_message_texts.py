"""Every text has a sample for each placeholder and fits its own limits, and a message finds the text that it has."""

from __future__ import annotations

import pytest

from eztong.domain.message_texts.sms_length import sms_length
from eztong.domain.message_texts.wording import LONGEST, Wording, parse_wording
from eztong.domain.notices import Topic
from eztong.i18n.message_samples import sample_text
from eztong.i18n.message_texts import OWN_TEXTS, text_of, topic_of
from eztong.i18n.translator import LANGUAGES

MOST_SEGMENTS = 6


@pytest.mark.parametrize("text_id", OWN_TEXTS)
def test_a_text_can_be_looked_at_and_drafted_from(text_id: str) -> None:
    own = OWN_TEXTS[text_id]
    assert topic_of(text_id) in Topic
    for language in LANGUAGES:
        shown = sample_text(text_id, own.text(language), language=language, service="鹏城通")
        assert not set("{}") & set(shown)
        assert sms_length(shown).segments <= MOST_SEGMENTS
    for name, text in own.said():
        assert len(text) <= LONGEST[name] - 20, "there is room to say it otherwise"
    drafted = parse_wording(f"{own.zh}谢谢。", f"{own.en} Thanks.", own=own)
    assert drafted == Wording(zh=f"{own.zh}谢谢。", en=f"{own.en} Thanks.")


@pytest.mark.parametrize(
    ("topic", "params", "text_id"),
    [
        (Topic.OTP, {"minutes": "5"}, "otp"),
        (Topic.OTP, {}, "otp.until_midnight"),
        (Topic.ACCOUNT_FROZEN, {}, "account_frozen"),
        (Topic.ACCOUNT_FROZEN, {"cause": "guardian"}, "account_frozen.by_guardian"),
        (Topic.ACCOUNT_FROZEN, {"cause": "of_a_later_version"}, "account_frozen.by_us"),
        (Topic.PHONE_COMING, {"case": "staff"}, "phone_coming.staff"),
        (Topic.PHONE_COMING, {"case": "of_a_later_version"}, "phone_coming"),
        (Topic.TICKET_AT_STAKE, {"kind": "correction"}, "ticket_at_stake.correction"),
        (Topic.GUARDIAN_ENDED, {"role": "ward", "why": "age"}, "guardian_ended.ward.age"),
        (Topic.GUARDIAN_ENDED, {"role": "guardian", "why": "age"}, "guardian_ended.guardian"),
        (Topic.CAME_OF_AGE, {"role": "guardian", "band": "minor", "case": "kept"}, "came_of_age.guardian.minor.kept"),
        (Topic.WARD_NEWS, {}, "ward_news"),
        (Topic.TEST, {"case": "staff"}, "test"),
    ],
)
def test_a_message_has_the_text_that_its_params_choose(topic: Topic, params: dict[str, str], text_id: str) -> None:
    assert text_of(topic, params) == text_id
