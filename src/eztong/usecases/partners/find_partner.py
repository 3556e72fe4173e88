"""Find a relying party by its id."""

from __future__ import annotations

from eztong.domain.errors import NotFound
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.partner import Partner
from eztong.ports.storage.repositories import Repositories


def find_partner(partner_id: PartnerId, *, stored: Repositories) -> Partner:
    """Return the partner, in whatever state it is.

    Raises:
        NotFound: no such partner.
    """
    partner = stored.partners.get(partner_id)
    if partner is None:
        raise NotFound("There is no such partner.")
    return partner
