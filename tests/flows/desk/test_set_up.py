"""Staff set up an authenticator app at the desk's own pages: by themselves, or where their partner requires it."""

from __future__ import annotations

import html
import re

import pytest

from eztong.domain.identifiers import PartnerId
from eztong.ports.act import SYSTEM
from eztong.ports.secret_hasher import SALT_BYTES
from eztong.usecases.desks.factor_rules import want_factor
from eztong.usecases.desks.manage_staff import create_staff
from tests.flows.citizen.browser import Town
from tests.flows.desk.clerk import Clerk

HOTEL = PartnerId("hotel")
GIVEN = "given by the portal"
_FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@pytest.fixture
def clerk(town: Town) -> Clerk:
    """A browser of staff who were given a password."""
    services = town.services
    hashed = services.staff_hasher.make_hash(GIVEN, salt=services.entropy.token(SALT_BYTES))
    services.perform(SYSTEM, create_staff, HOTEL, login="till", label="", password_hash=hashed)
    return Clerk(town)


def offer_of(clerk: Clerk) -> dict[str, str]:
    """Return what the form of the offer brings back."""
    form = clerk.page.text.partition('action="/desk/set-up"')[2].partition("</form>")[0]
    return {key: html.unescape(value) for key, value in _FIELD.findall(form) if key != "csrf"}


def shown(town: Town, key: str, *, ahead: int = 0) -> str:
    """Return the digits that the app shows."""
    codes = town.services.one_time_codes
    return codes.code_of(bytes.fromhex(key), codes.step() + ahead)


def test_whoever_must_have_an_app_sets_it_up_at_sign_in_and_then_needs_its_code(clerk: Clerk, town: Town) -> None:
    town.services.perform(SYSTEM, want_factor, HOTEL, is_wanted=True)
    assert clerk.sign_in("till", GIVEN).status_code == 200
    offer = offer_of(clerk)
    assert clerk.get("/desk").url.path == "/desk/sign-in"
    wrong = clerk.send("/desk/set-up", csrf=clerk.csrf(), **offer, code="000000")
    assert ("动态码不是" in wrong.text, offer_of(clerk)) == (True, offer)
    done = clerk.send("/desk/set-up", csrf=clerk.csrf(), **offer, code=shown(town, offer["key"]))
    assert done.url.path == "/desk/place"
    clerk.send("/desk/sign-out", csrf=clerk.csrf())

    assert clerk.sign_in("till", offer["secret"]).status_code == 401
    clerk.get("/desk/sign-in")
    code = shown(town, offer["key"], ahead=1)
    typed = {"login": "till", "password": offer["secret"], "code": f"{code[:3]} {code[3:]}"}
    assert clerk.send("/desk/sign-in", csrf=clerk.csrf(), **typed).url.path == "/desk/place"
    again = Clerk(town)
    again.get("/desk/sign-in")
    assert again.send("/desk/sign-in", csrf=again.csrf(), **typed).status_code == 401


def test_whoever_may_have_one_sets_it_up_by_themselves(clerk: Clerk, town: Town) -> None:
    assert clerk.sign_in("till", GIVEN).url.path == "/desk/place"
    other = Clerk(town, language="en")
    assert "Set up an authenticator app" in other.get("/desk/sign-in").text
    other.get("/desk/set-up")
    assert other.send("/desk/set-up", csrf=other.csrf(), login="till", password="wrong").status_code == 401
    other.get("/desk/set-up")
    other.send("/desk/set-up", csrf=other.csrf(), login="till", password=GIVEN)
    offer = offer_of(other)
    other.send("/desk/set-up", csrf=other.csrf(), **offer, code=shown(town, offer["key"]))
    assert other.get("/desk/place").url.path == "/desk/place"
    assert clerk.get("/desk").url.path == "/desk/sign-in"


def test_the_sandboxs_own_staff_are_offered_until_somebody_sets_up_their_app(town: Town) -> None:
    clerk = Clerk(town)
    assert 'value="library"' in clerk.get("/desk/sign-in").text
    clerk.get("/desk/set-up")
    clerk.send("/desk/set-up", csrf=clerk.csrf(), login="library", password=clerk.password)
    offer = offer_of(clerk)
    clerk.send("/desk/set-up", csrf=clerk.csrf(), **offer, code=shown(town, offer["key"]))
    assert 'value="library"' not in Clerk(town).get("/desk/sign-in").text
