"""Close a partner for good: what it could do ends at once, and each holder that it knew reads so (clause 2.3).

What it did stays: verifications, proofs, grants that ended, keys and staff that are no more explain the records.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from eztong.domain.desks.staff import StaffState
from eztong.domain.events import EventKind
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.identifiers import HolderId, PartnerId
from eztong.domain.jobs.fate import Fate, LeasedJob, LeaseLost
from eztong.domain.jobs.job import Job, JobEnd, JobKind
from eztong.domain.merchants.merchant import MerchantState
from eztong.domain.notices import Topic
from eztong.domain.partners.partner import Partner, PartnerState
from eztong.ports.act import SYSTEM, Act
from eztong.ports.services import Services
from eztong.usecases.apart import each_by_itself
from eztong.usecases.naming import new_id
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_holder
from eztong.usecases.partners.attest_partner import attest_partner
from eztong.usecases.partners.find_partner import find_partner
from eztong.usecases.partners.suspend_partner import store_move

FOUND_AT_ONCE: Final = 2_000
"""Holders that one look finds: to find them reads what the partner ever asked, so that few looks are many holders."""
TOLD_AT_ONCE: Final = 100
"""Holders told in one unit of work."""
CLOSING: Final = "closing"
"""Telling one of the holders that a closed partner knew."""
_CURSOR: Final = "partner_closing "


def close_partner(act: Act, partner: Partner, closed: Partner) -> None:
    """End at once whatever opens a door, and queue what tells the holders.

    1. Its keys and key pairs are revoked, its merchants suspended, its desks' staff disabled and signed out.
    2. Requests that wait for a holder are over.
    3. Its applications are closed, so that their contacts end in time.
    4. A job ends its grants and tells each holder (:func:`tell_of_closing`): there may be many.

    Raises:
        PartnerStateConflict: it moved at the same moment.
    """
    partner_id = partner.partner_id
    store_move(act, partner, closed)
    keys = act.uow.partners.revoke_keys(partner_id, now=act.now) + act.uow.merchants.revoke_keys(
        partner_id, now=act.now
    )
    for merchant in act.uow.merchants.list(partner_id):
        if merchant.state is MerchantState.ACTIVE:
            act.uow.merchants.update(replace(merchant, state=MerchantState.SUSPENDED))
    for staff in act.uow.staff.list(partner_id):
        act.uow.staff.set_state(staff, StaffState.DISABLED)
        act.uow.staff.end_sessions(partner_id, staff.staff_id, now=act.now)
    requests = act.uow.requests.end_of_partner(partner_id, now=act.now)
    act.uow.partner_applications.close(partner_id, now=act.now)
    _queue(act, partner_id)
    facts = {"keys": str(keys), "requests": str(requests)}
    attest_partner(act, partner_id, ActKind.PARTNER_CLOSED, facts=facts)


def tell_of_closing(leased: LeasedJob, *, services: Services) -> Fate:
    """End the grants of a closed partner and tell every holder that it knew, a few in each unit of work.

    How far it came is stored with what was told: after a crash nobody is told twice.

    Raises:
        LeaseLost: another worker does it; what was told stays told.
    """
    partner_id = PartnerId(leased.job.key)
    with services.store.read() as stored:
        partner = stored.partners.get(partner_id)
        after = stored.settings.get(_CURSOR + partner_id) or ""
        found = stored.grants.known(partner_id, after=HolderId(after), limit=FOUND_AT_ONCE)
    if partner is None or partner.state is not PartnerState.CLOSED:
        return Fate.DROPPED
    for begin in range(0, len(found), TOLD_AT_ONCE):
        services.perform(SYSTEM, _tell, partner_id, found[begin : begin + TOLD_AT_ONCE])
    services.perform(SYSTEM, _finish, leased, goes_on=len(found) == FOUND_AT_ONCE)
    return Fate.NOTED


def _tell(act: Act, partner_id: PartnerId, holders: Sequence[HolderId]) -> None:
    each_by_itself(act, CLOSING, holders, lambda one: _tell_one(act, partner_id, one))
    act.uow.settings.set(_CURSOR + partner_id, holders[-1])


def _tell_one(act: Act, partner_id: PartnerId, holder_id: HolderId) -> None:
    ended = act.uow.grants.end_at_partner(holder_id, partner_id, now=act.now)
    holder = act.uow.holders.get(holder_id)
    if holder is not None and holder.has_account:
        detail = f"partner={partner_id} grants_ended={ended}"
        note_event(act, holder_id, EventKind.PARTNER_CLOSED, detail=detail)
        partner = find_partner(partner_id, stored=act.uow)
        tell_holder(act, holder, Topic.PARTNER_CLOSED, {"partner": partner.name})


def _finish(act: Act, leased: LeasedJob, *, goes_on: bool) -> None:
    if not act.uow.jobs.end(leased.job.job_id, JobEnd.DONE, lease=leased.lease, now=act.now):
        raise LeaseLost
    if goes_on:
        _queue(act, PartnerId(leased.job.key))


def _queue(act: Act, partner_id: PartnerId) -> None:
    act.uow.jobs.add(
        Job(
            job_id=new_id(act, "job"),
            kind=JobKind.PARTNER,
            key=partner_id,
            created_at=act.now,
            next_attempt_at=act.now,
        )
    )
