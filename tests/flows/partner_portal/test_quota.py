"""A quota as its partner meets it: a warning on its pages, then a problem that says when it begins anew."""

from __future__ import annotations

import pytest

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


@pytest.mark.parametrize("over", OverQuota)
def test_the_pages_warn_and_the_desk_says_why_nothing_is_verified(
    town: Town, li: PortalBrowser, browser: Browser, over: OverQuota
) -> None:
    give(town, 0, over)
    assert "每月额度" not in li.get("/partner/usage").text
    browser.register()
    clerk = Clerk(town)
    clerk.start()
    assert clerk.check(browser.show_code()["number"]).status_code == 200
    give(town, 1, over)
    for path in ("/partner", "/partner/usage"):
        assert "本月额度已用完" in li.get(path).text
    assert "1 / 1 次核验（100%）" in li.page.text
    give(town, 5, over)
    assert "1 / 5 次核验（20%）" in li.get("/partner/usage").text
    assert "本月额度已用" not in li.page.text
    give(town, 1, over)
    refused = clerk.check(browser.show_code()["number"])
    assert ("该机构本月不能再核验" in refused.text) is (over is OverQuota.REFUSE)
    assert refused.status_code == (429 if over is OverQuota.REFUSE else 200)
