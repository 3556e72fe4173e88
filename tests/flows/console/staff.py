"""An operator's browser: signs in as a demo operator by the form, or as an operator of some roles at once."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import httpx

from eztong.domain.operators.operator import Operator, OperatorRole, OperatorState
from eztong.http.cookies import new_token
from eztong.ports.act import OPERATOR, Act
from eztong.usecases.operators.sign_in_operator import begin_session
from tests.flows.citizen.browser import Browser, Town

_FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


class StaffBrowser(Browser):
    """A browser at the console."""

    def __init__(self, town: Town, *, language: str = "zh-CN") -> None:
        super().__init__(town, language=language, https=False)

    def sign_in(self, demo: str = "demo-li", **typed: str) -> httpx.Response:
        """Send the form that stands filled in for a demo operator, with other values where they are given."""
        page = self.get("/console/sign-in").text
        (form,) = (part for part in page.split("<form") if f'value="{demo}"' in part)
        fields = {key: html.unescape(value) for key, value in _FIELD.findall(form)}
        return self.send("/console/sign-in", **(fields | typed))

    def as_operator(self, name: str, *roles: OperatorRole) -> StaffBrowser:
        """Be signed in as a new operator of these roles; an earlier session of the browser is forgotten."""
        services = self.town.services
        token = new_token(entropy=services.entropy)

        def begin(act: Act) -> None:
            made = Operator(
                name=name,
                roles=frozenset(roles),
                state=OperatorState.ACTIVE,
                secret_hash="nobody's",
                created_at=act.now,
            )
            act.uow.operators.add(made)
            begin_session(act, made, token)

        services.perform(replace(OPERATOR, name=name), begin)
        self.client.cookies.clear()
        self.client.cookies.set("ezt_console", token, domain="testserver.local", path="/")
        return self

    def send_form(self, path: str, **fields: str) -> httpx.Response:
        """Send a form of the page that this browser stands on: its token, and what is given."""
        found = re.search(r'name="csrf" value="([^"]*)"', self.page.text)
        assert found is not None, "the page has no form"
        self.page = self.client.post(path, data={"csrf": found[1], **fields})
        return self.page

    def error(self) -> str:
        """Return the code of the error whose page this is."""
        found = re.search(r'data-error="([^"]*)"', self.page.text)
        return "" if found is None else found[1]
