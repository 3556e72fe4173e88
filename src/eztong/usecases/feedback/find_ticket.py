"""Find a ticket by what its asker has: number and secret, or the session of its account."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime

from eztong.domain.feedback.ticket import Ticket, TicketUnknown
from eztong.ports.keys import Keys, MacPurpose
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.find_session import find_bound

_CONTEXT = b"ticket_secret\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketProof:
    """What proves that a ticket is somebody's: its secret, or else the session of the account that asked."""

    number: str
    secret: str | None
    session_hash: bytes


def hash_secret(secret: str, *, keys: Keys) -> bytes:
    """Return the keyed hash of a ticket's secret; its key never rotates, since tickets outlive rotations."""
    return keys.mac(MacPurpose.LOOKUP, _CONTEXT + secret.encode())


def find_ticket(proof: TicketProof, *, stored: Repositories, keys: Keys, now: datetime) -> Ticket:
    """Return the ticket that ``proof`` opens, and no other.

    Raises:
        TicketUnknown: no such ticket, or another one's; the two are not told apart.
        SessionMissing, HolderNotActive, DeviceNotBound: no secret, and this session is no holder's own.
    """
    holder_id = None
    if proof.secret is None:
        holder_id = find_bound(proof.session_hash, stored=stored, now=now).holder.holder_id
    ticket = stored.tickets.by_number(proof.number)
    if ticket is None or not _fits(ticket, proof, holder_id, keys=keys):
        raise TicketUnknown
    return ticket


def _fits(ticket: Ticket, proof: TicketProof, holder_id: str | None, *, keys: Keys) -> bool:
    if proof.secret is None:
        return ticket.holder_id == holder_id
    known = ticket.secret_hash
    return known is not None and hmac.compare_digest(known, hash_secret(proof.secret, keys=keys))
