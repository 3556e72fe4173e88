"""«That was not me»: say what will happen, then freeze at once or only report, as the holder chooses (2.11)."""

from __future__ import annotations

from starlette.responses import Response

from eztong.citizen.visit import Visit
from eztong.citizen.words.record_words import RecordWords
from eztong.domain.errors import InputInvalid, NotFound
from eztong.domain.feedback.report import MAX_NOTE, parse_note
from eztong.domain.feedback.ticket import grouped
from eztong.i18n.moments import date_words
from eztong.usecases.records.list_records import find_record
from eztong.usecases.records.report_not_me import ReportNotMe, report_not_me


def ask(visit: Visit) -> Response:
    """Show the record and the two ways.

    Raises:
        NotFound: no such record of this holder.
    """
    with visit.services.store.read() as stored:
        holder_id = visit.bound(stored).holder.holder_id
        record = find_record(holder_id, visit.request.path_params["record_id"], stored=stored)
        row = RecordWords(visit, holder_id, stored=stored).row(record)
    return visit.form_page("records/not_me.html", tab="records", row=row, max_note=MAX_NOTE)


def report(visit: Visit) -> Response:
    """Make the report; after a freeze this browser is signed out, too."""
    act = visit.form.get("act")
    if act not in {"freeze", "report"}:
        raise InputInvalid
    command = ReportNotMe(
        session_hash=visit.session_hash,
        record_id=visit.request.path_params["record_id"],
        freeze=act == "freeze",
        note=parse_note(visit.form.get("note", "")),
    )
    calendar = visit.services.deployment.calendar
    made = visit.act(report_not_me, command, calendar=calendar)
    with visit.services.store.read() as stored:
        ticket = stored.tickets.get(made.ticket_id)
    if ticket is None:
        raise NotFound
    response = visit.page(
        "records/not_me_done.html",
        number=grouped(ticket.number),
        froze=command.freeze,
        due=date_words(ticket.due.at, words=visit.words),
    )
    if command.freeze:
        visit.door.cookies.drop_session(response)
    return response
