"""Find an API key of a partner by its public id."""

from __future__ import annotations

from eztong.domain.errors import NotFound
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.partner import ApiKey
from eztong.ports.storage.repositories import Repositories


def find_key(partner_id: PartnerId, key_id: str, *, stored: Repositories) -> ApiKey:
    """Return the key, whether it works or not.

    Raises:
        NotFound: the partner has no such key.
    """
    for key in stored.partners.keys(partner_id):
        if key.key_id == key_id:
            return key
    raise NotFound("This partner has no such key.")
