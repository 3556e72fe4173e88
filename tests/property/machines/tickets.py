"""What people write to the service, and what the staff answer."""

from __future__ import annotations

from eztong.domain.errors import EztongError
from eztong.domain.events import Actor
from eztong.domain.feedback.ticket import MAX_OPEN, Ticket, TicketKind
from eztong.ports.act import Acting
from eztong.usecases.feedback.add_to_ticket import AddToTicket, add_to_ticket
from eztong.usecases.feedback.answer_ticket import AnswerTicket, answer_ticket
from eztong.usecases.feedback.find_ticket import TicketProof
from eztong.usecases.feedback.open_ticket import OpenTicket, open_ticket
from tests.property.machines.asking import Asking
from tests.property.machines.forbidden import Forbidden, never
from tests.property.machines.ground import PEOPLE, STAFF
from tests.property.machines.shadow import Account, Written
from tests.unit.usecases.deregistration.leaving import CALENDAR


class Tickets(Asking):
    """Events of tickets."""

    def write(self, account: Account | None) -> Written | None:
        """Write to the service, as a holder or as nobody."""
        secret = self.secret()
        session = b"nobody's" if account is None else account.who.session
        owner = account if account is not None and account.has_session(self.now) else None
        command = OpenTicket(
            session_hash=session, network="192.0.2.7", kind=TicketKind.COMPLAINT, words="why", secret=secret
        )
        with self.touching(*([owner] if owner else [])):
            got = self.tried(lambda: self.stage.act(open_ticket, command, calendar=CALENDAR))
        if isinstance(got, EztongError):
            waiting = [one for one in self.written if one.account is owner and not one.ended]
            never(len(waiting) < MAX_OPEN, Forbidden.STUCK, repr(got))
            return None
        assert isinstance(got, Ticket)
        never(got.holder_id != (owner.holder_id if owner else None), Forbidden.ACTED_SIGNED_OUT)
        written = Written(owner, got.number, secret)
        self.written.append(written)
        return written

    def add(self, ticket: Written, *, by: Account | None) -> None:
        """Add to a ticket: with its secret, or from the browser of an account."""
        proof = TicketProof(
            number=ticket.number,
            secret=ticket.secret if by is None else None,
            session_hash=b"nobody's" if by is None else by.who.session,
        )
        with self.touching(*([ticket.account] if ticket.account else [])):
            got = self.tried(
                lambda: self.stage.act(add_to_ticket, AddToTicket(proof=proof, words="?"), calendar=CALENDAR)
            )
        own = not ticket.shut if by is None else ticket.account is by and by.has_session(self.now)
        if isinstance(got, EztongError):
            never(own and not ticket.ended and got.code != "ticket_full", Forbidden.STUCK, repr(got))
            return
        never(not own, Forbidden.TICKET_OF_ANOTHER)
        never(ticket.ended, Forbidden.TICKET_GOES_ON)

    def reply(self, ticket: Written, *, by: str, closes: bool) -> None:
        """Let an operator answer."""
        command = AnswerTicket(number=ticket.number, words="because", closes=closes)
        # Whoever is linked to a person is so with every account that the person ever has.
        about_oneself = by == STAFF[0] and ticket.account is not None and ticket.account.who.number == PEOPLE[0].number
        with self.touching(*([ticket.account] if ticket.account else [])):
            got = self.tried(lambda: self.stage.act(answer_ticket, command, by=Acting(Actor.OPERATOR, by)))
        because = {Forbidden.TICKET_GOES_ON: ticket.ended, Forbidden.ABOUT_ONESELF: about_oneself}
        if self.expect(got, because=because):
            ticket.ended = ticket.ended or closes
