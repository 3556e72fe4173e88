"""Fills a sentence's parameters in, and sets them as Chinese is set: no space between two Chinese characters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

# Catalogues set a parameter apart by spaces, which digits and Latin words need: «在 {at} 前».
_APART: Final = re.compile(r"(?P<before>(?<=[\u4e00-\u9fff]) )?\{(?P<name>\w+)\}(?P<after> (?=[\u4e00-\u9fff]))?")
_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")


def fill(sentence: str, params: Mapping[str, object], *, language: str) -> str:
    """Return the sentence with its parameters; «在 今天 09:02 前» becomes «在今天 09:02 前».

    Raises:
        KeyError: a parameter is missing.
    """
    if language == "zh-CN":
        sentence = _APART.sub(lambda found: _set_close(found, str(params[found["name"]])), sentence)
    return sentence.format_map(params)


def _set_close(found: re.Match[str], value: str) -> str:
    before = "" if _CHINESE.match(value) else found["before"] or ""
    after = "" if _CHINESE.match(value[-1:]) else found["after"] or ""
    return f"{before}{{{found['name']}}}{after}"
