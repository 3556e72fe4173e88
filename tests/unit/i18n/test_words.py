"""Sentences with their parameters, and moments as people say them."""

from datetime import UTC, datetime

import pytest

from eztong.i18n.moments import clock_words, date_words, moment_words, span_words
from eztong.i18n.translator import Translator

# 10:21:07 in Shanghai
NOW = datetime(2026, 1, 15, 2, 21, 7, tzinfo=UTC)
CHINESE, ENGLISH = Translator("zh-CN"), Translator("en")


def test_a_parameter_is_filled_in_and_never_read_as_a_pattern() -> None:
    assert CHINESE.text("app.contact", contact="{secret}") == "联系方式：{secret}"


def test_a_missing_key_or_parameter_is_a_programmers_mistake() -> None:
    with pytest.raises(KeyError):
        CHINESE.text("no.such.key")
    with pytest.raises(KeyError):
        CHINESE.text("app.contact")


def test_days() -> None:
    assert date_words(NOW, words=CHINESE) == "2026年1月15日"
    assert date_words(NOW, words=ENGLISH) == "15 Jan 2026"


def test_the_day_is_shanghais() -> None:
    assert date_words(datetime(2026, 1, 15, 16, 0, tzinfo=UTC), words=CHINESE) == "2026年1月16日"


def test_today_is_said_so() -> None:
    assert moment_words(NOW, now=NOW, words=CHINESE) == "今天 10:21"
    assert moment_words(NOW.replace(day=14), now=NOW, words=CHINESE) == "2026年1月14日 10:21"
    assert moment_words(NOW, now=NOW, words=ENGLISH) == "today 10:21"


def test_clocks() -> None:
    assert clock_words(NOW) == "10:21:07"


def test_sentences_are_joined_as_each_language_sets_them() -> None:
    assert CHINESE.joined("请稍等。", "", "不用重新提交。") == "请稍等。不用重新提交。"
    assert CHINESE.joined("短信延迟", "请稍等。") == "短信延迟 请稍等。"
    assert ENGLISH.joined("Wait.", "No need to apply again.") == "Wait. No need to apply again."
    assert CHINESE.joined() == ""


@pytest.mark.parametrize(
    ("days", "chinese", "english"),
    [(1095, "3 年", "3 years"), (365, "1 年", "1 year"), (60, "60 天", "60 days"), (400, "400 天", "400 days")],
)
def test_whole_years_are_said_as_years(days: int, chinese: str, english: str) -> None:
    assert (span_words(days, words=CHINESE), span_words(days, words=ENGLISH)) == (chinese, english)
