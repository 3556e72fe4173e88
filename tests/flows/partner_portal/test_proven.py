"""At the portal a session alone does nothing grave: the form waits for a code, and goes out as it was filled in."""

from __future__ import annotations

import html
import re

import pytest

from eztong.domain.operators.session import ProofNeeded
from eztong.domain.portal.permission import GRAVE
from eztong.domain.signed_in import PROOF_LIFE
from eztong.partner_portal.door import TABLE
from tests.flows.citizen.browser import Town
from tests.flows.partner_portal.people import PortalBrowser
from tests.flows.partner_portal.test_who_may import filled

LATER = int(PROOF_LIFE.total_seconds())


def hidden(page: str) -> dict[str, str]:
    form = page.rpartition("<form")[2]
    return {name: html.unescape(value) for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', form)}


def test_a_key_waits_for_a_code_and_is_made_once_as_it_was_filled_in(town: Town, li: PortalBrowser) -> None:
    li.get("/partner/keys")
    fields = {"label": '<b>ti"ll', "days": "30", "scope_verifications:read": "yes", **li.fields_of("/partner/keys")}
    town.pass_time(LATER)
    asked = li.send_form("/partner/keys", **fields)
    assert (asked.status_code, li.error()) == (403, ProofNeeded.code)
    assert {name: value for name, value in hidden(asked.text).items() if name in fields} == fields
    wrong = li.client.post("/partner/keys", data=hidden(asked.text) | {"confirm_code": "000000"})
    assert "动态码对不上" in wrong.text
    assert "ti&#34;ll" not in li.get("/partner/keys").text
    # The sandbox shows what the app of a demo person shows.
    (shown,) = re.findall(r'class="digits">(\d{6})<', wrong.text)
    confirmed = hidden(wrong.text) | {"confirm_code": f"{shown[:3]} {shown[3:]}"}
    keys = []
    for _ in range(2):
        li.page = li.client.post("/partner/keys", data=confirmed)
        keys.append(li.shown_once())
    assert keys[0] == keys[1] != ""


def test_what_is_confirmed_beforehand_leads_back_to_the_own_pages_alone(town: Town, li: PortalBrowser) -> None:
    li.get("/partner")
    town.pass_time(LATER)
    page = li.get("/partner/confirm?next=/partner/people")
    (shown,) = re.findall(r'class="digits">(\d{6})<', page.text)
    assert li.send_form("/partner/confirm", next="/partner/people", confirm_code=shown).url.path == "/partner/people"
    assert hidden(li.get("/partner/confirm?next=https://evil.example").text)["next"] == "/partner"


@pytest.mark.parametrize("path", [path for path, _, post in TABLE if post is not None and post[0] in GRAVE])
def test_every_grave_form_asks_first(town: Town, path: str) -> None:
    browser = PortalBrowser(town).as_person("demo-admin@hotel")
    browser.get("/partner/me")
    town.pass_time(LATER)
    answer = browser.send_form(filled(path), act="remove", typed="hotel", role="auditor", factor="no")
    assert (answer.status_code, browser.error()) == (403, ProofNeeded.code)
