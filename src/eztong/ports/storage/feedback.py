"""The repository of feedback tickets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from eztong.domain.damage import Listed
from eztong.domain.feedback.ticket import Ticket, TicketKind, TicketMessage, TicketState
from eztong.domain.identifiers import HolderId
from eztong.domain.working_days import DueDay


class TicketRepository(Protocol):
    """Tickets by number, by secret and by account, with their messages."""

    def add(self, ticket: Ticket) -> bool:
        """Store a ticket; return False, and store nothing, if its number or secret is another one's."""
        ...

    def get(self, ticket_id: str) -> Ticket | None:
        """Return a ticket."""
        ...

    def by_number(self, number: str) -> Ticket | None:
        """Return the ticket of a number."""
        ...

    def by_secret(self, secret_hash: bytes) -> Ticket | None:
        """Return the ticket of a secret."""
        ...

    def list(self, holder_id: HolderId) -> Sequence[Ticket]:
        """Return the account's tickets, newest first."""
        ...

    def queue(
        self, *, kind: TicketKind | None = None, after: tuple[int, str] | None = None, limit: int
    ) -> Listed[Ticket]:
        """Return the tickets that wait for an answer, of one kind or of all, the one that is due first at the top.

        ``after`` is the last one's due moment in milliseconds, and its id, of the page before.
        """
        ...

    def provisional(self) -> Listed[Ticket]:
        """Return the tickets that wait for an answer on a day that is provisional."""
        ...

    def reopen(self, ticket_id: str, due: DueDay, *, asked_at: datetime) -> bool:
        """Move an answered ticket back to open with a new period; return whether this call did it."""
        ...

    def answer(self, ticket_id: str, state: TicketState, *, now: datetime) -> bool:
        """Move a ticket that has not ended to answered or closed; return whether this call did it."""
        ...

    def close(self, ticket_id: str, *, now: datetime) -> bool:
        """End a ticket without an answer, as whoever asked wants or time does; return whether this call did it."""
        ...

    def redate(self, ticket_id: str, due: DueDay, *, asked_at: datetime) -> bool:
        """Change the provisional day of an open ticket whose period began so; return whether this call did it."""
        ...

    def replace_secret(self, ticket_id: str, secret_hash: bytes) -> None:
        """Put another secret's hash in the place of a ticket's, so that the one that was shown opens nothing."""
        ...

    def add_message(self, message: TicketMessage) -> None:
        """Store a message."""
        ...

    def messages(self, ticket_id: str) -> Sequence[TicketMessage]:
        """Return a ticket's messages, oldest first."""
        ...
