"""A citizen's browser: opens pages, keeps cookies, fills in the forms that it was shown and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final, Self

import httpx

from eztong.cli.demo.checks import StepFailed
from eztong.cli.demo.pages import Form, Page, read_page

_TIMEOUT_SECONDS: Final = 30.0
_NOTHING: Final[Mapping[str, str]] = {}


class Browser:
    """One browser with one person in front of it; ``page`` is what it shows."""

    def __init__(self, base_url: str) -> None:
        self._client = httpx.Client(
            base_url=base_url,
            headers={"accept-language": "en", "accept": "text/html", "user-agent": "eztong demo (Linux)"},
            follow_redirects=True,
            timeout=_TIMEOUT_SECONDS,
        )
        self.page = Page("", 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_ended: object) -> None:
        self._client.close()

    def open(self, address: str) -> Page:
        """Open a page."""
        return self._show(self._client.get(address))

    def download(self, address: str) -> bytes:
        """Follow a link to a file."""
        return self._client.get(address).raise_for_status().content

    def json(self, address: str) -> Any:  # noqa: ANN401 - whatever the address tells
        """Read an address that answers in JSON."""
        return self._client.get(address, headers={"accept": "application/json"}).raise_for_status().json()

    def submit(
        self,
        action: str,
        typed: Mapping[str, str] = _NOTHING,
        *,
        ticks: Collection[str] = (),
        picks: Mapping[str, str] = _NOTHING,
        press: str | None = None,
    ) -> Page:
        """Fill in the shown form that goes to ``action``: type, tick boxes, pick radio buttons, press a button.

        Raises:
            StepFailed: the page has no such form, field, box, choice or button.
        """
        form = self.page.form(action)
        if form is None or form.method != "post":
            raise StepFailed(f"{self.page.path} shows no form that goes to {action}")
        data = _filled(form, typed, ticks, picks) | _pressed(form, press)
        return self._show(self._client.post(action, data=data))

    def _show(self, response: httpx.Response) -> Page:
        self.page = read_page(response.text, path=response.url.path, status=response.status_code)
        return self.page


def _filled(form: Form, typed: Mapping[str, str], ticks: Collection[str], picks: Mapping[str, str]) -> dict[str, str]:
    missing = {*typed, *ticks, *picks} - {entry.name for entry in form.fields}
    if missing:
        raise StepFailed(f"the form lacks {', '.join(sorted(missing))}")
    data: dict[str, str] = {}
    for entry in form.fields:
        match entry.kind:
            case "checkbox" if entry.name in ticks or entry.checked:
                data[entry.name] = entry.value
            case "radio" if picks.get(entry.name) == entry.value:
                data[entry.name] = entry.value
            case "checkbox" | "radio":
                continue
            case _:
                data[entry.name] = typed.get(entry.name, entry.value)
    if not picks.keys() <= data.keys():
        raise StepFailed("the page does not offer the choice that was to be picked")
    return data


def _pressed(form: Form, press: str | None) -> dict[str, str]:
    if press is None:
        return {}
    button = next((entry for entry in form.buttons if entry.value == press), None)
    if button is None:
        raise StepFailed(f"the form has no button for {press}")
    return {button.name: button.value}
