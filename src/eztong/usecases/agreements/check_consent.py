"""Ask for consent: the one question of every door, when a code is issued, and again at the moment of use."""

from __future__ import annotations

from eztong.domain import agreements as agreement
from eztong.domain.errors import AgreementNotAccepted
from eztong.domain.identifiers import AcceptanceId, HolderId, PartnerId
from eztong.domain.requests.request import PartnerSwitchedOff
from eztong.ports.storage.repositories import Repositories


def check_consent(holder_id: HolderId, *, stored: Repositories) -> AcceptanceId:
    """Return the acceptance of the authorisation if the account's consent is whole.

    Raises:
        AgreementNotAccepted: a document is not accepted, or withdrawn, or only in a version that no longer counts.
    """
    counting = stored.agreements.versions_that_count()
    return agreement.check_consent(stored.agreements.signed(holder_id), counting=counting)


def awaits_acceptance(holder_id: HolderId, *, stored: Repositories) -> bool:
    """Say whether a consent that is whole today ends with a grace that runs, unless newer documents are accepted."""
    try:
        agreement.check_consent(
            stored.agreements.signed(holder_id), counting=stored.agreements.versions_that_will_count()
        )
    except AgreementNotAccepted:
        return True
    return False


def check_allowed(holder_id: HolderId, partner_id: PartnerId, *, stored: Repositories) -> None:
    """Refuse what the holder does not allow this partner now.

    Raises:
        AgreementNotAccepted: as for :func:`check_consent`.
        PartnerSwitchedOff: the holder's switch for the partner is off.
    """
    allowance = stored.agreements.allowance(holder_id, partner_id)
    agreement.check_consent(allowance.signed, counting=stored.agreements.versions_that_count())
    if allowance.is_switched_off:
        raise PartnerSwitchedOff
