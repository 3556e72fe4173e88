"""Opening talks with the service, on the page of feedback: which records and earlier talks it is about (clause 5.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from eztong.citizen.visit import Visit
from eztong.citizen.words.record_words import RecordRow, RecordWords
from eztong.domain.errors import DeviceNotBound, HolderNotActive, NotFound, SessionMissing
from eztong.domain.feedback.ticket import Ticket, TicketUnknown, grouped, parse_number
from eztong.domain.talks.talk import FormerUnknown, parse_records
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.feedback.open_ticket import OpenTicket
from eztong.usecases.records.list_records import Record, RecordFilter, find_record, list_records
from eztong.usecases.talks.open_talk import OpenTalk, open_talk

_SHOWN: Final = 10
"""Records that the form offers, the newest ones."""

_FIELD: Final = "record-"


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkFields:
    """What the form has beside the words: records to tick, and the number of earlier talks."""

    records: Sequence[tuple[RecordRow, bool]]
    former: str


def talk_fields(visit: Visit, typed: Mapping[str, str]) -> TalkFields:
    """Return what the form offers to this browser; whoever has no account is offered no records."""
    query = visit.request.query_params
    chosen = {query.get("record", ""), *_ticked(typed)}
    with visit.services.store.read() as stored:
        records = _records(visit, chosen, stored=stored)
    return TalkFields(records=records, former=typed.get("former", "") or query.get("former", ""))


def open_as_talk(visit: Visit, ticket: OpenTicket) -> Ticket:
    """Open the talks that the form describes.

    Raises:
        TooManyRecords, FormerUnknown, FormerRuns: the form names what it may not.
        FormSent, TicketsWaiting, TooMany: as :func:`open_talk` says.
    """
    command = OpenTalk(ticket=ticket, records=parse_records(_ticked(visit.form)), former=_former(visit.form))
    try:
        return visit.act(open_talk, command, calendar=visit.services.deployment.calendar)
    except NotFound as error:
        raise FormerUnknown from error


def _ticked(typed: Mapping[str, str]) -> list[str]:
    return [name.removeprefix(_FIELD) for name in typed if name.startswith(_FIELD)]


def _former(typed: Mapping[str, str]) -> str | None:
    written = typed.get("former", "").strip()
    try:
        return parse_number(written) if written else None
    except TicketUnknown as error:
        raise FormerUnknown from error


def _records(visit: Visit, chosen: set[str], *, stored: Repositories) -> Sequence[tuple[RecordRow, bool]]:
    try:
        holder_id = visit.bound(stored).holder.holder_id
    except (SessionMissing, HolderNotActive, DeviceNotBound):
        return []
    found: dict[str, Record] = {}
    for record_id in sorted(chosen - {""}):
        try:
            found[record_id] = find_record(holder_id, record_id, stored=stored)
        except NotFound:
            continue
    newest = list_records(holder_id, RecordFilter(), cursor=None, limit=_SHOWN, stored=stored).records
    found |= {one.record_id: one for one in newest}
    words = RecordWords(visit, holder_id, stored=stored)
    by_time = sorted(found.values(), key=lambda one: one.order, reverse=True)
    return [(words.row(one, answers=False), one.record_id in chosen) for one in by_time]


def former_words(number: str | None) -> str:
    """Return the number of earlier talks as it is read out; empty for none."""
    return "" if number is None else grouped(number)
