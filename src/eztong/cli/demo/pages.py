"""An HTML page as a person's browser understands it: forms with their fields and buttons, links, marks, QR drawings."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

from typing_extensions import override

_TYPED: Final = frozenset({"text", "tel", "email", "number", "password", "search", "hidden"})
_TICKED: Final = frozenset({"checkbox", "radio"})


@dataclass(slots=True)
class FormField:
    """One field or button of a form."""

    kind: str
    name: str
    value: str
    checked: bool = False


@dataclass(slots=True)
class Form:
    """A form; ``action`` is empty if it goes back to its own page."""

    action: str
    method: str
    fields: list[FormField] = field(default_factory=list)
    buttons: list[FormField] = field(default_factory=list)

    def names(self, kind: str) -> list[str]:
        """Return the names of the fields of one kind."""
        return [entry.name for entry in self.fields if entry.kind == kind]

    def values(self, name: str) -> list[str]:
        """Return every value that the fields of this name offer."""
        return [entry.value for entry in self.fields if entry.name == name]


@dataclass(slots=True)
class Page:
    """What a page holds."""

    path: str
    status: int
    forms: list[Form] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    marks: dict[str, str] = field(default_factory=dict)
    qr_path: str = ""
    qr_size: int = 0

    def form(self, action: str) -> Form | None:
        """Return the form that goes to ``action``; an empty one goes to the page itself."""
        return next((form for form in self.forms if (form.action or self.path) == action), None)


class _Reader(HTMLParser):
    """Collects a page."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page
        self._form: Form | None = None
        self._in_qr = False

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._page.marks |= {name: value for name, value in given.items() if name.startswith("data-")}
        match tag:
            case "form":
                self._form = Form(given.get("action", ""), given.get("method", "get").lower())
                self._page.forms.append(self._form)
            case "input" | "button":
                self._take_field(tag, given, is_checked="checked" in given)
            case "a" if given.get("href"):
                self._page.links.append(given["href"])
            case "svg":
                self._in_qr = "qr" in given.get("class", "").split()
                if self._in_qr:
                    self._page.qr_size = int(given.get("viewbox", "0 0 0 0").split()[2])
            case "path" if self._in_qr:
                self._page.qr_path = given.get("d", "")

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "svg":
            self._in_qr = False

    def _take_field(self, tag: str, given: dict[str, str], *, is_checked: bool) -> None:
        if self._form is None:
            return
        kind = given.get("type", "text" if tag == "input" else "submit")
        entry = FormField(kind, given.get("name", ""), given.get("value", "on" if kind in _TICKED else ""), is_checked)
        if kind in _TYPED | _TICKED:
            self._form.fields.append(entry)
        elif kind == "submit":
            self._form.buttons.append(entry)


def read_page(html: str, *, path: str, status: int) -> Page:
    """Read a page."""
    page = Page(path, status)
    _Reader(page).feed(html)
    return page
