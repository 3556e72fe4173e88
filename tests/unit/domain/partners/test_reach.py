"""From where a partner calls, and where its flows lead back to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.partner import Partner, PartnerNotLive, PartnerStage, PartnerState
from eztong.domain.partners.reach import (
    MOST_NETWORKS,
    MOST_REDIRECTS,
    NetworkInvalid,
    NetworkNotAllowed,
    RedirectInvalid,
    RedirectNotAllowed,
    check_reach,
    check_redirect,
    parse_networks,
    parse_redirects,
)

BANK = Partner(
    partner_id=PartnerId("bank"),
    name="b",
    name_en="b",
    sector_id="s",
    state=PartnerState.APPROVED,
    created_at=datetime(2026, 3, 2, tzinfo=UTC),
)


def test_an_empty_list_lets_anybody_in() -> None:
    for client in ("203.0.113.9", "2001:db8::1", "unknown", ""):
        check_reach(BANK, client=client, is_sandbox=False)


@pytest.mark.parametrize(
    ("client", "is_in"),
    [
        ("192.0.2.7", True),
        ("::ffff:192.0.2.7", True),
        ("64:ff9b::c000:207", True),
        ("192.0.3.7", False),
        ("2001:db8:1::5", True),
        ("2001:db8:2::5", False),
        ("192.0.2", False),
        ("", False),
    ],
)
def test_a_list_lets_its_networks_in_and_nobody_else(client: str, *, is_in: bool) -> None:
    bank = replace(BANK, networks=parse_networks(["2001:db8:1::/48", "192.0.2.0/24"]))
    if is_in:
        check_reach(bank, client=client, is_sandbox=True)
        return
    with pytest.raises(NetworkNotAllowed):
        check_reach(bank, client=client, is_sandbox=True)


def test_one_of_the_sandbox_is_not_answered_about_real_people() -> None:
    bank = replace(BANK, stage=PartnerStage.SANDBOX)
    check_reach(bank, client="", is_sandbox=True)
    with pytest.raises(PartnerNotLive):
        check_reach(bank, client="", is_sandbox=False)


def test_networks_stand_once_in_one_spelling_and_order() -> None:
    assert parse_networks([" 2001:DB8::/32", "192.0.2.5", "192.0.2.5/32", "10.0.0.0/8"]) == (
        "10.0.0.0/8",
        "192.0.2.5/32",
        "2001:db8::/32",
    )


@pytest.mark.parametrize("text", ["", "192.0.2.1/24", "0.0.0.0/0", "::/0", "bank.example", "192.0.2.0/33"])
def test_what_is_no_network_or_everybody_is_refused(text: str) -> None:
    with pytest.raises(NetworkInvalid):
        parse_networks([text])


def test_lists_have_an_end() -> None:
    with pytest.raises(NetworkInvalid):
        parse_networks([f"10.0.{number}.0/24" for number in range(MOST_NETWORKS + 1)])
    with pytest.raises(RedirectInvalid):
        parse_redirects([f"https://bank.example/{number}" for number in range(MOST_REDIRECTS + 1)])


@pytest.mark.parametrize("text", ["http://bank.example/", "https://bank.example/?a=1", "https://bank.example/#a"])
def test_an_address_to_return_to_is_https_without_query(text: str) -> None:
    with pytest.raises(RedirectInvalid):
        parse_redirects([text])


@pytest.mark.parametrize(
    ("address", "is_allowed"),
    [
        ("https://bank.example/back", True),
        ("https://bank.example:443/back/", True),
        ("https://bank.example/back/done?x=1#y", True),
        ("https://bank.example/backyard", False),
        ("https://bank.example/", False),
        ("https://bank.example.evil.example/back", False),
        ("https://bank.example:8443/back", False),
        ("http://bank.example/back", False),
        ("https://bank.example/back/../other", False),
        ("https://bank.example/back/%2e%2E/other", False),
        ("https://bank.example/back/.%2E/other", False),
    ],
)
def test_a_flow_returns_to_or_below_a_registered_address_only(address: str, *, is_allowed: bool) -> None:
    bank = replace(BANK, redirects=parse_redirects(["https://bank.example/back"]))
    check_redirect(BANK, address)
    if is_allowed:
        check_redirect(bank, address)
        return
    with pytest.raises(RedirectNotAllowed):
        check_redirect(bank, address)
