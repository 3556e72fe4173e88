"""A clerk's browser: signs in, takes a place, checks codes."""

from __future__ import annotations

import re

import httpx

from eztong.wiring.seed_staff import PASSWORD_SETTING
from tests.flows.citizen.browser import Browser, Town


class Clerk(Browser):
    """A browser at a desk."""

    def __init__(self, town: Town, *, language: str = "zh-CN") -> None:
        super().__init__(town, language=language, https=False)

    @property
    def password(self) -> str:
        with self.town.services.store.read() as stored:
            return stored.settings.get(PASSWORD_SETTING) or ""

    def sign_in(self, login: str = "hotel", password: str | None = None) -> httpx.Response:
        self.get("/desk/sign-in")
        return self.send("/desk/sign-in", csrf=self.csrf(), login=login, password=password or self.password)

    def start(self, login: str = "hotel", desk: str = "front-1", scene: str = "hotel_check_in") -> httpx.Response:
        self.sign_in(login)
        return self.send("/desk/place", csrf=self.csrf(), desk=desk, scene=scene)

    def check(self, code: str) -> httpx.Response:
        self.get("/desk")
        return self.send("/desk", csrf=self.csrf(), code=code)

    def csrf(self) -> str:
        found = re.search(r'name="csrf" value="([^"]*)"', self.page.text)
        assert found is not None, "the page has no form"
        return found[1]

    def result(self) -> dict[str, str]:
        """Return the data attributes of the result on the page."""
        found = re.search(r'<div id="result"([^>]*)>', self.page.text)
        return dict(re.findall(r'data-([a-z]+)="([^"]*)"', found[1])) if found else {}

    def words(self) -> str:
        """Return the text of the result on the page, without its tags."""
        panel = self.page.text.partition('<div id="result"')[2].partition("<noscript>")[0]
        return " ".join(re.sub(r"<[^>]*>", " ", panel).split())
