"""A partner's browser: signs in as a demo person by the form, or as one of the sandbox's people at once."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import httpx
from typing_extensions import override

from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.partner import PartnerState
from eztong.domain.portal.person import PortalRole
from eztong.http.cookies import new_token
from eztong.ports.act import PARTNER
from eztong.usecases.sandbox.demo_people import sign_in_person_as
from tests.flows.citizen.browser import Town
from tests.flows.console.staff import StaffBrowser

_FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
PEOPLE = {
    PortalRole.ADMINISTRATOR: "demo-admin@hotel",
    PortalRole.DEVELOPER: "demo-dev@hotel",
    PortalRole.AUDITOR: "demo-audit@hotel",
}


@contextmanager
def standing(town: Town, state: PartnerState) -> Iterator[None]:
    """Let the hotel stand elsewhere for a while."""
    store, hotel = town.services.store, PartnerId("hotel")
    store.write(lambda uow: uow.partners.set_state(hotel, state))
    try:
        yield
    finally:
        store.write(lambda uow: uow.partners.set_state(hotel, PartnerState.APPROVED))


class PortalBrowser(StaffBrowser):
    """A browser at the partner portal."""

    def __init__(self, town: Town, *, language: str = "zh-CN") -> None:
        super().__init__(town, language=language)

    @override
    def sign_in(self, demo: str = "demo-admin@hotel", **typed: str) -> httpx.Response:
        """Send the form that stands filled in for a demo person, with other values where they are given."""
        page = self.get("/partner/sign-in").text
        (form,) = (part for part in page.split("<form") if f'value="{demo}"' in part)
        fields = {key: html.unescape(value) for key, value in _FIELD.findall(form)}
        return self.send("/partner/sign-in", **(fields | typed))

    def as_person(self, login: str) -> PortalBrowser:
        """Be signed in as a person of the sandbox; an earlier session of the browser is forgotten."""
        services = self.town.services
        token = new_token(entropy=services.entropy)
        services.perform(replace(PARTNER, name=login), sign_in_person_as, token)
        self.client.cookies.clear()
        self.client.cookies.set("ezt_portal", token, domain="testserver.local", path="/")
        return self

    def shown_once(self) -> str:
        """Return what the page shows this once."""
        found = re.findall(r'class="shown-once">([^<]+)<', self.page.text)
        return html.unescape(found[0]) if found else ""

    def fields_of(self, action: str) -> dict[str, str]:
        """Return the hidden fields of the form that is sent there, but its token."""
        (form,) = (part for part in self.page.text.split("<form") if f'action="{action}"' in part.partition(">")[0])
        found = _FIELD.findall(form.partition("</form>")[0])
        return {key: html.unescape(value) for key, value in found if key != "csrf"}

    def once(self) -> str:
        """Return what the form of this page carries that was shown once."""
        return str(re.findall(r'name="once" value="([^"]+)"', self.page.text)[0])
