"""What a holder arranges for after the own death, what the signal stops, and how a relative writes (PIPL art. 49)."""

from __future__ import annotations

import re

import pytest

from eztong.domain.death.after_death import ArrangedOtherwise, RelativesAsk
from eztong.domain.events import Actor
from eztong.domain.feedback.ticket import TicketKind
from eztong.domain.holder import Holder
from eztong.ports.act import SYSTEM, Acting
from eztong.usecases.access.find_session import find_session, hash_session
from eztong.usecases.death.answer_relatives import ProposeForRelatives, propose_for_relatives
from eztong.usecases.restrictions.stop_for_death import stop_for_death
from tests.flows.citizen.browser import ANYBODY, Browser, Town


def own(browser: Browser, town: Town) -> Holder:
    """Return the account of this browser."""
    session = hash_session(browser.client.cookies["ezt_session"], keys=town.services.keys)
    with town.services.store.read() as stored:
        return find_session(session, stored=stored, now=town.services.clock.now()).holder


def test_what_was_arranged_goes_before_what_relatives_ask_and_the_account_stops(browser: Browser, town: Town) -> None:
    browser.register()
    browser.unlock()
    page = browser.get("/me/after-death").text
    assert ('data-wish="relatives"' in page, "先原样保存 3 年。" in page) == (True, True)
    browser.send("/me/after-death", wish="erase")
    assert 'data-wish="erase"' in browser.get("/me/after-death").text
    town.services.perform(SYSTEM, stop_for_death, own(browser, town))
    assert browser.get("/me").url.path == "/sign-in"
    relative = town.browser()
    relative.get("/feedback?kind=relative")
    written = relative.send("/feedback", kind="relative", words="我是女儿，想要一份副本。").text
    number = re.search(r'data-ticket="(\d{10})"', written)
    assert number is not None
    with town.services.store.read() as stored:
        ticket = stored.tickets.by_number(number[1])
    assert ticket is not None
    assert ticket.kind is TicketKind.RELATIVE
    wanted = ProposeForRelatives(
        ticket_number=ticket.number, number=ANYBODY.number, asked=RelativesAsk.COPY, reason="register seen"
    )
    with pytest.raises(ArrangedOtherwise):
        propose_for_relatives(wanted, by=Acting(Actor.OPERATOR, "demo-li"), services=town.services)
