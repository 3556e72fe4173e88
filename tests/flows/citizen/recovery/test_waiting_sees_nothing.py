"""A browser whose recovery waits tries every route of the citizen door: nothing of the account opens to it.

The routes come from the door's own table, so a new one is tried without being named here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import pytest
from starlette.routing import Route

from eztong.citizen.door import routes
from eztong.citizen.visit import STATIC
from eztong.domain.claims import Claim
from eztong.http.csrf import csrf_token
from eztong.pages.assets import Assets
from tests.flows.citizen.browser import ANYBODY, Browser, Town
from tests.flows.citizen.recovery.test_recover import freeze, holder_of
from tests.flows.citizen.recovery.test_waiting_recovery import NEW_PIN, begin

# What only this browser's own recovery answers; what they do is tested by name.
OWN: Final = {"/recover/waiting"}
SECRETS: Final = (ANYBODY.name, ANYBODY.number, ANYBODY.phone, "测*一", "199****0001", "1****************X")
FIELDS: Final = {
    "act": "finish",
    "again": NEW_PIN,
    "freeze": "yes",
    "name": "all",
    "next": "/me",
    "pin": NEW_PIN,
    "reason": "pause",
    "switch": "off",
    "tick_authorisation": "yes",
    "tick_service": "yes",
}


@pytest.fixture
def ways(town: Town, browser: Browser) -> dict[str, str]:
    """Have something of everything in the account; return what fills the holes of the addresses."""
    browser.register()
    assert town.verify(browser.show_code()["number"]) == "passed"
    request, link = town.ask(Claim.AGE_OVER_18, grant_days=30)
    browser.get(link)
    browser.send(link, act="agree", match=str(request.match_number), claim_age_over_18="yes")
    holder_id = holder_of(town).holder_id
    with town.services.store.read() as stored:
        (grant,) = stored.grants.of_holder(holder_id)
        newest = stored.verifications.for_holder(holder_id, before=None, limit=1)[0]
        acceptance = stored.agreements.acceptances(holder_id)[0]
    _, open_link = town.ask(Claim.AGE_OVER_18)
    return {
        "acceptance_id": acceptance.acceptance_id,
        "grant_id": grant.grant_id,
        "kind": "csv",
        "partner_id": "hotel",
        "record_id": newest.verification_id,
        "token": open_link.rpartition("/")[2],
    }


def every_route(town: Town) -> Iterator[tuple[str, str]]:
    services = town.services
    for route in routes(services, Assets(STATIC), town.built.streams):
        assert isinstance(route, Route)
        for method in sorted(route.methods or ()):
            yield method, route.path


def state_of_account(town: Town) -> object:
    """Everything that a session could change."""
    holder = holder_of(town)
    with town.services.store.read() as stored:
        return (
            holder,
            stored.pins.get(holder.holder_id),
            list(stored.passkeys.list(holder.holder_id)),
            list(stored.devices.list(holder.holder_id)),
            list(stored.sessions.list(holder.holder_id)),
            list(stored.own_data.switches(holder.holder_id)),
            list(stored.own_data.codes(holder.holder_id)),
            list(stored.grants.of_holder(holder.holder_id)),
            list(stored.reports.list(holder.holder_id)),
            list(stored.holders.events(holder.holder_id)),
        )


@pytest.mark.parametrize("frozen", [False, True], ids=["active", "frozen"])
def test_no_route_opens_anything_to_a_browser_that_waits(town: Town, ways: dict[str, str], *, frozen: bool) -> None:
    if frozen:
        freeze(town.browser())
    waiting = town.browser()
    begin(waiting)
    assert waiting.at() == "/recover/waiting"
    token, before = waiting.client.cookies["ezt_session"], state_of_account(town)
    fields = FIELDS | {"csrf": csrf_token(token, keys=town.services.keys)}
    tried = 0
    for method, template in every_route(town):
        if template in OWN:
            continue
        path = re.sub(r"\{(\w+)[^}]*\}", lambda hole: ways.get(hole[1], "zh-CN"), template)
        waiting.client.cookies.clear()
        waiting.client.cookies.set("ezt_session", token, domain="testserver.local", path="/")
        body = fields if method == "POST" else None
        answer = waiting.client.request(method, path, data=body, follow_redirects=False)
        where = f"{method} {path}"
        assert not any(secret in answer.text for secret in SECRETS), where
        assert not re.search(r'data-number="\d{18}"', answer.text), where
        assert state_of_account(town) == before, where
        tried += 1
    assert tried > 60
