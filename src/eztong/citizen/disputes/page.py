"""Help with a record: the evidence in one file, and a ticket for whoever wants somebody to help (clause 2.15)."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from eztong.citizen.limits import FEEDBACK, count
from eztong.citizen.visit import Visit
from eztong.citizen.words.record_words import RecordRow, RecordWords
from eztong.domain.canonical_json import parse_document
from eztong.domain.disputes.dispute import Bundle, BundleKey, Party
from eztong.domain.errors import EztongError, InputInvalid, NotFound, TooMany
from eztong.domain.feedback.ticket import MAX_WORDS, Ticket, grouped, parse_words
from eztong.domain.identifiers import HolderId
from eztong.i18n.moments import date_words, moment_words
from eztong.pages.error_pages import sentence_of
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.disputes.give_evidence import HolderAsks, give_to_holder
from eztong.usecases.disputes.open_dispute import OpenDispute, open_dispute
from eztong.usecases.records.list_records import find_record


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stands:
    """What there is of a record: its row in words, the evidence that was made of it, and the ticket about it."""

    row: RecordRow
    bundle: Bundle | None
    ticket: Ticket | None


def show(visit: Visit) -> Response:
    """Explain what the service does and what it does not, and show what was done already.

    Raises:
        NotFound: no such record of this holder.
    """
    return _page(visit)


def ask(visit: Visit) -> Response:
    """Make the evidence; with ``act=assist`` open the ticket first, so that no file is promised for one that fails."""
    act = visit.form.get("act")
    if act not in {"assist", "file"}:
        raise InputInvalid
    try:
        count(FEEDBACK, visit)
        if act == "assist":
            visit.act(open_dispute, _command(visit), calendar=visit.services.deployment.calendar)
        give_to_holder(_asks(visit, takes=False), services=visit.services)
    except (InputInvalid, TooMany) as error:
        return _page(visit, error)
    return visit.redirect(visit.request.url.path)


def bundle(visit: Visit) -> Response:
    """Hand out the file that was made on the page; it is made anew where something of the record changed since.

    Raises:
        NotFound: no such record of this holder, or nothing was made of it yet.
    """
    with visit.services.store.read() as stored:
        if _stands(visit, stored).bundle is None:
            raise NotFound
    given = give_to_holder(_asks(visit, takes=True), services=visit.services)
    headers = {
        "Content-Disposition": f'attachment; filename="{given.file_name}"',
        "Cache-Control": "no-store",
    }
    return Response(given.file, headers=headers, media_type="application/json")


def _command(visit: Visit) -> OpenDispute:
    written = visit.form.get("words", "").strip()
    return OpenDispute(
        session_hash=visit.session_hash, record_id=_record_id(visit), words=parse_words(written) if written else ""
    )


def _asks(visit: Visit, *, takes: bool) -> HolderAsks:
    return HolderAsks(session_hash=visit.session_hash, record_id=_record_id(visit), takes=takes)


def _record_id(visit: Visit) -> str:
    record_id: str = visit.request.path_params["record_id"]
    return record_id


def _stands(visit: Visit, stored: Repositories) -> _Stands:
    holder_id: HolderId = visit.bound(stored).holder.holder_id
    record = find_record(holder_id, _record_id(visit), stored=stored)
    dispute = stored.disputes.about(holder_id, record.record_id)
    return _Stands(
        row=RecordWords(visit, holder_id, stored=stored).row(record),
        bundle=stored.bundles.newest(
            BundleKey(record_id=record.record_id, party=Party.HOLDER, partner_id=record.partner_id)
        ),
        ticket=None if dispute is None else stored.tickets.get(dispute.ticket_id),
    )


def _page(visit: Visit, error: EztongError | None = None) -> Response:
    with visit.services.store.read() as stored:
        stands = _stands(visit, stored)
    made, ticket = stands.bundle, stands.ticket
    missing = {} if made is None else parse_document(made.document)["missing"]
    return visit.form_page(
        "disputes/page.html",
        because=error,
        tab="records",
        row=stands.row,
        bundle=made,
        made_at="" if made is None else moment_words(made.created_at, now=visit.now, words=visit.words),
        missing=sorted(missing.items()),
        ticket=ticket,
        number="" if ticket is None else grouped(ticket.number),
        due="" if ticket is None else date_words(ticket.due.at, words=visit.words),
        words=visit.form.get("words", "") if error is not None else "",
        most=MAX_WORDS,
        public_url=visit.services.deployment.public_url,
        problem="" if error is None else sentence_of(error, visit),
    )
