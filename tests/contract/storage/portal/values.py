"""People of partners and their sessions for tests of the store."""

from __future__ import annotations

from eztong.domain.identifiers import PartnerId
from eztong.domain.portal.person import PortalPerson, PortalRole, PortalSession, PortalState
from tests.contract.storage.stage import at, make


def person(number: int = 1, *, partner_id: str = "hotel", full: bool = False) -> PortalPerson:
    return PortalPerson(
        partner_id=PartnerId(partner_id),
        name=f"p{number}",
        person_id=make("ptp", number),
        role=PortalRole.DEVELOPER,
        state=PortalState.ACTIVE,
        created_at=at(number),
        added_by="li.na",
        secret_hash="hash" if full else "",
        second_factor=b"sealed" if full else None,
        used_step=5 if full else None,
        invite_hash=b"word" if full else None,
        invite_until=at(number + 9) if full else None,
    )


def session(number: int = 1, *, name: str = "p1", partner_id: str = "hotel") -> PortalSession:
    return PortalSession(
        session_hash=b"hash%d" % number,
        session_id=make("pts", number),
        partner_id=PartnerId(partner_id),
        name=name,
        created_at=at(number),
        active_at=at(number),
    )
