"""The partners that an account knows, and the others, each with the account's switch (clause 2.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from eztong.citizen.visit import Visit
from eztong.citizen.words.record_words import name_of
from eztong.domain.holder import Holder
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.partner import PartnerStage, PartnerState
from eztong.i18n.moments import moment_words
from eztong.ports.storage.repositories import Repositories

MOST_LISTED: Final = 50
_MOST_CHARACTERS: Final = 50
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPartner:
    """A partner with the account's switch; ``last`` is empty if they never met."""

    partner_id: PartnerId
    name: str
    is_on: bool
    last: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerList:
    """Whom the account met or switched, the latest first, and the others that were looked for, by name.

    ``more`` says that there are others beyond those listed.
    """

    met: list[ListedPartner]
    others: list[ListedPartner]
    more: bool
    search: str


def list_partners(visit: Visit, holder: Holder, *, stored: Repositories) -> PartnerList:
    """Return the partners of the account; the others are those whose name fits what the address looks for (``q``)."""
    met = stored.verifications.partners_met(holder.holder_id)
    switches = stored.grants.switches(holder.holder_id)
    partners = stored.partners.list()
    known = {partner.partner_id: partner for partner in partners.those}
    # One whose row is damaged keeps its id for a name, so that it can still be switched off.
    mine = sorted({*met, *switches} if partners.unreadable else {*met, *switches} & set(known))
    mine.sort(key=lambda partner_id: met.get(partner_id, _NEVER), reverse=True)
    search = visit.request.query_params.get("q", "").strip()[:_MOST_CHARACTERS]
    rest = sorted(
        (name_of(partner, visit), partner_id)
        for partner_id, partner in known.items()
        if partner_id not in mine and partner.state is PartnerState.APPROVED
        if visit.services.deployment.is_sandbox or partner.stage is PartnerStage.LIVE
        if search.casefold() in f"{partner.name}\n{partner.name_en}\n{partner_id}".casefold()
    )

    def listed(partner_id: PartnerId) -> ListedPartner:
        moment, partner = met.get(partner_id), known.get(partner_id)
        return ListedPartner(
            partner_id=partner_id,
            name=partner_id if partner is None else name_of(partner, visit),
            is_on=switches.get(partner_id, True),
            last="" if moment is None else moment_words(moment, now=visit.now, words=visit.words),
        )

    return PartnerList(
        met=[listed(partner_id) for partner_id in mine],
        others=[listed(partner_id) for _, partner_id in rest[:MOST_LISTED]],
        more=len(rest) > MOST_LISTED,
        search=search,
    )
