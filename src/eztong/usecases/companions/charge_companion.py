"""Enter a companion question in the ledger before it is asked, and settle it when the answer is there."""

from __future__ import annotations

from dataclasses import replace

from eztong.domain.companions import DAILY_ATTEMPTS, AskedTooOften, Charge, CompanionsOff, Finding
from eztong.domain.identifiers import PartnerId
from eztong.domain.identity.age import service_date
from eztong.domain.merchants.merchant import MerchantState
from eztong.ports.act import Act
from eztong.ports.keys import MacPurpose
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.refusal import Refused


def check_companions(partner_id: PartnerId, *, stored: Repositories) -> None:
    """Return if the partner has a merchant at work that may ask about people without their own act.

    Raises:
        CompanionsOff: it has none.
    """
    merchants = stored.merchants.list(partner_id)
    if not any(one.state is MerchantState.ACTIVE and one.options.companions for one in merchants):
        raise CompanionsOff


def open_charge(act: Act, partner_id: PartnerId, charge_id: str, *, action: str, person: str) -> Charge | Refused:
    """Enter a question about ``person`` (a number, phone or digest: whatever names the one asked about).

    1. Hash partner, day and person with a key, so that the ledger tells nothing of the person.
    2. Refuse what was asked too often today, and remember that, too: a refused try is a try.
    3. Store the question, not yet billed.
    """
    day = service_date(act.now).isoformat()
    subject = act.keys.mac(MacPurpose.LOOKUP, f"companion\x00{partner_id}\x00{day}\x00{person}".encode())
    charge = Charge(
        partner_id=partner_id, charge_id=charge_id, action=action, day=day, subject=subject, requested_at=act.now
    )
    if act.uow.charges.count(partner_id, day, subject) >= DAILY_ATTEMPTS:
        act.uow.charges.add(replace(charge, finding=Finding.DAILY_LIMIT))
        return Refused(AskedTooOften())
    act.uow.charges.add(charge)
    return charge


def settle_charge(act: Act, charge: Charge, finding: Finding, *, is_billed: bool) -> None:
    """Store what came of the question, and whether it is billed."""
    act.uow.charges.settle(replace(charge, finding=finding, is_billed=is_billed))
