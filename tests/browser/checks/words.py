"""Words for programs that stand on a page for people: values of a column, stamps, names of members."""

from __future__ import annotations

import re

from playwright.sync_api import Page

FOR_PROGRAMS = re.compile(r"\b[a-z]+_[a-z_]+\b|\b[a-z]+=\w|\b\d{4}-\d\d-\d\d\b")
_LINK = re.compile(r"\bhttps?://\S+")
# What goes over the wire is shown as it is, to those who build with it; ids are read out to nobody but staff.
_TEXT = """() => {
  const body = document.body.cloneNode(true);
  for (const one of body.querySelectorAll("pre, code, script, style, noscript")) one.remove();
  return body.textContent;
}"""


def words_for_programs(page: Page) -> list[str]:
    """Return what on the page is no word of a person's."""
    return words_in(str(page.evaluate(_TEXT)))


def words_in(text: str) -> list[str]:
    """Return what in a text is no word of a person's; a link in a message has a token, which may hold anything."""
    return FOR_PROGRAMS.findall(_LINK.sub("", text))
