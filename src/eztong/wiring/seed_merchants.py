"""A merchant of the Tencent Cloud door for each demo partner, in new and in older sandboxes."""

from __future__ import annotations

from datetime import datetime

from eztong.domain.identifiers import PartnerId
from eztong.domain.merchants.merchant import Merchant, MerchantOptions, MerchantState
from eztong.ports.storage.store import UnitOfWork
from eztong.wiring.seed import DEMO_PARTNERS, DemoPartner


def demo_merchant_id(demo: DemoPartner) -> str:
    """Return the demo partner's MerchantId, the same in every sandbox."""
    return f"0EZTSANDBOX{demo.partner_id.upper()}"


def seed_merchants(uow: UnitOfWork, *, now: datetime) -> None:
    """Add what is missing. Companion actions are on: everybody in the sandbox is invented."""
    for demo in DEMO_PARTNERS:
        merchant_id = demo_merchant_id(demo)
        if uow.partners.get(PartnerId(demo.partner_id)) is None or uow.merchants.get(merchant_id) is not None:
            continue
        uow.merchants.add(
            Merchant(
                merchant_id=merchant_id,
                partner_id=PartnerId(demo.partner_id),
                scene=demo.scenes[0].scene,
                name=demo.name,
                state=MerchantState.ACTIVE,
                options=MerchantOptions(companions=True),
                created_at=now,
            )
        )
