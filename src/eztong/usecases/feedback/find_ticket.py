"""Find a ticket by what its asker has: number and secret, or the session of its account.

A secret is good for reading and writing. What is final about a matter of an account takes the account's own unlocked
session; and where a loss is told, or the account is recovered, the secrets that were shown before open nothing more:
whoever had the phone then may have noted them down (ADR 0073).
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from eztong.domain.feedback.ticket import Ticket, TicketUnknown
from eztong.domain.identifiers import HolderId
from eztong.ports.act import Act
from eztong.ports.keys import Keys, MacPurpose
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.find_session import find_bound, find_unlocked

_CONTEXT = b"ticket_secret\x00"
_HASH_BYTES: Final = 32


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
    holder_id = shown = None
    if proof.secret is None:
        holder_id = find_bound(proof.session_hash, stored=stored, now=now).holder.holder_id
    else:
        # Hashed whether or not there is such a ticket: a number that exists takes no longer than one that does not.
        shown = hash_secret(proof.secret, keys=keys)
    ticket = stored.tickets.by_number(proof.number)
    if ticket is None or not _fits(ticket, holder_id, shown):
        raise TicketUnknown
    return ticket


def _fits(ticket: Ticket, holder_id: HolderId | None, shown: bytes | None) -> bool:
    if shown is None:
        return ticket.holder_id == holder_id
    return ticket.secret_hash is not None and hmac.compare_digest(ticket.secret_hash, shown)


def find_to_decide(proof: TicketProof, *, stored: Repositories, keys: Keys, now: datetime) -> Ticket:
    """Return the ticket that ``proof`` opens, for an act that is final.

    Of an account that is there its unlocked session alone decides, also beside the right secret. A secret alone is
    enough where there is no account, or none any more.

    Raises:
        TicketUnknown: no such ticket, or another one's.
        SessionMissing, HolderNotActive, DeviceNotBound, Locked: this session may not.
    """
    ticket = find_ticket(proof, stored=stored, keys=keys, now=now)
    if needs_session(ticket, stored=stored):
        holder = find_unlocked(proof.session_hash, stored=stored, now=now).holder
        if holder.holder_id != ticket.holder_id:
            raise TicketUnknown
    return ticket


def needs_session(ticket: Ticket, *, stored: Repositories) -> bool:
    """Say whether what is final about a ticket takes a session: whether it is of an account that is there."""
    holder = None if ticket.holder_id is None else stored.holders.get(ticket.holder_id)
    return holder is not None and not holder.is_erased


def end_secrets(act: Act, holder_id: HolderId, *, but: str | None = None) -> None:
    """End the secrets of an account's tickets, except of the ticket ``but``; its holder goes on by session."""
    for ticket in act.uow.tickets.list(holder_id):
        if ticket.secret_hash is not None and ticket.ticket_id != but:
            # Still a hash: it says that somebody wrote the ticket, and nobody was shown what belongs to it.
            act.uow.tickets.replace_secret(ticket.ticket_id, act.entropy.token(_HASH_BYTES))
