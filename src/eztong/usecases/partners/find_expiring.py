"""Find what partners hold that ends soon: keys, key pairs, certified keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypeAlias

from eztong.domain.damage import Listed
from eztong.domain.identifiers import PartnerId
from eztong.domain.merchants.certificate_request import CertificateState
from eztong.domain.merchants.merchant import Merchant
from eztong.domain.partners.expiry import CERTIFIED_FOR, Expiring, ExpiringKind, warned_within
from eztong.domain.partners.partner import Partner, PartnerState
from eztong.ports.storage.repositories import Repositories

_End: TypeAlias = tuple[ExpiringKind, str, str, datetime | None]
"""What ends: kind, public name, label, and when; None: never."""


def find_expiring(*, stored: Repositories, now: datetime) -> Listed[Expiring]:
    """Return what ends within thirty days, the soonest first, and what of certified keys should have been renewed.

    Closed partners hold nothing. One whose rows cannot be read keeps no other back.
    """
    found = stored.partners.list().each(lambda one: list(_of_partner(one, stored=stored, now=now)))
    flat = [one for those in found.those for one in those]
    return Listed(sorted(flat, key=lambda one: (one.ends_at, one.name)), found.damaged)


def find_expiring_of(partner: Partner, *, stored: Repositories, now: datetime) -> Sequence[Expiring]:
    """Return the same of one partner."""
    return sorted(_of_partner(partner, stored=stored, now=now), key=lambda one: (one.ends_at, one.name))


def _of_partner(partner: Partner, *, stored: Repositories, now: datetime) -> Iterator[Expiring]:
    if partner.state is PartnerState.CLOSED:
        return
    for kind, name, label, ends_at in _ends(partner.partner_id, stored=stored, now=now):
        within = None if ends_at is None else warned_within(ends_at, now=now)
        if ends_at is not None and within is not None:
            yield Expiring(
                kind=kind, partner_id=partner.partner_id, name=name, label=label, ends_at=ends_at, within=within
            )


def _ends(partner_id: PartnerId, *, stored: Repositories, now: datetime) -> Iterator[_End]:
    for key in stored.partners.keys(partner_id):
        if key.is_live(now):
            yield ExpiringKind.API_KEY, key.key_id, key.label, key.expires_at
    for pair in stored.merchants.keys(partner_id):
        # A temporary pair is made to end within hours.
        if pair.is_live(now) and pair.token_hash is None:
            yield ExpiringKind.ACCOUNT_KEY, pair.secret_id, pair.label, pair.expires_at
    for merchant in stored.merchants.list(partner_id):
        yield ExpiringKind.CERTIFICATE, merchant.merchant_id, merchant.name, _renewal_of(merchant, stored=stored)


def _renewal_of(merchant: Merchant, *, stored: Repositories) -> datetime | None:
    if merchant.certified_key is None:
        return None
    decided = [
        request.decision.at
        for request in stored.merchants.certificate_requests(merchant.merchant_id)
        if request.state is CertificateState.APPROVED and request.decision is not None
        if request.public_key == merchant.certified_key
    ]
    # A demo merchant's key was certified by nobody, and ends never.
    return max(decided) + CERTIFIED_FOR if decided else None
