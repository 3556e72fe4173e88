"""Read where a deregistration stands, what is open before it, and its receipt (clause 2.13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from eztong.domain.errors import NotFound
from eztong.domain.feedback.ticket import TicketKind, TicketState
from eztong.domain.grants import GrantState
from eztong.domain.holder import Holder
from eztong.ports.keys import Keys
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.codes.read_proof import proof_file, proof_part
from eztong.usecases.deregistration.find_case import shows_case
from eztong.usecases.feedback.find_ticket import TicketProof, find_ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenItems:
    """What an account has open: it ends with the account, and keeps nobody from ending it.

    ``talks`` are those with the service that have not ended. ``is_held`` says that a case of the operator or the risk
    rules is open, by a stop or by a mark, whose history is kept.
    """

    grants: int
    tickets: int
    talks: int
    is_held: bool


def open_items(holder: Holder, *, stored: Repositories, now: datetime) -> OpenItems:
    """Return what the account has open."""
    granted = [one for one in stored.grants.of_holder(holder.holder_id) if one.state is GrantState.GRANTED]
    tickets = [one for one in stored.tickets.list(holder.holder_id) if one.state is not TicketState.CLOSED]
    return OpenItems(
        grants=sum(one.expires_at > now for one in granted),
        tickets=sum(one.waits and one.kind is not TicketKind.TALKS for one in tickets),
        talks=sum(one.kind is TicketKind.TALKS for one in tickets),
        is_held=shows_case(holder, stored=stored),
    )


def deregistration_receipt(proof: TicketProof, *, stored: Repositories, keys: Keys, now: datetime) -> dict[str, Any]:
    """Return the receipt as a file that proves itself, for number and secret.

    Raises:
        TicketUnknown: they open nothing.
        NotFound: there is no receipt yet.
    """
    ticket = find_ticket(proof, stored=stored, keys=keys, now=now)
    done = stored.deregistrations.of_ticket(ticket.ticket_id)
    if done is None or done.receipt is None or done.batch_id is None or done.leaf_index is None:
        raise NotFound("There is no receipt before the deregistration is done.")
    return proof_file(done.receipt, proof_part(done.batch_id, done.leaf_index, stored=stored))
