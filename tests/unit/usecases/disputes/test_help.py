"""Help with a record: one ticket for each, ten open at most, sealed, and for own records alone."""

from __future__ import annotations

import json

import pytest

from eztong.domain.errors import NotFound, SessionMissing
from eztong.domain.feedback.ticket import MAX_OPEN, Ticket, TicketKind, TicketsWaiting
from eztong.domain.working_days import WorkCalendar
from eztong.usecases.access.sign_in import sign_out
from eztong.usecases.disputes.open_dispute import OpenDispute, open_dispute
from eztong.usecases.feedback.sealed_words import open_words
from eztong.usecases.own_data.export_data import collect_data
from tests.unit.usecases.disputes.acts import LEGAL, for_authority, for_holder, replay, use
from tests.unit.usecases.stage import LI, WANG, Stage


def dispute(stage: Stage, record_id: str, words: str = "") -> Ticket:
    command = OpenDispute(session_hash=LI.session, record_id=record_id, words=words)
    return stage.act(open_dispute, command, calendar=WorkCalendar())


def test_help_has_a_ticket_that_says_which_record_and_is_sealed(stage: Stage) -> None:
    record_id = use(stage)
    ticket = dispute(stage, record_id, "我没有入住")
    assert (ticket.kind, ticket.waits, ticket.holder_id) == (TicketKind.DISPUTE, True, stage.holder_id())
    (said,) = stage.act(open_words, ticket)
    assert said.text == f"{record_id} · hotel\n我没有入住"
    assert [one.kind for one in stage.events()] == ["ticket_opened"]
    assert b"\xe6\x88\x91\xe6\xb2\xa1" not in stage.select("SELECT sealed FROM ticket_messages")[0][0]


def test_a_record_has_one_ticket_however_often_it_is_asked(stage: Stage) -> None:
    record_id = replay(stage)
    ticket = dispute(stage, record_id)
    assert dispute(stage, record_id, "again") == ticket
    assert stage.rows()["tickets"] == 1
    (said,) = stage.act(open_words, ticket)
    assert said.text == f"{record_id} · library"


def test_an_account_has_so_many_open_disputes_and_no_more(stage: Stage) -> None:
    records = [use(stage) for _ in range(MAX_OPEN + 1)]
    for record_id in records[:-1]:
        dispute(stage, record_id)
    with pytest.raises(TicketsWaiting):
        dispute(stage, records[-1])
    assert dispute(stage, records[0]).kind is TicketKind.DISPUTE


def test_help_is_for_own_records_alone(stage: Stage) -> None:
    record_id = use(stage)
    with pytest.raises(NotFound):
        stage.act(
            open_dispute,
            OpenDispute(session_hash=WANG.session, record_id=record_id, words=""),
            calendar=WorkCalendar(),
        )
    stage.act(sign_out, LI.session)
    with pytest.raises(SessionMissing):
        dispute(stage, record_id)


def test_an_export_holds_disputes_and_bundles_but_no_authoritys(stage: Stage) -> None:
    record_id = use(stage)
    dispute(stage, record_id)
    for_holder(stage, record_id)
    for_authority(stage, record_id)
    parts = stage.act(collect_data, stage.holder())
    assert [one["record_id"] for one in parts["disputes"]] == [record_id]
    assert [one["party"] for one in parts["bundles"]] == ["holder"]
    assert LEGAL.document_number not in json.dumps(parts, ensure_ascii=False)
