"""A desk is ended while a clerk works there: the open page finds out, says so, and leads to another desk."""

from __future__ import annotations

from eztong.domain.identifiers import PartnerId
from eztong.ports.act import SYSTEM
from eztong.usecases.desks.end_desk import end_desk
from tests.flows.citizen.browser import Town
from tests.flows.desk.clerk import Clerk

HOTEL = PartnerId("hotel")


def test_an_open_page_finds_out_that_its_desk_was_ended(clerk: Clerk, town: Town) -> None:
    assert clerk.get("/desk").url.path == "/desk"
    csrf = clerk.csrf()
    town.services.perform(SYSTEM, end_desk, HOTEL, "front-1", typed="front-1")
    # By this answer the page's script loads the page again.
    assert clerk.get("/desk/live").status_code == 401
    for page in (clerk.send("/desk", csrf=csrf, code="88"), clerk.get("/desk"), clerk.get("/desk/sign")):
        assert page.url.path == "/desk/place"
        assert "您所在的柜台已停用" in page.text
        assert ('value="front-1"' in page.text, 'value="front-2"' in page.text) == (False, True)
    assert clerk.send("/desk/place", desk="front-1", scene="hotel_check_in").status_code == 422
    clerk.get("/desk/place")
    assert clerk.send("/desk/place", csrf=clerk.csrf(), desk="front-2", scene="hotel_check_in").url.path == "/desk"
    assert "已停用" not in clerk.get("/desk/place").text
