"""A guardian is asked for more by staff: in a ticket of the guardian's, by nobody who is of the family."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.events import EventKind
from eztong.domain.feedback.ticket import Author, TicketKind, TicketState, WordsMissing
from eztong.domain.operators.operator import OperatorRole, RoleMissing
from eztong.usecases.guardianship.ask_guardian import AskGuardian, ask_guardian
from eztong.usecases.guardianship.decide_relation import DecideRelation, decide_relation
from tests.unit.usecases.feedback.test_feedback import CALENDAR
from tests.unit.usecases.guardianship import family
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import LI, Stage


def test_the_guardian_is_asked_in_a_ticket_and_told_and_the_claim_goes_on_waiting(stage: Stage) -> None:
    claim = family.claimed_child(stage)
    by = operator(stage, "qian", OperatorRole.CASES)
    asked = AskGuardian(guardianship_id=claim.guardianship_id, words="请补充出生证明")
    ticket = stage.act(ask_guardian, asked, by=by, calendar=CALENDAR)
    assert (ticket.kind, ticket.holder_id) == (TicketKind.QUESTION, stage.holder_id(LI))
    with stage.store.read() as stored:
        kept = stored.tickets.get(ticket.ticket_id)
        said = stored.tickets.messages(ticket.ticket_id)
    assert kept is not None
    assert kept.state is TicketState.ANSWERED
    assert [one.author for one in said] == [Author.STAFF]
    assert EventKind.TICKET_ANSWERED in family.kinds(stage, stage.holder_id(LI))
    assert family.guardianship(stage, claim.guardianship_id) == claim
    stage.act(decide_relation, DecideRelation(guardianship_id=claim.guardianship_id, holds=True, words="seen"), by=by)


def test_without_words_or_role_nobody_is_asked(stage: Stage) -> None:
    claim = family.claimed_child(stage)
    asked = AskGuardian(guardianship_id=claim.guardianship_id, words="请补充")
    by = operator(stage, "qian", OperatorRole.CASES)
    with pytest.raises(RoleMissing):
        stage.act(ask_guardian, asked, by=operator(stage, "zhou", OperatorRole.AUDIT), calendar=CALENDAR)
    with pytest.raises(WordsMissing):
        stage.act(ask_guardian, replace(asked, words=" "), by=by, calendar=CALENDAR)
    with stage.store.read() as stored:
        assert list(stored.tickets.list(stage.holder_id(LI))) == []
