"""A holder reads every use and every refused try, page by page, and may report one as not the own."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from eztong.domain.claims import Claim
from eztong.domain.codes.presentation_code import Method
from eztong.domain.errors import NotFound, SessionMissing, StateConflict
from eztong.domain.feedback.report import Report
from eztong.domain.feedback.ticket import TicketKind, TicketState
from eztong.domain.holder import HolderState
from eztong.domain.identifiers import PartnerId
from eztong.domain.working_days import ANSWER_WITHIN, WorkCalendar
from eztong.usecases.records.list_records import (
    REFUSED_TRY,
    Record,
    RecordFilter,
    device_of,
    find_record,
    list_records,
    walk_records,
)
from eztong.usecases.records.report_not_me import ReportNotMe, report_not_me
from eztong.usecases.vault import open_vault
from tests.unit.usecases.codes.asking import answered, asking, at_library, refused, show
from tests.unit.usecases.stage import LI, WANG, Stage

ALL = RecordFilter()


def uses(stage: Stage, count: int = 2) -> None:
    """Let LI use codes at the hotel, each tried once more at the library, all a second apart."""
    for _ in range(count):
        stage.clock.pass_by(seconds=1)
        stage.unlock()
        shown = show(stage)
        answered(stage, asking(stage, shown.number))
        stage.clock.pass_by(seconds=1)
        refused(stage, at_library(stage, shown.number))


def records(stage: Stage, wanted: RecordFilter = ALL) -> Sequence[Record]:
    return stage.read(lambda stored: list(walk_records(stage.holder_id(), wanted, stored=stored)))


def report(stage: Stage, record_id: str, *, freeze: bool = False, note: str = "") -> Report:
    command = ReportNotMe(session_hash=LI.session, record_id=record_id, freeze=freeze, note=note)
    return stage.act(report_not_me, command, calendar=WorkCalendar())


# --- read ---------------------------------------------------------------------------------------------------------


def test_uses_and_refused_tries_stand_in_one_row_newest_first(stage: Stage) -> None:
    uses(stage)
    found = records(stage)
    assert [(one.partner_id, one.result) for one in found] == [
        ("library", REFUSED_TRY),
        ("hotel", "passed"),
        ("library", REFUSED_TRY),
        ("hotel", "passed"),
    ]
    assert [one.is_use for one in found] == [False, True, False, True]
    assert [one.at for one in found] == sorted((one.at for one in found), reverse=True)


def test_a_record_says_where_how_and_what_was_told(stage: Stage) -> None:
    uses(stage, 1)
    tried, used = records(stage)
    assert (used.scene, used.desk, used.reason, used.method) == ("hotel_check_in", "front-1", None, Method.NUMBER)
    assert used.told == (Claim.IS_PERSON,)
    assert (tried.scene, tried.desk, tried.reason) == ("library_entry", None, "code_already_used")
    assert (tried.told, tried.method) == ((), None)
    assert used.code_id == tried.code_id
    for one in (tried, used):
        assert stage.act(find_record, stage.holder_id(), one.record_id) == one
        assert stage.act(device_of, one, holder_id=stage.holder_id()) == stage.device().device_id


def test_pages_together_are_the_whole_without_a_gap_or_a_repeat(stage: Stage) -> None:
    uses(stage, 3)
    seen: list[Record] = []
    cursor, pages = None, 0
    while cursor is not None or pages == 0:
        page = stage.act(list_records, stage.holder_id(), ALL, cursor=cursor, limit=4)
        seen += page.records
        cursor, pages = page.cursor, pages + 1
    assert (pages, seen) == (2, list(records(stage)))


def test_a_page_that_holds_the_last_record_has_no_next(stage: Stage) -> None:
    uses(stage, 2)
    assert stage.act(list_records, stage.holder_id(), ALL, cursor=None, limit=4).cursor is None
    assert stage.act(list_records, stage.holder_id(), ALL, cursor=None, limit=3).cursor is not None


def test_a_filter_leaves_what_is_wanted(stage: Stage) -> None:
    uses(stage, 2)
    everything = records(stage)
    assert records(stage, RecordFilter(partner_id=PartnerId("hotel"))) == everything[1::2]
    assert records(stage, RecordFilter(result=REFUSED_TRY)) == everything[::2]
    assert records(stage, RecordFilter(partner_id=PartnerId("hotel"), result=REFUSED_TRY)) == []
    assert records(stage, RecordFilter(since=everything[1].at)) == everything[:2]


def test_nobody_reads_another_holders_record(stage: Stage) -> None:
    uses(stage, 1)
    for one in records(stage):
        with pytest.raises(NotFound):
            stage.act(find_record, stage.holder_id(WANG), one.record_id)
    for unknown in ("att_x", "ver_x", ""):
        with pytest.raises(NotFound):
            stage.act(find_record, stage.holder_id(), unknown)


# --- reported -----------------------------------------------------------------------------------------------------


def test_a_report_is_stored_with_its_day_of_answer_and_a_sealed_note(stage: Stage) -> None:
    uses(stage, 1)
    used = records(stage)[1]
    made = report(stage, used.record_id, note="不是我")
    assert made == Report(
        holder_id=stage.holder_id(),
        report_id=made.report_id,
        record_id=used.record_id,
        ticket_id=made.ticket_id,
        froze=False,
        created_at=stage.clock.now(),
        sealed_note=made.sealed_note,
    )
    assert stage.read(lambda stored: list(stored.reports.list(stage.holder_id()))) == [made]
    ticket = stage.read(lambda stored: stored.tickets.get(made.ticket_id))
    assert ticket is not None
    assert (ticket.kind, ticket.state, ticket.holder_id) == (TicketKind.REPORT, TicketState.OPEN, stage.holder_id())
    assert ticket.due == WorkCalendar().due_after(stage.clock.now(), ANSWER_WITHIN)
    vault = open_vault(stage.holder(), keys=stage.keys)
    assert vault.open(made.report_id, made.sealed_note or b"", table="reports").decode() == "不是我"
    assert stage.events()[-1].detail == f"report={made.report_id} record={used.record_id} froze=False"
    assert stage.holder().state is HolderState.ACTIVE


def test_a_record_that_was_reported_before_keeps_its_report_and_a_freeze_still_comes(stage: Stage) -> None:
    uses(stage, 1)
    tried = records(stage)[0]
    first = report(stage, tried.record_id)
    assert first.sealed_note is None
    assert report(stage, tried.record_id, note="again") == first
    assert report(stage, tried.record_id, freeze=True) == first
    assert stage.holder().state is HolderState.FROZEN
    assert (stage.rows()["reports"], stage.rows()["tickets"]) == (1, 1)


def test_a_report_may_freeze_at_once(stage: Stage) -> None:
    uses(stage, 1)
    assert report(stage, records(stage)[0].record_id, freeze=True).froze
    assert stage.holder().state is HolderState.FROZEN
    assert [one.fact("channel") for one in stage.events() if one.kind == "frozen"] == ["not_me"]


def test_what_cannot_be_frozen_is_not_reported_either(stage: Stage) -> None:
    uses(stage, 1)
    record_id = records(stage)[0].record_id
    stage.change(state=HolderState.DEREGISTERED)
    with pytest.raises(StateConflict):
        report(stage, record_id, freeze=True)
    assert stage.rows()["reports"] == 0


def test_nobody_reports_for_nobody_or_what_is_not_theirs(stage: Stage) -> None:
    uses(stage, 1)
    record_id = records(stage)[0].record_id
    for session, error in ((b"nobody", SessionMissing), (WANG.session, NotFound)):
        command = ReportNotMe(session_hash=session, record_id=record_id, freeze=True, note="")
        with pytest.raises(error):
            stage.act(report_not_me, command, calendar=WorkCalendar())
    assert stage.holder(WANG).state is HolderState.ACTIVE
