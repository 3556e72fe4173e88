"""A quota as its partner meets it: a warning on its pages, then a problem that says when it begins anew."""

from __future__ import annotations

from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.quota import OverQuota
from eztong.ports.act import SYSTEM
from eztong.usecases.partners.quotas import QuotaKeeper, SetQuota, set_quota
from tests.flows.citizen.browser import Browser, Town
from tests.flows.desk.clerk import Clerk
from tests.flows.partner_portal.people import PortalBrowser

HOTEL = PartnerId("hotel")


def give(town: Town, amount: int, over: OverQuota) -> None:
    """Give the hotel a quota, and let it be counted."""
    command = SetQuota(partner_id=HOTEL, amount=amount, over=over, reason="contract")
    town.services.perform(SYSTEM, set_quota, command)
    QuotaKeeper(town.services).keep()


def test_the_pages_warn_and_the_desk_says_why_nothing_is_verified(
    town: Town, li: PortalBrowser, browser: Browser
) -> None:
    assert "每月额度" not in li.get("/partner/usage").text
    browser.register()
    clerk = Clerk(town)
    clerk.start()
    assert clerk.check(browser.show_code()["number"]).status_code == 200
    give(town, 1, OverQuota.REFUSE)
    for path in ("/partner", "/partner/usage"):
        assert "本月额度已用完" in li.get(path).text
    assert "1 / 1 次核验（100%）" in li.page.text
    refused = clerk.check(browser.show_code()["number"])
    assert (refused.status_code, "retry-after" in refused.headers) == (429, True)
    assert "本月的核验额度已用完" in refused.text
    give(town, 1, OverQuota.WARN)
    assert "本月额度已用完" in li.get("/partner/usage").text
    assert clerk.check(browser.show_code()["number"]).status_code == 200
    give(town, 0, OverQuota.WARN)
