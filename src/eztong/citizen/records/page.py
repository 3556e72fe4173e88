"""Records: every use and every refused try, to look through, to keep, and to contest (domain: own data)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response

from eztong.citizen.visit import Visit
from eztong.citizen.words.readable_json import ReadableJson
from eztong.citizen.words.record_words import RecordWords
from eztong.domain.codes.verification import Outcome
from eztong.domain.feedback.ticket import grouped
from eztong.domain.identifiers import PartnerId, VerificationId
from eztong.usecases.codes.read_proof import record_proof
from eztong.usecases.records.list_records import REFUSED_TRY, RecordFilter, find_record, list_records

PAGE: Final = 50
RESULTS: Final = (*(outcome.value for outcome in Outcome), REFUSED_TRY)
PERIODS: Final = {"30": timedelta(days=30), "180": timedelta(days=180), "all": None}
DEFAULT_PERIOD: Final = "180"
_UNFILTERED: Final = {"partner": "", "result": "", "period": DEFAULT_PERIOD}
_CURSOR: Final = re.compile(r"[0-9A-Z]{26}")


def show(visit: Visit) -> Response:
    """List a page of the signed-in holder's records."""
    query = visit.request.query_params
    after = query.get("after", "")
    cursor = after if _CURSOR.fullmatch(after) else None
    wanted = read_filter(visit)
    with visit.services.store.read() as stored:
        holder_id = visit.bound(stored).holder.holder_id
        page = list_records(holder_id, wanted, cursor=cursor, limit=PAGE, stored=stored)
        words = RecordWords(visit, holder_id, stored=stored)
        rows = [words.row(record) for record in page.records]
        partners = [(met, words.partner(met)) for met in sorted(stored.verifications.partners_met(holder_id))]
        reported = {report.record_id for report in stored.reports.list(holder_id)}
    chosen = _chosen(query, wanted)
    return visit.page(
        "records/page.html",
        tab="records",
        rows=rows,
        partners=partners,
        reported=reported,
        results=RESULTS,
        periods=tuple(PERIODS),
        chosen=chosen,
        choice=urlencode(chosen),
        is_first=cursor is None,
        is_filtered=cursor is not None or chosen != _UNFILTERED,
        more=None if page.cursor is None else urlencode({**chosen, "after": page.cursor}),
    )


def show_one(visit: Visit) -> Response:
    """Show one record with all that is known of it.

    Raises:
        NotFound: no such record of this holder.
    """
    with visit.services.store.read() as stored:
        holder_id = visit.bound(stored).holder.holder_id
        record = find_record(holder_id, visit.request.path_params["record_id"], stored=stored)
        row = RecordWords(visit, holder_id, stored=stored).row(record)
        report = stored.reports.about(holder_id, record.record_id)
        ticket = None if report is None else stored.tickets.get(report.ticket_id)
    return visit.page(
        "records/page_one.html",
        tab="records",
        row=row,
        record=record,
        ticket=ticket,
        number="" if ticket is None else grouped(ticket.number),
    )


def proof(visit: Visit) -> Response:
    """Hand out the proof file of a use.

    Raises:
        NotFound: no such use of this holder.
    """
    verification_id = VerificationId(visit.request.path_params["record_id"])
    with visit.services.store.read() as stored:
        holder = visit.bound(stored).holder
        document = record_proof(holder, verification_id, stored=stored, keys=visit.services.keys)
    return ReadableJson(document, headers={"Content-Disposition": f'attachment; filename="{verification_id}.json"'})


def read_filter(visit: Visit) -> RecordFilter:
    """Return what the address asks for; what is not understood is left out."""
    query = visit.request.query_params
    period = PERIODS.get(query.get("period", DEFAULT_PERIOD), PERIODS[DEFAULT_PERIOD])
    result = query.get("result")
    return RecordFilter(
        partner_id=PartnerId(query["partner"]) if query.get("partner") else None,
        result=result if result in RESULTS else None,
        since=None if period is None else visit.now - period,
    )


def _chosen(query: Mapping[str, str], wanted: RecordFilter) -> dict[str, str]:
    period = query.get("period", DEFAULT_PERIOD)
    return {
        "partner": wanted.partner_id or "",
        "result": wanted.result or "",
        "period": period if period in PERIODS else DEFAULT_PERIOD,
    }
