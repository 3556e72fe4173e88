"""The choice made here and now wins, then the remembered one, then the browser's list, then Chinese."""

import pytest

from eztong.i18n.choice import choose_language


@pytest.mark.parametrize(
    ("header", "cookie", "query", "chosen"),
    [
        (None, None, None, "zh-CN"),
        ("en", None, None, "en"),
        ("en-GB,en;q=0.9", None, None, "en"),
        ("zh-TW,zh;q=0.9,en;q=0.8", None, None, "zh-CN"),
        ("fr,de;q=0.9", None, None, "zh-CN"),
        ("zh;q=0.1,en;q=0.9", None, None, "en"),
        ("en;q=0,zh;q=0.5", None, None, "zh-CN"),
        ("fr;q=1,en;q=0.3", None, None, "en"),
        ("en", "zh-CN", None, "zh-CN"),
        ("en", "zh-CN", "en", "en"),
        ("zh", "klingon", "../../etc", "zh-CN"),
        ("en;q=abc", None, None, "zh-CN"),
        ("en;q=１", None, None, "zh-CN"),
        (";;,,;q=", None, None, "zh-CN"),
        ("en," * 100_000, None, None, "en"),
    ],
)
def test_the_nearest_wish_wins(header: str | None, cookie: str | None, query: str | None, chosen: str) -> None:
    assert choose_language(header, cookie, query) == chosen
