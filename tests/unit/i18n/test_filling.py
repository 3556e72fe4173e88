"""Parameters in a sentence: digits and Latin words stand apart from Chinese, Chinese does not; nothing else changes."""

from __future__ import annotations

import pytest

from eztong.i18n.filling import fill
from eztong.i18n.moments import stamp_words, wait_words, with_moments
from eztong.i18n.translator import Translator


@pytest.mark.parametrize(
    ("at", "filled"),
    [
        ("今天 09:02", "您在今天 09:02 结束了协商。"),
        ("2026年1月15日", "您在 2026年1月15日结束了协商。"),
        ("1 Mar 2026", "您在 1 Mar 2026 结束了协商。"),
        ("", "您在  结束了协商。"),
    ],
)
def test_a_space_beside_a_parameter_stays_where_chinese_meets_something_else(at: str, filled: str) -> None:
    assert fill("您在 {at} 结束了协商。", {"at": at}, language="zh-CN") == filled


def test_words_of_a_person_stand_as_they_are_and_are_no_pattern() -> None:
    assert fill("由 {name} 办理", {"name": "张 三 {at}"}, language="zh-CN") == "由张 三 {at} 办理"


def test_english_keeps_its_spaces() -> None:
    assert fill("until {at} it holds", {"at": "今天"}, language="en") == "until 今天 it holds"


def test_a_missing_parameter_is_a_mistake() -> None:
    with pytest.raises(KeyError, match="at"):
        fill("在 {at} 前", {}, language="zh-CN")


@pytest.mark.parametrize(
    ("stamp", "chinese", "english"),
    [
        ("2026-03-05 09:00", "2026年3月5日 09:00", "5 Mar 2026 09:00"),
        ("2026-03-05", "2026年3月5日", "5 Mar 2026"),
        ("02-29 09:00", "2月29日 09:00", "29 Feb 09:00"),
        ("2026-02-30", "2026-02-30", "2026-02-30"),
        ("soon", "soon", "soon"),
    ],
)
def test_a_stamp_is_read_as_a_day(stamp: str, chinese: str, english: str) -> None:
    assert (stamp_words(stamp, language="zh-CN"), stamp_words(stamp, language="en")) == (chinese, english)


def test_of_a_message_only_days_and_minutes_are_put_into_words() -> None:
    params = {"until": "2026-03-05", "number": "2026-03-05"}
    assert with_moments(params, language="en") == {"until": "5 Mar 2026", "number": "2026-03-05"}


@pytest.mark.parametrize(
    ("seconds", "chinese", "english"),
    [
        (0, "2 秒", "2 seconds"),
        (119, "119 秒", "119 seconds"),
        (121, "3 分钟", "3 minutes"),
        (7_200, "2 小时", "2 hours"),
        (86_400, "24 小时", "24 hours"),
        (200_000, "3 天", "3 days"),
    ],
)
def test_a_wait_is_told_in_a_unit_that_people_count_in(seconds: int, chinese: str, english: str) -> None:
    told = (wait_words(seconds, words=Translator("zh-CN")), wait_words(seconds, words=Translator("en")))
    assert told == (chinese, english)
