"""The service proposes a settlement, or declares that the talks failed: always an operator, never about themselves."""

from __future__ import annotations

from dataclasses import dataclass, field

from eztong.domain.feedback.ticket import Author, Ticket
from eztong.domain.operators.operator import Operator
from eztong.domain.operators.permission import Permission
from eztong.domain.operators.proposal import Proposal
from eztong.domain.talks.talk import Move, Side, Talk, TalkUnknown, WhyFailed
from eztong.domain.working_days import WorkCalendar
from eztong.ports.act import Act
from eztong.usecases.feedback.sealed_words import add_words
from eztong.usecases.operators.check_operator import check_about_another, check_operator, is_about_a_stranger
from eztong.usecases.talks.draft_proposal import draft_proposal
from eztong.usecases.talks.move_talk import Taken, fail_talk, talk_of
from eztong.usecases.talks.put_proposal import put_proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSays:
    """What the operator who acts says for the service in the talks of ``number``."""

    number: str
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OfferedSettlement:
    """The talks as they stand, and what waits for another operator before anything is offered."""

    talk: Talk
    waits: Proposal | None = None


def propose_settlement(act: Act, command: ServiceSays, *, calendar: WorkCalendar) -> OfferedSettlement:
    """Store a proposal, which binds the service once it is accepted, and say until when it stands.

    1. The operator has the role ``legal``, and the matter is not their own.
    2. Where nobody can say whose matter it is, the words wait for another operator, unseen by whoever asked.
    3. Otherwise they are sealed like what was asked; a proposal that stands is replaced.
    4. It stands for :data:`~eztong.domain.talks.talk.STANDS_FOR` working days; a job wakes then.
    5. The act is attested, and the holder is told.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, AboutOneself: whoever acts may not.
        TalkUnknown: no talks under this number.
        TalkEnded: they have ended.
        ProposalsFull: there are as many proposals as there may be.
        HolderErased: the account that asked was erased.
        StateConflict: they moved meanwhile, or words wait for another operator already.
    """
    operator, ticket, talk = _for_service(act, command.number)
    if is_about_a_stranger(ticket.holder_id, stored=act.uow):
        return OfferedSettlement(talk, draft_proposal(act, ticket, talk, command.words))
    return OfferedSettlement(put_proposal(act, ticket, talk, command.words, operator=operator.name, calendar=calendar))


def declare_failed(act: Act, command: ServiceSays) -> Talk:
    """End talks for the service, with its reason. One operator is enough, also about a stranger: it binds nobody.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, AboutOneself: whoever acts may not.
        TalkUnknown: no talks under this number.
        TalkEnded: they have ended.
        HolderErased: the account that asked was erased.
        StateConflict: they moved meanwhile.
    """
    operator, ticket, talk = _for_service(act, command.number)
    talk.after(Move.FAILED)
    message_id = add_words(act, ticket, command.words, author=Author.STAFF, operator=operator.name)
    step = Taken(move=Move.FAILED, side=Side.SERVICE, message_id=message_id)
    return fail_talk(act, ticket, talk, why=WhyFailed.SERVICE, step=step, reason=command.words)


def _for_service(act: Act, number: str) -> tuple[Operator, Ticket, Talk]:
    operator = check_operator(act, Permission.TALKS_SETTLE, number)
    ticket = act.uow.tickets.by_number(number)
    if ticket is None:
        raise TalkUnknown
    check_about_another(operator, ticket.holder_id, stored=act.uow)
    return operator, ticket, talk_of(ticket, stored=act.uow)
