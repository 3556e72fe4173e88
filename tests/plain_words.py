"""Words for programs that stand in a text for people: values of a column, stamps, names of members."""

from __future__ import annotations

import re

_FOR_PROGRAMS = re.compile(r"\b[a-z]+_[a-z_]+\b|\b[a-z]+=\w|\b\d{4}-\d\d-\d\d\b")
_LINK = re.compile(r"\bhttps?://\S+")


def words_for_programs(text: str) -> list[str]:
    """Return what in a text is no word of a person's; a link in a message has a token, which may hold anything."""
    return _FOR_PROGRAMS.findall(_LINK.sub("", text))
