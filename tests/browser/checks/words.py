"""Words for programs that stand on a page for people."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.plain_words import words_for_programs

# What goes over the wire is shown as it is, to those who build with it; ids are read out to nobody but staff.
_TEXT = """() => {
  const body = document.body.cloneNode(true);
  for (const one of body.querySelectorAll("pre, code, script, style, noscript")) one.remove();
  return body.textContent;
}"""


def words_for_programs_on(page: Page) -> list[str]:
    """Return what on the page is no word of a person's."""
    return words_for_programs(str(page.evaluate(_TEXT)))
