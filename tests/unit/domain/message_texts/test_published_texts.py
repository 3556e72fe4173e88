"""Of each text the newest that was published stands, and at an earlier moment the one of then."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from eztong.domain.message_texts.version import TextVersion, published_texts
from eztong.domain.message_texts.wording import Wording

AT = datetime(2026, 1, 1, tzinfo=UTC)
FIRST, SECOND = Wording(zh="一", en="one"), Wording(zh="二", en="two")
VERSION = TextVersion(version_id="txt_1", text_id="test", wording=FIRST, made_by="li", made_at=AT)
HOUR = timedelta(hours=1)


def test_each_moment_has_the_words_of_then() -> None:
    texts = published_texts(
        [
            replace(VERSION, published_at=AT + HOUR),
            replace(VERSION, version_id="txt_3", wording=Wording(), published_at=AT + 3 * HOUR),
            replace(VERSION, version_id="txt_2", wording=SECOND, published_at=AT + 2 * HOUR),
            replace(VERSION, version_id="txt_4", wording=SECOND),
        ]
    )
    told = [texts.wording("test", at=AT + number * HOUR) for number in range(4)]
    assert told == [Wording(), FIRST, SECOND, Wording()]
    assert (texts.wording("test"), texts.wording("otp")) == (Wording(), Wording())


def test_of_two_of_one_moment_the_later_one_stands() -> None:
    both = [replace(VERSION, version_id=f"txt_{n}", wording=w, published_at=AT) for n, w in ((2, SECOND), (1, FIRST))]
    assert published_texts(both).wording("test") == published_texts(both[::-1]).wording("test") == SECOND
