"""Which queues are worked off several rows at once: tickets, and applications that wait for a person."""

from __future__ import annotations

from functools import partial
from typing import Final

from eztong.console.bulk import run
from eztong.console.bulk.run import BulkQueue, Chosen, chosen_act
from eztong.console.visit import Visit
from eztong.domain.errors import EztongError
from eztong.domain.feedback.ticket import grouped, parse_words
from eztong.domain.identifiers import HolderId
from eztong.domain.operators.bulk import BulkAct, RefusalGround
from eztong.domain.operators.incomplete import ChoiceMissing
from eztong.domain.registration import StepKind
from eztong.i18n.translator import LANGUAGES, Translator
from eztong.usecases.feedback.answer_ticket import AnswerTicket, answer_ticket
from eztong.usecases.operators.try_out import try_out
from eztong.usecases.registration.review_application import (
    ReviewApplication,
    decide_without_authority,
    review_application,
)

TICKET_ACTS: Final = (BulkAct.ANSWER, BulkAct.CLOSE)
APPLICATION_ACTS: Final = (BulkAct.SUPPLEMENT, BulkAct.REFUSE)


def _choose_for_tickets(visit: Visit) -> Chosen:
    words = parse_words(visit.form.get("words", ""))
    act = chosen_act(visit, TICKET_ACTS)
    return Chosen(act=act, words=words, seen_at=visit.seen_at(), fields=(("act", act.value), ("words", words)))


def _answer(chosen: Chosen, row: str) -> AnswerTicket:
    closes = chosen.act is BulkAct.CLOSE
    return AnswerTicket(number=row, words=chosen.words, closes=closes, seen_at=chosen.seen_at)


def _try_ticket(visit: Visit, chosen: Chosen, row: str) -> EztongError | None:
    return try_out(visit.acting, answer_ticket, visit.services, _answer(chosen, row))


def _do_ticket(visit: Visit, chosen: Chosen, row: str) -> object:
    return visit.services.perform(visit.acting, answer_ticket, _answer(chosen, row))


def _choose_for_applications(visit: Visit) -> Chosen:
    act, ground = chosen_act(visit, APPLICATION_ACTS), visit.form.get("ground", "")
    if act is BulkAct.SUPPLEMENT:
        words = parse_words(visit.form.get("words", ""))
        return Chosen(act=act, words=words, seen_at=visit.seen_at(), fields=(("act", act.value), ("words", words)))
    if ground not in set(RefusalGround):
        raise ChoiceMissing
    # The applicant's language is not known here: the reason says it in each.
    words = "\n".join(Translator(language).text(f"console.bulk.ground_words.{ground}") for language in LANGUAGES)
    return Chosen(act=act, words=words, seen_at=visit.seen_at(), fields=(("act", act.value), ("ground", ground)))


def _review(chosen: Chosen, row: str) -> ReviewApplication:
    kind = StepKind.REFUSE if chosen.act is BulkAct.REFUSE else StepKind.SUPPLEMENT
    return ReviewApplication(holder_id=HolderId(row), kind=kind, words=chosen.words, seen_at=chosen.seen_at)


def _try_application(visit: Visit, chosen: Chosen, row: str) -> EztongError | None:
    return try_out(visit.acting, decide_without_authority, visit.services, _review(chosen, row))


def _do_application(visit: Visit, chosen: Chosen, row: str) -> object:
    return review_application(_review(chosen, row), by=visit.acting, services=visit.services)


TICKETS: Final = BulkQueue(
    home="/console/tickets",
    name="tickets",
    choose=_choose_for_tickets,
    tries=_try_ticket,
    does=_do_ticket,
    shown=grouped,
)
APPLICATIONS: Final = BulkQueue(
    home="/console/applications",
    name="applications",
    choose=_choose_for_applications,
    tries=_try_application,
    does=_do_application,
)

look_at_tickets = partial(run.look, TICKETS)
apply_to_tickets = partial(run.apply, TICKETS)
show_tickets = partial(run.show, TICKETS)
look_at_applications = partial(run.look, APPLICATIONS)
apply_to_applications = partial(run.apply, APPLICATIONS)
show_applications = partial(run.show, APPLICATIONS)
